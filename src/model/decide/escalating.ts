import { capText, isOver, leftOf, spentByTask, usageText } from '../crew/spending.ts';
import type { AttemptFailure } from '../run/event.ts';
import { type Attempt, type RunState, taskOf, type TaskState } from '../run/state.ts';
import type { Draft } from './draft.ts';

/** What happens to a task that failed for good is asked of a person. */
export function escalate(draft: Draft, attempt: Attempt, failure: AttemptFailure): void {
  const state = taskOf(draft.state, attempt.task);
  const { task } = state;
  const why = whyAsked(draft.state, state, failure);
  draft.ask({
    id: `escalated:${attempt.task}:${attempt.number}`,
    kind: 'escalated',
    task: attempt.task,
    // What a spent budget has to say is said by then.
    text: `"${task.title}"${why}${failure.kind === 'budget' && why !== '' ? '' : `: ${failure.message}`}`,
    choices: [
      { id: 'retry', label: 'Try again' },
      { id: 'skip', label: 'Go on without it' },
      { id: 'stop', label: 'Stop the run' },
    ],
  });
}

function whyAsked({ config }: RunState, task: TaskState, { kind }: AttemptFailure): string {
  const { stuck, attempts } = task;
  const back = sentBack(task);
  if (kind === 'rejected' && back > 0) return ` was made anew ${back === 1 ? 'once' : `${back} times`}`;
  const cap = config.limits.budget?.task;
  const spent = spentByTask({ attempts });
  if (stuck !== undefined) return ` is stuck (${stuck}), and another way failed too`;
  return cap && spent && isOver(cap, spent) ? ` spent its budget (${usageText(spent)} of ${capText(cap)})` : '';
}

/** How often a person sent it back since their last word on the task. */
export const sentBack = ({ attempts, countsFrom }: TaskState): number =>
  attempts.filter(
    ({ number, stage }) => number > countsFrom && stage.at === 'ended' && stage.failure.kind === 'rejected',
  ).length;

/** No attempt more of a task that spent its cap; a person who says so grants it once more. */
export function hasSpentAll({ config }: RunState, task: TaskState): boolean {
  const left = leftOf(config.limits.budget?.task, task);
  return left?.usd === 0 || left?.tokens === 0;
}
