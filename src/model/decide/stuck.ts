import type { AttemptFailure } from '../run/event.ts';
import { failureKey } from '../run/failure-key.ts';
import type { Attempt, RunState, TaskState } from '../run/state.ts';

/**
 * Whether a task is getting nowhere by trying again, in words for a person and for the agent; undefined when it is not.
 * Attempts before a person's last word on the task do not count, and neither do failures that were not its own.
 */
export function stuckness(
  state: RunState,
  task: TaskState,
  attempt: Attempt,
  failure: AttemptFailure,
): string | undefined {
  const { stuck: limit } = state.config.limits;
  if (limit === undefined || failure.type !== 'fixable' || failure.kind === 'rejected') return undefined;
  // It was tried again and again within the attempt already.
  if (failure.kind === 'noEffect') return lowerFirst(failure.message);
  const former = ownFailures(task, attempt);
  return sameAgain(former, failure, limit) ?? circular(former, attempt);
}

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1).replace(/\.$/, '')}`;

/** Ended attempts that failed by their own fault, oldest first. */
export const ownFailures = (task: TaskState, before: Attempt): readonly Failed[] =>
  task.attempts.flatMap((attempt) => {
    const { stage, number } = attempt;
    if (number <= task.countsFrom || number >= before.number || stage.at !== 'ended') return [];
    return stage.failure.type === 'fixable' ? [{ attempt, failure: stage.failure }] : [];
  });

interface Failed {
  attempt: Attempt;
  failure: AttemptFailure;
}

function sameAgain(former: readonly Failed[], failure: AttemptFailure, limit: number): string | undefined {
  const key = failureKey(failure);
  const last = former.slice(-(limit - 1));
  if (last.length < limit - 1 || last.some((one) => failureKey(one.failure) !== key)) return undefined;
  return limit === 1 ? 'it failed' : `the same failure ${limit} times in a row`;
}

/** The result is what an attempt before the last one had made already; that the last one made it too is `sameAgain`'s. */
function circular(former: readonly Failed[], { result }: Attempt): string | undefined {
  const tree = result?.tree;
  const same = former.slice(0, -1).find(({ attempt }) => tree !== undefined && attempt.result?.tree === tree);
  return same && `its result is that of attempt ${same.attempt.number} again`;
}
