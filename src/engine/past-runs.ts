import { kindOf, type Planned, type PlanTimes, timesOfPlan } from '../analysis/plan-times.ts';
import type { Took } from '../analysis/measured.ts';
import type { Repository } from '../git/repository.ts';
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
  const runs = (await listRuns(repository)).filter(({ run }) => run !== besides).slice(-RUNS);
  const took: Took[] = [];
  for (const ref of runs) {
    const state = await readRun(ref);
    if (state.ok) took.push(...tookIn(state.value));
  }
  return took;
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
