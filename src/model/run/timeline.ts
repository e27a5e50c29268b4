import type { Task } from '../plan/plan.ts';
import { estimatedWeight, longestPath } from '../schedule/graph.ts';
import { spanOf } from '../schedule/makespan.ts';
import type { Attempt, RunState, StretchKind, TaskState } from './state.ts';
import { nodesOf } from './transitions.ts';

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

type Weight = (task: Task) => number;

/** How much of a weight took a millisecond, by what is done; undefined before anything is. */
function unitOf(state: RunState, now: number, weight: Weight): number | undefined {
  let [took, weighed] = [0, 0];
  for (const task of state.tasks.values()) {
    if (task.settled?.kind !== 'done' || task.attempts.length === 0) continue;
    took += workOf(state, task, now);
    weighed += weight(task.task);
  }
  return took > 0 && weighed > 0 ? took / weighed : undefined;
}

/**
 * When the run should end: all that is left, started as a run starts it, where each task takes what half of its kind
 * took (`p50`, milliseconds by task, else its estimate), corrected by what the tasks of this run took so far. Undefined
 * where nothing tells, and when nothing goes on.
 */
export function expectedEnd(state: RunState, now: number, p50?: ReadonlyMap<string, number>): number | undefined {
  const weight: Weight = p50 ? ({ id }) => p50.get(id) ?? 0 : estimatedWeight;
  const unit = unitOf(state, now, weight) ?? (p50 && 1);
  if (unit === undefined || state.ended || state.paused || state.frontier.unfinished === 0) return undefined;
  const left = new Map([...state.tasks].filter(([, task]) => !isOut(state, task)));
  const nodes = nodesOf(left, state.graph).map((node) => ({
    ...node,
    dependencies: node.dependencies.filter((id) => left.has(id)),
  }));
  const { mode, limits } = state.config;
  // Of thousands of tasks, looking for those that conflict costs more than it tells.
  const conflicts = left.size > MANY ? new Map<string, never>() : state.graph.conflicts;
  const took = (id: string): number => {
    const task = left.get(id);
    return task ? leftOf(task, weight(task.task) * unit, now) : 0;
  };
  return now + spanOf({ nodes, barrier: mode === 'waves', conflicts, slots: limits.agents }, took);
}

const MANY = 1_000;

const isOut = (state: RunState, { task, settled }: TaskState): boolean =>
  settled !== undefined || state.frontier.isBlocked(task.id);

/** What is under way for longer than it should is about to end. */
const leftOf = ({ attempts }: TaskState, weight: number, now: number): number => {
  const last = attempts.at(-1);
  return last && last.stretches.at(-1)?.kind !== 'over' ? Math.max(0, weight - (now - last.startedAt)) : weight;
};
