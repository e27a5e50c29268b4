import type { AttemptFailure } from '../run/event.ts';
import { measure } from './measure.ts';
import type { RunState, TaskState } from '../run/state.ts';

/** What came of a run, in numbers that can be held against those of others. Times are milliseconds. */
export interface PastRun {
  run: string;
  plan: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** `open`: it has not ended. */
  outcome: NonNullable<RunState['ended']>['outcome'] | 'open';
  tasks: number;
  done: number;
  failed: number;
  /** From the approval to the end. */
  wall: number;
  /** How many times as fast as one after the other, and that for each agent that could be at work at once. */
  speedUp?: number;
  efficiency?: number;
  /** Attempts after which another followed because of a failure. */
  retries: number;
  /** Tasks that were merged with their first attempt. */
  atOnce: number;
  /** How often attempts failed for what: `gate test`, `agent`. */
  failures: Readonly<Record<string, number>>;
}

export function pastRunOf(state: RunState, now: number): PastRun {
  const tasks = [...state.tasks.values()];
  const count = (kind: NonNullable<TaskState['settled']>['kind']): number =>
    tasks.filter(({ settled }) => settled?.kind === kind).length;
  const { wall, speedUp } = measure(state, now);
  const failures = tasks.flatMap(failuresOf);
  return {
    run: state.run,
    plan: state.plan.id,
    startedAt: state.startedAt,
    outcome: state.ended?.outcome ?? 'open',
    tasks: tasks.length,
    done: count('done'),
    failed: count('failed'),
    wall,
    ...(speedUp === undefined ? {} : { speedUp, efficiency: speedUp / state.config.limits.agents }),
    retries: failures.filter(({ isFollowed }) => isFollowed).length,
    atOnce: tasks.filter(({ settled, attempts }) => settled?.kind === 'done' && attempts.length === 1).length,
    failures: tally(failures.map(({ of }) => of)),
  };
}

/** Of a task, without what was no failure of it. */
const failuresOf = ({ attempts }: TaskState): { of: string; isFollowed: boolean }[] =>
  attempts.flatMap(({ stage }) => {
    if (stage.at !== 'ended' || stage.next.kind === 'again') return [];
    return [{ of: causeOf(stage.failure), isFollowed: stage.next.kind === 'retry' || stage.next.kind === 'revision' }];
  });

const causeOf = (failure: AttemptFailure): string =>
  failure.kind === 'gate' || failure.kind === 'together' ? `gate ${failure.run.gate}` : failure.kind;

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Something that the last runs did otherwise than all before them. */
export interface Trend {
  of: keyof typeof FIGURES;
  rises: boolean;
  /** Means of the last runs, and of those before. */
  now: number;
  before: number;
  /** What attempts of the last runs failed for most often, where that may be why. */
  mostly?: { cause: string; many: number; of: number };
}

/** What of a run is compared; undefined where it tells nothing of it. */
const FIGURES = {
  retries: ({ retries, tasks }: PastRun): number | undefined => retries / tasks,
  atOnce: ({ atOnce, tasks }: PastRun): number | undefined => atOnce / tasks,
  speedUp: ({ speedUp, tasks }: PastRun): number | undefined => (tasks > 1 ? speedUp : undefined),
};

const LAST = 3;
const LEAST_BEFORE = 4;
const MOST_BEFORE = 8;

/**
 * Where the last three runs all lie beyond every one of the four to eight before them: by chance that is so in one of 35
 * cases at most, and nothing is told that fewer runs would bear. `runs`: oldest first.
 */
export function trendsOf(runs: readonly PastRun[]): Trend[] {
  const ended = runs.filter(({ outcome, tasks }) => tasks > 0 && (outcome === 'merged' || outcome === 'failed'));
  return (Object.keys(FIGURES) as Trend['of'][]).flatMap((of) => trendOf(of, ended) ?? []);
}

function trendOf(of: Trend['of'], runs: readonly PastRun[]): Trend | undefined {
  const told = runs.flatMap((run) => FIGURES[of](run) ?? []).slice(-LAST - MOST_BEFORE);
  const [before, last] = [told.slice(0, -LAST), told.slice(-LAST)];
  if (before.length < LEAST_BEFORE) return undefined;
  const rises = Math.min(...last) > Math.max(...before);
  if (!rises && Math.max(...last) >= Math.min(...before)) return undefined;
  const isWorse = of === 'retries' ? rises : of === 'atOnce' && !rises;
  return { of, rises, now: mean(last), before: mean(before), ...(isWorse ? mostly(runs.slice(-LAST)) : {}) };
}

function mostly(runs: readonly PastRun[]): Pick<Trend, 'mostly'> {
  const all = new Map<string, number>();
  for (const { failures } of runs)
    for (const [cause, many] of Object.entries(failures)) all.set(cause, (all.get(cause) ?? 0) + many);
  const of = [...all.values()].reduce((sum, many) => sum + many, 0);
  const [first] = [...all].toSorted(([, a], [, b]) => b - a);
  return first && first[1] * 2 > of ? { mostly: { cause: first[0], many: first[1], of } } : {};
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** A trend in a sentence. */
export function trendWords({ of, rises, now, before, mostly: most }: Trend): string {
  const words = {
    retries: `Retries ${rises ? 'rise' : 'fall'}: ${now.toFixed(1)} a task over the last three runs, ${before.toFixed(1)} before`,
    atOnce: `${rises ? 'More' : 'Fewer'} tasks are merged with their first attempt: ${share(now)} over the last three runs, ${share(before)} before`,
    speedUp: `The speed-up ${rises ? 'rises' : 'falls'}: ${now.toFixed(1)} over the last three runs, ${before.toFixed(1)} before`,
  };
  return `${words[of]}${most ? `; ${most.many} of ${most.of} failures are of ${most.cause}` : ''}.`;
}

const share = (number: number): string => `${Math.round(number * 100)} %`;
