/**
 * How long something may take, as far as that is known: log-normal, as the times of people's and agents' work are. Half of
 * it ends within `p50`, nine of ten within `p90`.
 */
export interface Duration {
  /** Milliseconds. */
  p50: number;
  /** How much one differs from the next: the standard deviation of the logarithm. */
  spread: number;
  /** The same of `p50` itself, which is not known for certain either. */
  doubt: number;
  /** What is wrong with `p50` is wrong with that of all of a group. */
  group: string;
}

/** The 0.9 quantile of the standard normal distribution. */
export const Z90 = 1.2816;

/** What nine of ten should end within, milliseconds. */
export const p90 = ({ p50, spread, doubt }: Duration): number => p50 * Math.exp(Z90 * Math.hypot(spread, doubt));

/**
 * The duration of the next one, by the logarithms of what others took, to be added to that of `stated`. A few of them say
 * little of how much they differ: `prior` is what is expected of that, and counts as two of them. At least one is needed.
 */
export function durationOf(
  logs: readonly number[],
  { stated, prior, group }: { stated: number; prior: number; group: string },
): Duration {
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  const spread = Math.sqrt((squares + 2 * prior ** 2) / (logs.length - 1 + 2));
  return { p50: stated * Math.exp(mean), spread, doubt: spread / Math.sqrt(logs.length), group };
}
