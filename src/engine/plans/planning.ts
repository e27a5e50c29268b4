import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { planningText } from '../../agents/planner.ts';
import { researchText } from '../../agents/researcher.ts';
import { newPlanId } from '../../formats/gem/plan-id.ts';
import type { Repository } from '../../git/repository.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { complexityOfObjective, focusAreas, type ObjectiveComplexity } from '../../model/plan/objective.ts';
import { configOfPlanning, type Planning, planningFor, planOfPlanning } from '../../model/plan/planning.ts';
import { needsHome } from '../performing/assign.ts';
import {
  CONFIG_FILE,
  createRun,
  invalid,
  listRuns,
  type Prepared,
  readConfigured,
  readRun,
  unknownNames,
} from '../runs.ts';
import type { RunRef } from '../session.ts';
import { sha256 } from '../text-file.ts';

/** What a person says of how it is planned; absent: told from the objective. */
export interface HowPlanned {
  complexity?: ObjectiveComplexity | undefined;
  /** Whether the planner asks first. */
  asks?: boolean | undefined;
}

/** Makes the run that plans an objective; it is approved by being asked for. Whoever opens a session on it drives it. */
export async function startPlanning(
  repository: Repository,
  objective: string,
  { by, ...wanted }: HowPlanned & { by: 'cli' | 'editor' },
): Promise<Result<RunRef>> {
  const prepared = await preparePlanning(repository, objective, wanted);
  if (!prepared.ok) return prepared;
  const homeless = by === 'cli' ? await needsHome(repository, prepared.value) : undefined;
  return homeless === undefined
    ? createRun(repository, prepared.value, by)
    : fail({ kind: 'refused', reason: homeless });
}

async function preparePlanning(
  repository: Repository,
  objective: string,
  { complexity: wanted, asks }: HowPlanned,
): Promise<Result<Prepared>> {
  if (objective.trim() === '')
    return fail({ kind: 'refused', reason: 'There is nothing to plan: say what is wanted.' });
  const read = await readConfigured(repository);
  if (!read.ok) return read;
  const { config: own, problems } = read.value;
  if (!own) return fail(invalid(CONFIG_FILE, problems));
  const now = Date.now();
  const complexity = wanted ?? own.planning.complexity ?? complexityOfObjective(objective);
  const planning: Planning = {
    ...planningFor(newPlanId(objective, now, await takenIds(repository))),
    complexity,
    ...(asks === undefined ? {} : { asks }),
    ...(complexity === 'complex' ? { research: focusAreas(objective) } : {}),
  };
  const today = new Date(now).toISOString().slice(0, 10);
  const plan = planOfPlanning(planning, {
    objective,
    planner: planningText(planning, objective, today),
    researcher: (focus) => researchText(planning, focus, { objective, today }),
  });
  const config = configOfPlanning(own, planning);
  const unknown = unknownNames(plan, config);
  if (unknown.length > 0) return fail(invalid(CONFIG_FILE, unknown));
  const planHash = sha256(objective);
  return ok({ plan, planFile: planning.file, planHash, config, problems, planning });
}

/** Ids of plans that are there, and of those that are being made or were made and not taken. */
export async function takenIds({ root, ...repository }: Repository): Promise<Set<string>> {
  const there = await readdir(join(root, 'docs', 'plan')).catch(() => []);
  const plannings = (await listRuns({ root, ...repository })).filter(({ run }) => run.startsWith('planning-'));
  const states = await Promise.all(plannings.map(readRun));
  return new Set([...there, ...states.flatMap((state) => (state.ok ? (state.value.planning?.id ?? []) : []))]);
}
