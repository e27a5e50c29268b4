import type { Complexity } from './complexity.ts';
import type { TaskType } from './task-type.ts';

/** A number with the range in which four of five tasks should end. */
export interface Estimated {
  value: number;
  low: number;
  high: number;
}

/** Before anything is measured. Past runs, where there are any, know better. */
export interface Estimate {
  minutes: Estimated;
  /** Cores that are busy while gates run. */
  cpu: Estimated;
  memoryMb: Estimated;
  diskMb: Estimated;
}

export interface Work {
  type: TaskType;
  complexity: Complexity;
  /** How many files it will change; undefined = not known. */
  targets: number | undefined;
  tests: number;
  /** What one checkout takes. */
  checkoutMb: number;
}

/** Minutes of one agent, by complexity; the usual task of each kind ended between half and twice of it. */
const MINUTES: Readonly<Record<Complexity, number>> = { LOW: 6, MEDIUM: 18, HIGH: 45, CRITICAL: 100 };
const KIND: Readonly<Record<TaskType, number>> = {
  feature_implementation: 1,
  bug_fix: 0.9,
  refactoring: 0.9,
  test_coverage: 0.8,
  configuration: 0.6,
  documentation: 0.4,
};
const CORES: Readonly<Record<Complexity, number>> = { LOW: 1, MEDIUM: 1, HIGH: 2, CRITICAL: 2 };
const AGENT_MB = 350;

/**
 * minutes = MINUTES[complexity] × KIND[type] × (1 + 5 % per target file beyond the third, at most ×2); unknown targets
 * widen the range instead. memory = 350 MB for an agent + 250 MB for a gate + 10 MB per test file; disk = twice a
 * checkout (files, and what building adds) + 50 MB of logs and results. A range is value ÷ spread … value × spread, with
 * spread 2 where targets are known and 3 where they are not; memory and disk 1.5.
 */
export function estimateOf({ type, complexity, targets, tests, checkoutMb }: Work): Estimate {
  const files = Math.min(2, 1 + 0.05 * Math.max(0, (targets ?? 0) - 3));
  const minutes = MINUTES[complexity] * KIND[type] * files;
  return {
    minutes: within(minutes, targets === undefined ? 3 : 2),
    cpu: within(CORES[complexity], 2),
    memoryMb: within(AGENT_MB + 250 + 10 * Math.min(tests, 100), 1.5),
    diskMb: within(2 * checkoutMb + 50, 1.5),
  };
}

const within = (value: number, spread: number): Estimated => ({
  value: rounded(value),
  low: rounded(value / spread),
  high: rounded(value * spread),
});

/** To a tenth where that says something. */
export const rounded = (value: number): number => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
