import type { AttemptFailure } from '../run/event.ts';
import { contestants, hasPassed, matesOf, pickedBefore } from '../run/contest.ts';
import { type Attempt, latest, taskOf } from '../run/state.ts';
import type { Draft } from './draft.ts';
import { stopAttempt } from './put-down.ts';

/** What passed goes to the queue; where others are at the same task, it waits for them first. */
export function pass(draft: Draft, { task, number }: Attempt, warnings: readonly string[]): void {
  const { contest } = taskOf(draft.state, task).task;
  const type = contest === undefined ? 'attempt.accepted' : 'attempt.passed';
  draft.conclude({ type, task, attempt: number, warnings });
}

/**
 * When nobody is at the task any more, one of the results that passed goes to the queue: the only one, else the one a
 * person picks where the plan asks for that, else the one with the fewest changed lines, then files, then the first in the
 * plan.
 * The others are kept as what a skipped task left is.
 */
export function pick(draft: Draft, attempt: Attempt): void {
  const { state } = draft;
  const open = contestants(state, attempt.task).filter(({ settled }) => !settled);
  const passed = open.flatMap((one) => latest(one) ?? []).filter(hasPassed);
  const picked = passed.find((one) => one.picked);
  // Once for all of them.
  if (passed[0] !== attempt || (!picked && passed.length < open.length)) return;
  if (!picked && passed.length > 1 && taskOf(state, attempt.task).task.pick === 'person') return ask(draft, passed);
  const best = picked ?? smallest(passed);
  for (const other of passed) if (other !== best) draft.failed(other, notPicked(best.task), { kind: 'skip' });
  const { task, number, passed: warnings = [] } = best;
  draft.conclude({ type: 'attempt.accepted', task, attempt: number, warnings });
}

/** Who is still at a task of which another's result was picked. */
export function stopOutdone(draft: Draft): void {
  for (const attempt of draft.state.active) {
    const best = pickedBefore(draft.state, attempt.task);
    if (best) stopAttempt(draft, attempt, { failure: notPicked(best.task.id), next: { kind: 'skip' } });
  }
}

/** Whether others are still at the task, as far as this turn has come: then who fails is only out. */
export function othersAreAtIt({ state, events }: Draft, { task }: Attempt): boolean {
  const out = new Set(
    events.flatMap((event) => (event.type === 'attempt.failed' && ENDING.has(event.next.kind) ? [event.task] : [])),
  );
  return matesOf(state, task).some((one) => !one.settled && !out.has(one.task.id));
}

const ENDING: ReadonlySet<string> = new Set(['skip', 'giveUp']);

const notPicked = (best: string): AttemptFailure => ({
  kind: 'notPicked',
  type: 'transient',
  message: `the result of "${best}" was taken`,
});

const smallest = (passed: readonly Attempt[]): Attempt =>
  passed.reduce((best, one) => (isSmaller(one, best) ? one : best));

const isSmaller = (one: Attempt, other: Attempt): boolean =>
  linesOf(one) === linesOf(other) ? files(one).length < files(other).length : linesOf(one) < linesOf(other);

/** Of a result that was taken by an earlier version nothing is known. */
const linesOf = ({ result }: Attempt): number => result?.lines ?? Infinity;

const files = ({ result }: Attempt): readonly string[] => result?.paths ?? [];

function ask(draft: Draft, passed: readonly Attempt[]): void {
  const { state } = draft;
  const { id: task, contest = task } = taskOf(state, passed[0]?.task ?? '').task;
  draft.ask({
    id: `pick:${contest}:${passed.map(({ number }) => number).join('-')}`,
    kind: 'pick',
    task,
    text: `${passed.length} results of "${contest}" pass their gates: which one is taken?`,
    detail: passed.map((one) => `${one.task}: ${files(one).join(', ')}`).join('\n'),
    choices: passed.map((one) => ({ id: one.task, label: `${taskOf(state, one.task).task.title}: ${many(one)}` })),
  });
}

/** `12 lines in 2 files`. */
function many(attempt: Attempt): string {
  const inFiles = counted(files(attempt).length, 'file');
  const lines = linesOf(attempt);
  return lines === Infinity ? inFiles : `${counted(lines, 'line')} in ${inFiles}`;
}

const counted = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
