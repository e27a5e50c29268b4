import { hash8 } from '../text/names.ts';
import type { RunState, TaskState } from '../run/state.ts';

/** What names a task of a run in everything that is said about it: the same for all of its attempts. */
export const correlationId = (run: string, task: string): string => `${run}.${hash8(run, task)}`;

/** Whether the last answer that came for a task bears its id; undefined where none is asked for, or none has come. */
export function correlated(state: RunState, { task, attempts }: TaskState): boolean | undefined {
  const id = state.agents[task.id]?.correlation;
  const end = attempts.findLast((attempt) => attempt.end !== undefined)?.end;
  if (id === undefined || end?.kind !== 'exited' || end.exit.agent?.kind !== 'succeeded') return undefined;
  return end.exit.agent.summary.includes(id);
}
