import type { AttemptFailure, Finding, Next } from '../run/event.ts';
import {
  APPROVAL,
  asksPerson,
  compare,
  type Gate,
  type GateRun,
  isReview,
  latestRuns,
  type OnFailure,
} from '../gate.ts';
import { type Attempt, type RunState, taskOf, type TaskState } from '../run/state.ts';
import { hasPassed } from '../run/contest.ts';
import { isStale, takenBack } from '../run/rollback.ts';
import { isUsable } from './baseline.ts';
import { consequence } from './consequence.ts';
import type { Draft } from './draft.ts';
import { escalate, hasSpentAll, sentBack } from './escalating.ts';
import { learnLimit } from './limits.ts';
import { lookAtAttempt } from './looking.ts';
import { wrongWithReport } from './reporting.ts';
import { type Reviewed, reviewAttempt } from './reviewing.ts';
import { givesWaveAnother } from './rollback.ts';
import { othersAreAtIt, pass, pick } from './picking.ts';
import { stuckness } from './stuck.ts';

/** After so many interrupted attempts of one task something is wrong that another attempt will not mend. */
const INTERRUPTIONS = 5;

/** Somebody changed what the whole run stands on: nothing goes on before a person looked. */
const HALTING: ReadonlySet<Finding['kind']> = new Set(['configChanged', 'hooksChanged', 'refsMoved']);
const ESCALATING: ReadonlySet<Finding['kind']> = new Set([
  'headMoved',
  'foreignCommits',
  'nestedRepository',
  'symlinkOutside',
]);
/** The agent is told, and tries again. */
const FIXABLE: readonly Finding['kind'][] = [
  'unreadable',
  'conflictMarkers',
  'criteriaChanged',
  'protectedFile',
  'outsideRole',
];
/** A person may allow it; outsideScope only where it is asked of them. */
const ASKED = ['gateDefining', 'protectedByPerson', 'outsideScope'] as const;

/**
 * Is the attempt's result good enough for the queue? Its worktree, what the agent said, what git found, whether anything changed,
 * the task's gates: in this order, and the first "no" decides.
 */
export function judge(draft: Draft, attempt: Attempt, gates: { free: number }): void {
  const failure =
    gone(attempt) ??
    wrongWithAgent(attempt) ??
    wrongWithReport(draft.state, attempt) ??
    wrongWithResult(draft.state, attempt);
  learnLimit(draft, attempt, failure);
  if (failure) return failAttempt(draft, attempt, failure);
  if (attempt.result?.commit && isStale(draft.state, attempt))
    return draft.failed(attempt, takenBack(true), { kind: 'again' });
  if (hasPassed(attempt)) return pick(draft, attempt);
  if (askFirst(draft, attempt)) return;
  if (attempt.result?.commit) return runGates(draft, attempt, gates);
  pass(draft, attempt, []);
}

export function failAttempt(draft: Draft, attempt: Attempt, failure: AttemptFailure): void {
  const next = spared(draft, attempt, failure, nextAfter(draft, attempt, failure));
  draft.failed(attempt, failure, next);
  if (failure.kind === 'finding' && failure.findings.some(({ kind }) => HALTING.has(kind))) {
    draft.conclude({ type: 'run.paused', reason: `${attempt.task}: ${failure.message}`, halt: true });
  }
  if (next.kind === 'giveUp') giveUp(draft, attempt, failure);
}

/** What becomes of the run, or its wave, where a task failed for good. */
function giveUp(draft: Draft, attempt: Attempt, failure: AttemptFailure): void {
  const task = taskOf(draft.state, attempt.task);
  const onFailure = consequence(draft.state.config, failure);
  const isTheirs = isAskedOf(draft.state, failure) || needsPerson(failure) || failure.kind === 'rejected';
  const asks = isTheirs || hasSpentAll(draft.state, task);
  const again = onFailure === 'rollback' && !asks && givesWaveAnother(draft, attempt);
  if (!again && (asks || task.stuck !== undefined || ASKING.has(onFailure))) escalate(draft, attempt, failure);
  if (onFailure === 'stop') {
    draft.conclude({ type: 'run.paused', reason: `"${attempt.task}" failed: ${failure.message}`, halt: false });
  }
}

/** What happens to a task that failed for good is a person's to say. */
const ASKING: ReadonlySet<OnFailure> = new Set(['pause', 'rollback']);

/**
 * What a plan can do without is skipped, and so holds nothing up; and where others are at the same task, who fails is
 * out: only the last of them is tried again, and who is sent back by a person.
 */
function spared(draft: Draft, attempt: Attempt, { kind }: AttemptFailure, next: Next): Next {
  if (next.kind === 'giveUp' && taskOf(draft.state, attempt.task).task.onFailure === 'skip') return { kind: 'skip' };
  const fails = next.kind === 'giveUp' || (next.kind === 'retry' && next.at === undefined && kind !== 'rejected');
  return fails && othersAreAtIt(draft, attempt) ? { kind: 'skip' } : next;
}

