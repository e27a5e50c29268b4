import { type Planned, type PlanTimes, timesOfPlan } from '../../analysis/plan-times.ts';
import type { Took } from '../../analysis/measured.ts';
import type { Repository } from '../../git/repository.ts';
import { type PastRun, pastRunOf } from '../../model/shown/history.ts';
import type { RunState } from '../../model/run/state.ts';
import { listRuns, readRun } from '../runs.ts';
import type { RunRef } from '../session.ts';
import { measuredIn, RUNS } from './took.ts';

/** How long a plan should take, by what the journals of earlier runs say of tasks like its own. */
export const expectedTimes = async (repository: Repository, planned: Planned, besides?: string): Promise<PlanTimes> =>
  timesOfPlan(planned, await measuredTasks(repository, besides));

/** What the tasks of the last runs took; `besides`: a run that is not asked. */
export const measuredTasks = async (repository: Repository, besides?: string): Promise<Took[]> =>
  measuredIn((await listRuns(repository)).filter(({ run }) => run !== besides));

/** The newest run of each plan among the last ones that were approved and do what a plan says, oldest first. */
export async function newestOfPlans(repository: Repository): Promise<RunRef[]> {
  const newest = new Map<string, RunRef>();
  for await (const { ref, state } of lastRuns(repository)) {
    newest.delete(state.planFile);
    newest.set(state.planFile, ref);
  }
  return [...newest.values()];
}

/** What came of the last runs that were approved and do what a plan says, oldest first. */
export async function pastRuns(repository: Repository): Promise<PastRun[]> {
  const past: PastRun[] = [];
  for await (const { state } of lastRuns(repository)) past.push(pastRunOf(state, Date.now()));
  return past;
}

/** One after the other: each may be large, and only what is told of it stays. */
async function* lastRuns(repository: Repository): AsyncGenerator<{ ref: RunRef; state: RunState }> {
  for (const ref of (await listRuns(repository)).slice(-RUNS)) {
    const read = await readRun(ref);
    if (read.ok && read.value.approval.kind === 'given' && !read.value.planning) yield { ref, state: read.value };
  }
}
