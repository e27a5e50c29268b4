import { kindOf, type Planned, type PlanTimes, timesOfPlan } from '../analysis/plan-times.ts';
import type { Took } from '../analysis/measured.ts';
import type { Repository } from '../git/repository.ts';
import { type PastRun, pastRunOf } from '../model/run/history.ts';
import { workOf } from '../model/run/timeline.ts';
import type { RunState } from '../model/run/state.ts';
import { listRuns, readRun } from './runs.ts';

/** Runs of a repository that are looked at, the last ones. */
const RUNS = 40;

/** How long a plan should take, by what the journals of earlier runs say of tasks like its own. */
export const expectedTimes = async (repository: Repository, planned: Planned, besides?: string): Promise<PlanTimes> =>
  timesOfPlan(planned, await measuredTasks(repository, besides));

/** What the tasks of the last runs took, as their journals say. A run that cannot be read says nothing. */
export async function measuredTasks(repository: Repository, besides?: string): Promise<Took[]> {
  return ofEach(repository, (state) => (state.run === besides ? [] : tookIn(state)));
}

/** The last runs that were approved and do what a plan says, oldest first; one that makes a plan is none. */
export const pastRuns = (repository: Repository): Promise<PastRun[]> =>
  ofEach(repository, (state) =>
    state.approval.kind === 'given' && !state.planning ? [pastRunOf(state, Date.now())] : [],
  );

/** One after the other: each may be large, and only what is told of it is kept. */
async function ofEach<T>(repository: Repository, tell: (state: RunState) => readonly T[]): Promise<T[]> {
  const told: T[] = [];
  for (const ref of (await listRuns(repository)).slice(-RUNS)) {
    const state = await readRun(ref);
    if (state.ok) told.push(...tell(state.value));
  }
  return told;
}

/** Of the tasks that agents did to the end; a plan that is made is no task like others. */
function tookIn(state: RunState): Took[] {
  const { approval, planning } = state;
  if (approval.kind !== 'given' || planning) return [];
  return [...state.tasks.values()].flatMap((task) => {
    const agent = state.agents[task.task.id];
    const merged = task.settled?.kind === 'done' ? task.attempts.at(-1)?.stretches.at(-1) : undefined;
    if (!merged || agent === undefined || agent.manual) return [];
    const kind = kindOf(task.task, agent.name);
    return [{ kind, took: workOf(state, task, state.at), toldAt: approval.at, doneAt: merged.from }];
  });
}
