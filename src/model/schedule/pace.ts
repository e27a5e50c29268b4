import type { Task } from '../plan/plan.ts';
import { estimatedWeight } from './graph.ts';

/** Milliseconds that a task took so far, by the estimate it was given. */
export type Pace = Readonly<Partial<Record<NonNullable<Task['estimate']>, number>>>;

export const ESTIMATES = ['small', 'medium', 'large'] as const satisfies readonly (keyof Pace)[];

/** Of an estimate with which nothing was done yet, in proportion to those with which something was. */
export function weightBy(pace: Pace): (task: Task) => number {
  const units = ESTIMATES.flatMap((estimate) => {
    const took = pace[estimate];
    return took === undefined ? [] : took / estimatedWeight({ estimate });
  });
  const unit = units.length === 0 ? 1 : mean(units);
  return (task) => pace[task.estimate ?? 'medium'] ?? estimatedWeight(task) * unit;
}

/**
 * By what tasks should take, milliseconds, by their id. Of a task of which nothing is known, by its estimate, in proportion
 * to those of which something is.
 */
export function weightIn(times: ReadonlyMap<string, number>, tasks: readonly Task[]): (task: Task) => number {
  const units = tasks.flatMap((task) => {
    const time = times.get(task.id);
    return time === undefined ? [] : time / estimatedWeight(task);
  });
  const unit = units.length === 0 ? 1 : mean(units);
  return (task) => times.get(task.id) ?? estimatedWeight(task) * unit;
}

/** Of at least one number. */
export const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
