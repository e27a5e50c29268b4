import { fail, ok, type Result } from '../failure.ts';
import { latestRuns } from '../gate.ts';
import type { Revises } from '../plan/planning.ts';
import { findingOf } from './diagnosis.ts';
import { latest, type RunState, type TaskState } from './state.ts';

/**
 * Which time a plan is made anew, and for what. `earlier`: the runs of the plan and those that made it, oldest first.
 * Fails as `refused` while it is being made, and as `roundsSpent` after `most` rounds since a person approved it.
 */
export function roundAfter(earlier: readonly RunState[], comment: string, most: number): Result<Revises> {
  const open = earlier.find(({ planning, ended }) => planning !== undefined && !ended);
  if (open) {
    const reason = `The plan is being made already, by run ${open.run}: look at what it makes, or cancel it.`;
    return fail({ kind: 'refused', reason });
  }
  const since = Math.max(0, ...earlier.map(approvedAt));
  const former = earlier.findLast((state) => isMade(state) && state.startedAt > since)?.planning?.revises;
  const round = (former?.round ?? 0) + 1;
  if (round > most) return fail({ kind: 'roundsSpent', rounds: most });
  return ok({ round, comments: [...(former?.comments ?? []), comment.trim()] });
}

/** With an approval the rounds begin anew. */
const approvedAt = ({ planning, approval }: RunState): number =>
  !planning && approval.kind === 'given' ? approval.at : 0;

const isMade = ({ planning, ended }: RunState): boolean => planning !== undefined && ended?.outcome === 'merged';

/** What is known of a plan that its planner should know: what its reviewers said, what became of its tasks. */
export function foundOf(earlier: readonly RunState[]): string[] {
  const maker = earlier.findLast(({ planning }) => planning !== undefined);
  const run = earlier.findLast(({ planning }) => planning === undefined);
  return [
    ...(maker ? reviewsOf(maker) : []),
    ...(run ? [...run.tasks.values()].flatMap((task) => fateOf(run, task)) : []),
  ];
}

function reviewsOf({ tasks }: RunState): string[] {
  const gates = [...tasks.values()].flatMap((task) => latest(task)?.gates ?? []);
  return latestRuns(gates).flatMap(({ gate, review, tail }) => (review ? `${gate} says of it: ${tail.trim()}` : []));
}

function fateOf(state: RunState, task: TaskState): string | string[] {
  const {
    task: { id },
    settled,
  } = task;
  if (settled?.kind === 'done') return [`task ${id} is merged`];
  if (settled?.kind === 'skipped') return [`task ${id} was skipped`];
  return findingOf(state, id) ?? [];
}
