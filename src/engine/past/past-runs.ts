import { type Planned, type PlanTimes, timesOfPlan } from '../../analysis/plan-times.ts';
import type { Took } from '../../analysis/measured.ts';
import type { Repository } from '../../git/repository.ts';
import { type PastRun, pastRunOf } from '../../model/run/history.ts';
import type { RunState } from '../../model/run/state.ts';
import { listRuns, readRun } from '../runs.ts';
import type { RunRef } from '../session.ts';
import { measuredIn } from './took.ts';

/** Runs of a repository that are looked at, the last ones. */
const RUNS = 40;

/** How long a plan should take, by what the journals of earlier runs say of tasks like its own. */
export const expectedTimes = async (repository: Repository, planned: Planned, besides?: string): Promise<PlanTimes> =>
  timesOfPlan(planned, await measuredTasks(repository, besides));

/** What the tasks of the last runs took; `besides`: a run that is not asked. */
export const measuredTasks = async (repository: Repository, besides?: string): Promise<Took[]> =>
  measuredIn((await listRuns(repository)).filter(({ run }) => run !== besides));

/** The newest run of each plan among the last ones that were approved and do what a plan says, oldest first. */
export async function newestOfPlans(repository: Repository): Promise<RunRef[]> {
  const newest = new Map<string, RunRef>();
  for (const ref of (await listRuns(repository)).slice(-RUNS).toReversed()) {
    const read = await readRun(ref);
    if (read.ok && isPast(read.value) && !newest.has(read.value.planFile)) newest.set(read.value.planFile, ref);
  }
  return [...newest.values()].toReversed();
}

const isPast = ({ approval, planning }: RunState): boolean => approval.kind === 'given' && !planning;

/** The last runs that were approved and do what a plan says, oldest first; one that makes a plan is none. */
export async function pastRuns(repository: Repository): Promise<PastRun[]> {
  const past: PastRun[] = [];
  // One after the other: each may be large, and only what is told of it stays.
  for (const ref of (await listRuns(repository)).slice(-RUNS)) {
    const read = await readRun(ref);
    if (read.ok && isPast(read.value)) past.push(pastRunOf(read.value, Date.now()));
  }
  return past;
}
