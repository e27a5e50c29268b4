import { join } from 'node:path';
import * as vscode from 'vscode';
import { gateTree } from '../engine/places.ts';
import type { RunSession } from '../engine/session.ts';
import type { GateRun } from '../model/gate.ts';
import { at, type Problem } from '../model/problem.ts';
import type { TaskState } from '../model/state.ts';
import { diagnosticOf } from './diagnostic.ts';
import type { Runs } from './runs.ts';
import { Throttled } from './throttled.ts';
import { firstLine, latestRuns } from './words.ts';

/** The Problems panel: what gates found, at file and line of the tree that failed, until they pass. */
export class GateProblems implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #found = vscode.languages.createDiagnosticCollection('orchestrate');
  readonly #projector = new Throttled(() => this.#draw(), 250);
  readonly #listening: vscode.Disposable[];
  #looks = '';

  constructor(runs: Runs) {
    this.#runs = runs;
    this.#listening = [runs.onDidChange(() => this.#projector.ask()), runs.onDidList(() => this.#projector.ask())];
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#found]) one.dispose();
    this.#projector[Symbol.dispose]();
  }

  #draw(): void {
    const placed = this.#runs.sessions.slice(0, 1).flatMap(problemsOf);
    const looks = JSON.stringify(placed);
    if (looks === this.#looks) return;
    this.#looks = looks;
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const { path, problem } of placed) byFile.set(path, [...(byFile.get(path) ?? []), diagnosticOf(problem)]);
    this.#found.clear();
    for (const [path, diagnostics] of byFile) this.#found.set(vscode.Uri.file(path), diagnostics);
  }
}

/** A problem and the absolute path of the file it is in. */
export interface Placed {
  path: string;
  problem: Problem;
}

/** What stands wrong now: per task and gate the last run that says no, unless the task is over in another way. */
export function problemsOf(session: RunSession): Placed[] {
  const { state } = session;
  const tasks = [...state.tasks.values()].flatMap((task) => taskProblems(session, task));
  const candidate = [...(state.candidate?.runs.values() ?? [])].flatMap((byGate) => [...byGate.values()].flat());
  return [...tasks, ...latestRuns(candidate).flatMap((run) => placed(session, run, gateTree(state)))];
}

function taskProblems(session: RunSession, task: TaskState): Placed[] {
  if (task.settled?.kind === 'done' || task.settled?.kind === 'skipped') return [];
  const latest = new Map<string, { run: GateRun; tree: string }>();
  for (const attempt of task.attempts) {
    const tree = attempt.worktree === 'there' && attempt.path !== undefined ? attempt.path : session.state.root;
    for (const run of attempt.gates) latest.set(run.gate, { run, tree });
    const failure = attempt.stage.at === 'ended' ? attempt.stage.failure : undefined;
    if (failure?.kind === 'gate' || failure?.kind === 'together')
      latest.set(failure.run.gate, { run: failure.run, tree });
    // It waits for its merge with all of its gates green.
    if (attempt.stage.at === 'queued') latest.clear();
  }
  return [...latest.values()].flatMap(({ run, tree }) => placed(session, run, tree, task));
}

/** A gate that names no place is shown at the plan: at least it is somewhere. */
function placed(session: RunSession, run: GateRun, tree: string, task?: TaskState): Placed[] {
  if (run.result === 'passed') return [];
  const source = `gate ${run.gate}`;
  const about = task ? `${task.task.title}: ` : '';
  const found = run.problems.map((problem) => ({
    path: problem.file === undefined ? planPath(session) : join(tree, problem.file),
    problem: { ...problem, source, message: problem.file === undefined ? about + problem.message : problem.message },
  }));
  if (found.some(({ problem }) => problem.severity === 'error')) return found;
  const lines = run.tail.trim().split('\n');
  const last = firstLine(lines.at(-1) ?? '');
  const message = `${about}gate ${run.gate} ${run.result === 'error' ? 'could not run' : `failed with exit code ${run.exitCode ?? '?'}`}${last ? `: ${last}` : ''}`;
  return [...found, { path: planPath(session), problem: { range: at(1), severity: 'error', message, source } }];
}

const planPath = ({ state }: RunSession): string => join(state.root, state.planFile);
