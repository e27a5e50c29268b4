import { join } from 'node:path';
import * as vscode from 'vscode';
import { gateTree } from '../../engine/places.ts';
import type { RunSession } from '../../engine/session.ts';
import { type GateRun, latestRuns } from '../../model/gate.ts';
import type { Checks } from '../../model/shown/checks.ts';
import { reviewWords } from '../../model/review.ts';
import { at, type Problem } from '../../model/text/problem.ts';
import { type Attempt, keyOf, type RunState, type TaskState } from '../../model/run/state.ts';
import { diagnosticOf } from './diagnostic.ts';
import { addressOf } from '../diff.ts';
import type { Forges } from '../forges.ts';
import type { Runs } from '../runs.ts';
import { Throttled } from '../throttled.ts';

/** The Problems panel: what gates, and checks on a forge, found at file and line of the tree that failed, until they pass. */
export class GateProblems implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #forges: Forges;
  readonly #found = vscode.languages.createDiagnosticCollection('orchestrate');
  readonly #projector = new Throttled(() => this.#draw(), 250);
  readonly #listening: vscode.Disposable[];
  /** What each diagnostic on the screen was made of. */
  readonly #placed = new WeakMap<vscode.Diagnostic, Placed>();
  #looks = '';

  constructor(runs: Runs, forges: Forges) {
    this.#runs = runs;
    this.#forges = forges;
    const events = [runs.onDidChange, runs.onDidList, forges.onDidChange];
    this.#listening = events.map((event) => event(() => this.#projector.ask()));
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#found]) one.dispose();
    this.#projector[Symbol.dispose]();
  }

  /** Undefined for what is not of a gate. */
  placedAs(diagnostic: vscode.Diagnostic): Placed | undefined {
    return this.#placed.get(diagnostic);
  }

  #ofChecks({ run, checks }: { run: string; checks: Checks }): Placed[] {
    const session = this.#runs.find(run);
    return session ? checkProblems(session, checks) : [];
  }

  #draw(): void {
    const ofGates = this.#runs.sessions.slice(0, 1).flatMap(problemsOf);
    const found = [...ofGates, ...this.#forges.all.flatMap((known) => this.#ofChecks(known))];
    const looks = JSON.stringify(found);
    if (looks === this.#looks) return;
    this.#looks = looks;
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const one of found) {
      const [uri, diagnostic] = [one.uri.toString(), diagnosticOf(one.problem)];
      this.#placed.set(diagnostic, one);
      byFile.set(uri, [...(byFile.get(uri) ?? []), diagnostic]);
    }
    this.#found.clear();
    for (const [uri, diagnostics] of byFile) this.#found.set(vscode.Uri.parse(uri), diagnostics);
  }
}

/** In the commit that was checked; what names no file stands at the plan. */
function checkProblems({ state }: RunSession, { commit, all }: Checks): Placed[] {
  const { run } = state;
  const plan = vscode.Uri.file(join(state.root, state.planFile));
  return all.flatMap(({ problems }) =>
    problems.map((problem) => ({
      run,
      uri: problem.file === undefined ? plan : addressOf(problem.file, commit),
      problem: problem.file === undefined ? { ...problem, range: at(1) } : problem,
    })),
  );
}

/** A problem, the file it is in, and whose it is: a task's, or the candidate's. */
export interface Placed {
  run: string;
  task?: string;
  uri: vscode.Uri;
  problem: Problem;
}

/** Where a file of the tree that a gate ran on can be looked at. */
type Tree = (file: string) => vscode.Uri;

/** What stands wrong now: per task and gate the last run that says no, unless the task is over in another way. */
export function problemsOf({ state }: RunSession): Placed[] {
  const tasks = [...state.tasks.values()].flatMap((task) => taskProblems(state, task));
  return [...tasks, ...candidateProblems(state)];
}

/** A reviewer's own tree is gone by then: what it looked at is in git. */
function candidateProblems(state: RunState): Placed[] {
  const { runs, builds, members } = state.candidate ?? { runs: new Map<string, Map<string, GateRun[]>>() };
  const all = [...runs.values()].flatMap((byGate) => [...byGate.values()].flat());
  const built = members && builds?.get(keyOf(members));
  const commit = built && 'commit' in built ? built.commit : state.integration;
  return latestRuns(all).flatMap((run) =>
    placed(state, run, run.review ? (file) => addressOf(file, commit) : folder(gateTree(state))),
  );
}

function taskProblems(state: RunState, task: TaskState): Placed[] {
  if (task.settled?.kind === 'done' || task.settled?.kind === 'skipped') return [];
  const last = new Map<string, { run: GateRun; attempt: Attempt }>();
  for (const attempt of task.attempts) {
    for (const run of runsOf(attempt)) last.set(run.gate, { run, attempt });
    // It waits for its merge with all of its gates green.
    if (attempt.stage.at === 'queued') last.clear();
  }
  return [...last.values()].flatMap(({ run, attempt }) => placed(state, run, treeOf(attempt, task), task));
}

/** Its gates on its own tree, and the one that was red on it merged with others. */
function runsOf({ gates, stage }: Attempt): readonly GateRun[] {
  const failure = stage.at === 'ended' ? stage.failure : undefined;
  return failure?.kind === 'together' ? [...gates, failure.run] : gates;
}

/** Its worktree; when that is gone, the one of the attempt that goes on with its change; else what it left in git. */
function treeOf(attempt: Attempt, { attempts }: TaskState): Tree {
  const there = [attempt, ...attempts.toReversed()].find(
    ({ worktree, path }) => worktree === 'there' && path !== undefined,
  );
  if (there?.path !== undefined) return folder(there.path);
  return (file) => addressOf(file, attempt.result?.commit ?? attempt.base);
}

const folder =
  (path: string): Tree =>
  (file) =>
    vscode.Uri.file(join(path, file));

/** A gate that names no place is shown at the plan: at least it is somewhere. */
function placed(state: RunState, run: GateRun, tree: Tree, task?: TaskState): Placed[] {
  if (run.result === 'passed') return [];
  const source = `gate ${run.gate}`;
  const about = task ? `${task.task.title}: ` : '';
  const whose = { run: state.run, ...(task ? { task: task.task.id } : {}) };
  const plan = vscode.Uri.file(join(state.root, state.planFile));
  const found = run.problems.map((problem) =>
    problem.file === undefined
      ? { ...whose, uri: plan, problem: { ...problem, source, message: about + problem.message } }
      : { ...whose, uri: tree(problem.file), problem: { ...problem, source } },
  );
  if (found.some(({ problem }) => problem.severity === 'error')) return found;
  const problem: Problem = { range: at(1), severity: 'error', message: about + wordsOf(run), source };
  return [...found, { ...whose, uri: plan, problem }];
}

function wordsOf({ gate, result, exitCode, tail, review }: GateRun): string {
  if (review) return `${gate}: ${reviewWords(review)}`;
  const last = tail.trim().split('\n').at(-1) ?? '';
  const what = result === 'error' ? 'could not run' : `failed with exit code ${exitCode ?? '?'}`;
  return `gate ${gate} ${what}${last ? `: ${last}` : ''}`;
}
