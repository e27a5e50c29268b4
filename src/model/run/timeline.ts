import type { Task } from '../plan/plan.ts';
import { estimatedWeight, longestPath } from '../schedule/graph.ts';
import type { Attempt, RunState, StretchKind, TaskState } from './state.ts';

/** Time of one attempt that went to one thing, epoch milliseconds; `isOpen`: it goes on. */
export interface Bar {
  kind: Exclude<StretchKind, 'over'>;
  from: number;
  to: number;
  isOpen: boolean;
}

/** What the time of an attempt went to until `now`, oldest first; nothing of it after the run's end. */
export function barsOf(state: RunState, { stretches }: Attempt, now: number): Bar[] {
  const end = endOf(state, now);
  return stretches.flatMap(({ kind, from }, index): Bar[] => {
    if (kind === 'over') return [];
    const next = stretches[index + 1]?.from;
    const to = Math.max(from, Math.min(next ?? end, end));
    return [{ kind, from: Math.min(from, to), to, isOpen: next === undefined && !state.ended }];
  });
}

/** The end of what can be told: the run's, or the moment of looking, which is never before the last event. */
export const endOf = ({ ended, at }: RunState, now: number): number => ended?.at ?? Math.max(now, at);

/**
 * The chain of tasks that decides how long the run takes: each waits for the one before it, what is over weighs what it
 * took, and the rest what it is estimated at. Empty where no task waits for another.
 */
export function longestChain(state: RunState, now: number): readonly string[] {
  const weights = weightsOf(state, now);
  return longestPath(state.plan, ({ id }) => weights.get(id) ?? 0);
}

/** What each task took or will take, milliseconds where one is over, else in the unit of a small task. */
function weightsOf(state: RunState, now: number): Map<string, number> {
  const unit = unitOf(state, now, estimatedWeight) ?? 1;
  return new Map(
    [...state.tasks].map(([id, task]) => [
      id,
      task.settled ? workOf(state, task, now) : estimatedWeight(task.task) * unit,
    ]),
  );
}

/** What a task took of worktrees, agents and gates, in all attempts; not of people, and not of waiting for the merge. */
export const workOf = (state: RunState, { attempts }: TaskState, now: number): number =>
  attempts
    .flatMap((attempt) => barsOf(state, attempt, now))
    .reduce((sum, { kind, from, to }) => (kind === 'person' || kind === 'queue' ? sum : sum + to - from), 0);

/** How much work a task is, in a unit that all tasks have in common. */
export type Weight = (task: Task) => number;

/** How much of a weight took a millisecond, by what is done; undefined before anything is. */
export function unitOf(state: RunState, now: number, weight: Weight): number | undefined {
  let [took, weighed] = [0, 0];
  for (const task of state.tasks.values()) {
    if (task.settled?.kind !== 'done' || task.attempts.length === 0) continue;
    took += workOf(state, task, now);
    weighed += weight(task.task);
  }
  return took > 0 && weighed > 0 ? took / weighed : undefined;
}
