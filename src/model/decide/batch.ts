import { hasPassed } from '../run/contest.ts';
import { latest, type RunState, type TaskState } from '../run/state.ts';

/**
 * How many tasks may begin for the first time now. Without batches there is no such limit; with them none while one of
 * the batch before is not through, then as many as a batch holds. A further attempt belongs to the batch of the first.
 */
export function openings(state: RunState): number {
  const { batch } = state.config.limits;
  if (batch === undefined) return Infinity;
  return [...state.tasks.values()].some((task) => isUnderWay(state, task)) ? 0 : batch;
}

/**
 * At work, or about to be again. What waits to be merged, or picked, or for an earlier wave that was opened again, may wait for tasks
 * of a later batch.
 */
function isUnderWay({ live, frontier }: RunState, task: TaskState): boolean {
  const attempt = latest(task);
  if (task.settled || !attempt) return false;
  return live.has(attempt) ? attempt.stage.at !== 'queued' && !hasPassed(attempt) : frontier.isReady(task.task.id);
}
