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

/** Of at least one number. */
export const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