const isAskedOf = ({ config }: RunState, { kind }: AttemptFailure): boolean =>
  kind === 'conflict' && config.onConflict === 'ask';

const needsPerson = ({ type, kind }: AttemptFailure): boolean =>
  type === 'escalate' || type === 'needs_replan' || kind === 'interrupted';

function nextAfter({ state, now }: Draft, attempt: Attempt, failure: AttemptFailure): Next {
  const task = taskOf(state, attempt.task);
  const { limits } = state.config;
  switch (failure.kind) {
    case 'limit':
    case 'cancelled':
      return { kind: 'again' };
    case 'interrupted': {
      const interrupted = task.attempts.filter(
        ({ stage }) => stage.at === 'ended' && stage.failure.kind === 'interrupted',
      );
      return { kind: interrupted.length < INTERRUPTIONS ? 'again' : 'giveUp' };
    }
    case 'conflict':
    case 'together':
      if (isAskedOf(state, failure)) return { kind: 'giveUp' };
      return { kind: task.revisions < limits.conflicts ? 'revision' : 'giveUp' };
    case 'rejected':
      return madeAnew(state, task);
    default:
      break;
  }
  if (needsPerson(failure) || task.retries >= limits.retries || hasSpentAll(state, task)) return { kind: 'giveUp' };
  if (failure.type === 'fixable' && task.stuck !== undefined) return { kind: 'giveUp' };
  const stuck = stuckness(state, task, attempt, failure);
  if (stuck !== undefined) return { kind: 'retry', stuck };
  return failure.type === 'transient' ? { kind: 'retry', at: now + 1000 * 2 ** (task.retries + 1) } : { kind: 'retry' };
}

const madeAnew = (state: RunState, task: TaskState): Next => ({
  kind: sentBack(task) < state.config.planning.rounds && !hasSpentAll(state, task) ? 'retry' : 'giveUp',
});

/** Whatever an agent says whose folder was taken away under it, it is not its fault. */
function gone({ result }: Attempt): AttemptFailure | undefined {
  const finding = result?.findings.find(({ kind }) => kind === 'worktreeGone');
  return finding && { kind: 'interrupted', type: 'transient', message: finding.detail };
}

function wrongWithAgent({ end }: Attempt): AttemptFailure | undefined {
  if (!end) return undefined;
  if (end.kind === 'interrupted') return { kind: 'interrupted', type: 'transient', message: end.reason };
  const { exit } = end;
  if (exit.stopped === 'cancelled') return { kind: 'cancelled', type: 'transient', message: 'cancelled' };
  if (exit.stopped)
    return {
      kind: exit.stopped,
      type: exit.stopped === 'budget' ? 'escalate' : 'fixable',
      message: exit.because ?? 'ran longer than its limit',
    };
  if (exit.spawnError !== undefined) {
    return { kind: 'agent', type: 'escalate', message: `could not be started: ${exit.spawnError}` };
  }
  if (exit.agent?.kind === 'failed') {
    const { type, message, limit, resetAt } = exit.agent;
    if (limit) return { kind: 'limit', type, message, ...(resetAt === undefined ? {} : { resetAt }) };
    return { kind: 'agent', type, message };
  }
  return undefined;
}

function wrongWithResult(state: RunState, attempt: Attempt): AttemptFailure | undefined {
  const findings = attempt.result?.findings ?? [];
  const halting = findings.filter(({ kind }) => HALTING.has(kind));
  if (halting.length > 0) return found(halting, 'escalate');
  const escalating = findings.filter(({ kind }) => ESCALATING.has(kind));
  if (escalating.length > 0) return found(escalating, 'escalate');
  const changed = changedByLooking(state, attempt);
  if (changed) return found([changed], 'fixable');
  const blocked = state.config.scope === 'block' ? [...FIXABLE, 'outsideScope'] : FIXABLE;
  const fixable = findings.filter(({ kind }) => blocked.includes(kind));
  if (fixable.length > 0) return found(fixable, 'fixable');
  if (attempt.refused !== undefined) return { kind: 'rejected', type: 'fixable', message: attempt.refused };
  if (attempt.result?.commit || taskOf(state, attempt.task).task.produces === 'report') return undefined;
  return { kind: 'nothingChanged', type: 'fixable', message: 'nothing was changed: nothing changed is not done' };
}

