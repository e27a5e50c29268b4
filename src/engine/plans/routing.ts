import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../git/repository.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type KnownPlan, phaseOf, type Route, routeOf } from '../../model/plan/routing.ts';
import { listRuns, prepareRun, readRun } from '../runs.ts';

/** What is meant; of a plan that is named also whether anything of it is left to be done. */
export type Meant = Exclude<Route, { kind: 'plan' }> | { kind: 'plan'; plan: KnownPlan; phase: 'pending' | 'over' };

/** What a person means by what they typed where an objective is asked for, by the plans and runs that there are. */
export async function readRoute(repository: Repository, text: string): Promise<Result<Meant>> {
  const route = routeOf(text, await knownPlans(repository));
  if (route.kind !== 'plan') return ok(route);
  const prepared = await prepareRun(repository, { planFile: route.plan.file });
  return prepared.ok ? ok({ ...route, phase: phaseOf(prepared.value.plan.tasks) }) : prepared;
}

async function knownPlans(repository: Repository): Promise<KnownPlan[]> {
  const folders = await readdir(join(repository.root, 'docs', 'plan'), { withFileTypes: true }).catch(() => []);
  const waiting = await waitingFiles(repository);
  const plans = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return plans.map((id) => {
    const file = `docs/plan/${id}/plan.yaml`;
    return { id, file, waits: waiting.has(file) };
  });
}

async function waitingFiles(repository: Repository): Promise<Set<string>> {
  const states = await Promise.all((await listRuns(repository)).map(readRun));
  const waiting = states.flatMap((state) =>
    state.ok && !state.value.ended && state.value.approval.kind === 'awaited' ? state.value.planFile : [],
  );
  return new Set(waiting);
}
