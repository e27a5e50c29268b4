import type { Usage } from '../run/job.ts';
import { spentByRole, spentInRun } from '../crew/spending.ts';
import type { AttemptFailure } from '../run/event.ts';
import { failureWords } from '../shown/failure-words.ts';
import { measure, type Measures } from '../shown/measure.ts';
import type { Attempt, RunState, TaskState } from '../run/state.ts';
import { type Bar, barsOf } from '../run/timeline.ts';

/** Where the time of a run went. Times are milliseconds. */
export interface Metrics extends Measures {
  waves: readonly WaveTimes[];
  /** Agents that were at work at the same moment; of so many that may be. */
  together: { most: number; limit: number };
  /** What attempts failed for that others followed, one for each. */
  retried: readonly string[];
  spent?: Usage;
  /** By role, the dearest first. */
  spentBy: readonly (readonly [string, Usage])[];
}

/** Of the tasks of a wave that began. */
export interface WaveTimes {
  wave: number;
  tasks: number;
  /** From the beginning of its first attempt to the end of its last. */
  took: number;
  /** Sums over all attempts, side by side or not. */
  by: Readonly<Record<Bar['kind'], number>>;
  attempts: number;
  /** Attempts that failed and were followed by another. */
  retries: number;
}

export function metricsOf(state: RunState, now: number): Metrics {
  const tasks = [...state.tasks.values()];
  const begun = tasks.filter(({ attempts }) => attempts.length > 0);
  const spent = spentInRun(state);
  return {
    ...measure(state, now),
    waves: [...new Set(begun.map(({ wave }) => wave))]
      .toSorted((a, b) => a - b)
      .map((wave) =>
        timesOf(
          state,
          begun.filter((task) => task.wave === wave),
          now,
        ),
      ),
    together: { most: mostTogether(agentBars(state, now)), limit: state.config.limits.agents },
    retried: begun.flatMap(({ attempts }) => attempts.flatMap(failureOf)).map(failureWords),
    ...(spent ? { spent } : {}),
    spentBy: spentByRole(state),
  };
}

function timesOf(state: RunState, tasks: readonly TaskState[], now: number): WaveTimes {
  const attempts = tasks.flatMap((task) => task.attempts);
  const bars = attempts.flatMap((attempt) => barsOf(state, attempt, now));
  const by = { start: 0, agent: 0, gate: 0, queue: 0, person: 0 };
  let [first, last] = [Infinity, 0];
  for (const { kind, from, to } of bars) {
    by[kind] += to - from;
    first = Math.min(first, from);
    last = Math.max(last, to);
  }
  return {
    wave: tasks[0]?.wave ?? 0,
    tasks: tasks.length,
    took: Math.max(0, last - first),
    by,
    attempts: attempts.length,
    retries: attempts.flatMap(failureOf).length,
  };
}

/** Why it failed, where another attempt followed for it. */
function failureOf({ stage }: Attempt): AttemptFailure[] {
  const isFollowed = stage.at === 'ended' && (stage.next.kind === 'retry' || stage.next.kind === 'revision');
  return isFollowed ? [stage.failure] : [];
}

const agentBars = (state: RunState, now: number): Bar[] =>
  [...state.tasks.values()]
    .filter(({ task }) => state.agents[task.id]?.manual !== true)
    .flatMap(({ attempts }) => attempts.flatMap((attempt) => barsOf(state, attempt, now)))
    .filter(({ kind, from, to }) => kind === 'agent' && to > from);

/** One that ends where another begins was not beside it. */
function mostTogether(bars: readonly Bar[]): number {
  const steps = bars.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  let [now, most] = [0, 0];
  for (const { by } of steps.toSorted((a, b) => a.at - b.at || a.by - b.by)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