/** A role that only looks: what it changed beside the files its task names is thrown away, and it is asked again. */
function changedByLooking(state: RunState, { task, result }: Attempt): Finding | undefined {
  if (!state.agents[task]?.readOnly || !result?.commit) return undefined;
  const outside = result.findings.find(({ kind }) => kind === 'outsideScope');
  const paths = taskOf(state, task).task.scope === undefined ? result.paths : (outside?.paths ?? []);
  const detail = `Its role is to look and report, and it changed ${paths.join(', ')}: nothing of that is taken`;
  return paths.length === 0 ? undefined : { kind: 'reportChanged', paths, detail };
}

const found = (findings: readonly Finding[], type: AttemptFailure['type']): AttemptFailure => ({
  kind: 'finding',
  type,
  message: findings.map(({ detail }) => detail).join('; '),
  findings,
});

/** A change to what decides about changes, to what a person keeps, or outside the declared scope is theirs to allow. */
function askFirst(draft: Draft, attempt: Attempt): boolean {
  const asks = ASKED.filter((kind) => kind !== 'outsideScope' || draft.state.config.scope === 'ask');
  const open = (attempt.result?.findings ?? []).flatMap((finding) => {
    const kind = asks.find((one) => one === finding.kind);
    return kind === undefined || attempt.waived.has(kind) ? [] : [{ ...finding, kind }];
  });
  for (const { kind, detail, paths } of open) {
    draft.ask({
      id: `${kind}:${attempt.task}:${attempt.number}`,
      kind,
      task: attempt.task,
      text: `"${taskOf(draft.state, attempt.task).task.title}": ${detail} (${paths.join(', ')})`,
      choices: [
        { id: 'accept', label: 'Accept the change' },
        { id: 'reject', label: 'Reject it' },
      ],
    });
  }
  return open.length > 0;
}

function runGates(draft: Draft, attempt: Attempt, gates: { free: number }): void {
  const { task, number } = attempt;
  for (const gate of taskGates(draft.state, attempt)) {
    if (attempt.waivedGates.has(gate.name)) continue;
    const next = stand(draft, attempt, gate);
    if (next.do === 'pass') continue;
    if (next.do === 'fail') return failAttempt(draft, attempt, next.failure);
    if (next.do === 'wait' || gates.free <= 0) return;
    gates.free -= 1;
    return draft.job({ kind: 'taskGate', gate: gate.name, task, attempt: number });
  }
  const { findings } = attempt.result ?? { findings: [] };
  const warnings = findings.filter(({ kind }) => !attempt.waived.has(kind)).map(({ detail }) => detail);
  warnings.push(...latestRuns(attempt.gates).flatMap(commentsOf));
  pass(draft, attempt, warnings);
}

/** What a reviewer says beside its approval: it passes, and is kept. */
const commentsOf = ({ gate, result, review, problems }: GateRun): string[] =>
  review && result === 'passed'
    ? problems.map(
        ({ file, range, message }) => `${gate}: ${file === undefined ? '' : `${file}:${range.line}: `}${message}`,
      )
    : [];

function stand(draft: Draft, attempt: Attempt, gate: Gate): Reviewed {
  if (isReview(gate)) return reviewAttempt(draft, attempt, gate);
  return asksPerson(gate) ? lookAtAttempt(draft, attempt, gate) : tested(draft.state, attempt, gate);
}

function tested(state: RunState, { gates }: Attempt, { name }: Gate): Reviewed {
  const runs = gates.filter((run) => run.gate === name);
  const verdict = verdictOf(state, runs);
  if (verdict === 'green') return { do: 'pass' };
  const run = runs.at(-1);
  if (verdict === 'unknown' || !run) return { do: 'begin' };
  return { do: 'fail', failure: { kind: 'gate', type: 'fixable', message: saying(run), run } };
}

/**
 * The gates on an attempt's own tree: those the task names, else all that are configured for tasks. The approval of a
 * person stands for none of these.
 */
function taskGates(state: RunState, { task }: Attempt): readonly Gate[] {
  const { gates: named } = taskOf(state, task).task;
  const isAll = !named || (named.length > 0 && named.every((name) => name === APPROVAL.name));
  return state.config.gates.filter(
    ({ name, on }) => (named?.includes(name) || (isAll && on.includes('task'))) && isUsable(state, name),
  );
}

/** One that could not run is run once more before the task is blamed. */
function verdictOf(state: RunState, runs: readonly GateRun[]): 'green' | 'red' | 'unknown' {
  const run = runs.at(-1);
  if (!run) return 'unknown';
  const verdict = compare(run, state.baselines.get(run.gate));
  if (verdict === 'green' || verdict === 'noWorse') return 'green';
  return verdict === 'error' && runs.length < 2 ? 'unknown' : 'red';
}

const saying = (run: GateRun): string => {
  const [first] = run.problems;
  const place = first?.file === undefined ? '' : ` at ${first.file}:${first.range.line}`;
  return `gate "${run.gate}" is red${place}${first ? `: ${first.message}` : ''}`;
};
