import { criticalPath, estimatedWeight, longestPath } from '../schedule/graph.ts';
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
  const unit = unitOf(state, now) ?? 1;
  return new Map(
    [...state.tasks].map(([id, task]) => [
      id,
      task.settled ? tookOf(state, task, now) : estimatedWeight(task.task) * unit,
    ]),
  );
}

/** From the beginning of a task's first attempt to the end of its last. */
function tookOf(state: RunState, { attempts }: TaskState, now: number): number {
  const [first] = attempts;
  const last = attempts.at(-1)?.stretches.at(-1);
  return first && last ? (last.kind === 'over' ? last.from : endOf(state, now)) - first.startedAt : 0;
}

/** Milliseconds that a small task took, as a mean of those that are done; undefined before one is. */
function unitOf(state: RunState, now: number): number | undefined {
  let [took, weight] = [0, 0];
  for (const task of state.tasks.values()) {
    if (task.settled?.kind !== 'done' || task.attempts.length === 0) continue;
    took += tookOf(state, task, now);
    weight += estimatedWeight(task.task);
  }
  return took > 0 ? took / weight : undefined;
}

/**
 * When the run should end, by what its tasks took so far: no sooner than the longest chain that is left, nor than all
 * that is left shared out among the agents. Undefined before a task is done, and when nothing goes on.
 */
export function expectedEnd(state: RunState, now: number): number | undefined {
  const unit = unitOf(state, now);
  if (unit === undefined || state.ended || state.paused || state.frontier.unfinished === 0) return undefined;
  const left = new Map(
    [...state.tasks].map(([id, task]) => [
      id,
      isOut(state, task) ? 0 : leftOf(task, estimatedWeight(task.task) * unit, now),
    ]),
  );
  let all = 0;
  for (const one of left.values()) all += one;
  const lengths = criticalPath(state.plan, ({ id }) => left.get(id) ?? 0);
  let chain = 0;
  for (const length of lengths.values()) chain = Math.max(chain, length);
  return now + Math.max(chain, all / state.config.limits.agents);
}

const isOut = (state: RunState, { task, settled }: TaskState): boolean =>
  settled !== undefined || state.frontier.isBlocked(task.id);

/** What is under way for longer than it should is about to end. */
const leftOf = ({ attempts }: TaskState, weight: number, now: number): number => {
  const last = attempts.at(-1);
  return last && last.stretches.at(-1)?.kind !== 'over' ? Math.max(0, weight - (now - last.startedAt)) : weight;
};
