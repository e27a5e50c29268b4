import { latest, type RunState, type TaskState } from '../state.ts';

/**
 * How many tasks may begin for the first time now. Without batches there is no such limit; with them none while one of
 * the batch before is not through, then as many as a batch holds. A further attempt belongs to the batch of the first.
 */
export function openings(state: RunState): number {
  const { batch } = state.config.limits;
  if (batch === undefined) return Infinity;
  return [...state.tasks.values()].some(isUnderWay) ? 0 : batch;
}

/** Begun and neither settled nor waiting to be merged: what waits there may wait for tasks of a later batch. */
const isUnderWay = (task: TaskState): boolean =>
  !task.settled && task.attempts.length > 0 && latest(task)?.stage.at !== 'queued';
