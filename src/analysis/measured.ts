import { type Duration, durationOf, p90, Z90 } from '../model/schedule/duration.ts';
import type { Complexity } from './complexity.ts';
import type { Estimated } from './estimate.ts';
import type { TaskType } from './task-type.ts';

/** What tells beforehand how long a task takes. */
export interface Kind {
  type: TaskType;
  complexity: Complexity;
  /** The adapter that does it; absent = not known. */
  agent?: string;
  /** The estimate that nothing was measured for. */
  minutes: Estimated;
}

/** A task that was done, with the time of all its attempts and their gates, milliseconds; not that of people, or in a queue. */
export interface Took {
  kind: Kind;
  took: number;
  /** When its run was approved, and when it was done, epoch milliseconds. */
  toldAt: number;
  doneAt: number;
}

/** What an estimate is made from, the most like it first. */
const LEVELS = [
  {
    by: 'tasks of its type and complexity by its agent',
    key: ({ type, complexity, agent }: Kind) => agent && `${agent} ${complexity} ${type}`,
  },
  {
    by: 'tasks of its complexity by its agent',
    key: ({ complexity, agent }: Kind) => agent && `${agent} ${complexity}`,
  },
  { by: 'tasks of its agent', key: ({ agent }: Kind) => agent },
  { by: 'tasks of its type and complexity', key: ({ type, complexity }: Kind) => `: ${complexity} ${type}` },
  { by: 'tasks of any kind', key: () => ':' },
] as const;

/** How long a task should take, and by what that is said. */
export interface TaskTimes {
  duration: Duration;
  by: (typeof LEVELS)[number]['by'] | 'its words';
  /** How many were measured of those. */
  samples: number;
}

/** Fewer say nothing. */
const LEAST = 3;

/**
 * Tells how long tasks should take: the estimate by their words, times what that was wrong by for tasks that are most like
 * it. Where too few of those were measured, the next more general; where none, the estimate as it is.
 */
export function estimator(past: readonly Took[]): (kind: Kind) => TaskTimes {
  const logs = new Map<string, number[]>();
  for (const { kind, took } of past)
    for (const { key } of LEVELS) {
      const name = key(kind);
      if (name === undefined) continue;
      const known = logs.get(name) ?? [];
      known.push(Math.log(Math.max(1, took) / stated(kind)));
      logs.set(name, known);
    }
  return (kind) => {
    for (const { by, key } of LEVELS) {
      const group = key(kind);
      const known = group === undefined ? undefined : logs.get(group);
      if (group === undefined || known === undefined || known.length < LEAST) continue;
      const duration = durationOf(known, { stated: stated(kind), prior: spreadOf(kind) * Math.SQRT1_2, group });
      return { duration, by, samples: known.length };
    }
    // As much of it may be wrong for all tasks as for each.
    const spread = spreadOf(kind) * Math.SQRT1_2;
    return { duration: { p50: stated(kind), spread, doubt: spread, group: '' }, by: 'its words', samples: 0 };
  };
}

/** Milliseconds; never 0. */
const stated = ({ minutes }: Kind): number => Math.max(0.1, minutes.value) * 60_000;

const spreadOf = ({ minutes: { value, high } }: Kind): number =>
  Math.log(Math.max(1.1, high / Math.max(0.1, value))) / Z90;

/** How often what was estimated was so. */
export interface Accuracy {
  /** The last tasks that were measured. */
  of: number;
  /** Those of them that ended within what nine of ten should. */
  within: number;
}

const LAST = 12;

/** Of the last tasks, how many ended within what was, or would have been, said of them when their run was approved. */
export function accuracyOf(past: readonly Took[]): Accuracy {
  const last = past.toSorted((a, b) => b.doneAt - a.doneAt).slice(0, LAST);
  const estimators = new Map<number, ReturnType<typeof estimator>>();
  const within = last.filter(({ kind, took, toldAt }) => {
    const estimate = estimators.get(toldAt) ?? estimator(past.filter(({ doneAt }) => doneAt <= toldAt));
    estimators.set(toldAt, estimate);
    return took <= p90(estimate(kind).duration);
  });
  return { of: last.length, within: within.length };
}
