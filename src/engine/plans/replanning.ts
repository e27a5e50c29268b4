import { join } from 'node:path';
import { replanningText } from '../../agents/planner.ts';
import { readAuthor, readHead, type Repository } from '../../git/repository.ts';
import { withFiles } from '../../git/with-files.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { configOfPlanning, planOfPlanning, type Planning } from '../../model/plan/planning.ts';
import { PRD_FILE } from '../../model/plan/prd.ts';
import { foundOf, roundAfter } from '../../model/run/rounds.ts';
import type { RunState } from '../../model/run/state.ts';
import { needsHome } from '../performing/assign.ts';
import { createRun, invalid, listRuns, type Prepared, prepareRun, readRun, unknownNames } from '../runs.ts';
import type { RunRef } from '../session.ts';
import { isAbsent, readTextFile, sha256 } from '../text-file.ts';

export interface Wanted {
  /** Path or id of the plan that is to be different. */
  planFile: string;
  /** How a person wants it. */
  comment: string;
  by: 'cli' | 'editor';
  /** Whether a person wants it although it was made anew as often as the configuration allows. */
  more?: boolean;
}

/**
 * Makes the run in which a planner changes a plan that is there for what a person says of it. It works from the files as
 * they are in the checkout, committed or not, and writes none of them: what it makes is taken as any plan that was made
 * is, and is then an edit of the plan like any other. A run of the plan may wait or work meanwhile.
 *
 * Fails as `refused` where it is being made anew already, and as `roundsSpent` where it was as often as is allowed.
 */
export async function startReplanning(repository: Repository, wanted: Wanted): Promise<Result<RunRef>> {
  if (wanted.comment.trim() === '')
    return fail({ kind: 'refused', reason: 'Nothing is said of the plan: what should be different?' });
  const current = await prepareRun(repository, wanted);
  if (!current.ok) return current;
  const prepared = await prepare(repository, current.value, wanted);
  if (!prepared.ok) return prepared;
  const homeless = wanted.by === 'cli' ? await needsHome(repository, prepared.value) : undefined;
  return homeless === undefined
    ? createRun(repository, prepared.value, wanted.by)
    : fail({ kind: 'refused', reason: homeless });
}

async function prepare(
  repository: Repository,
  { plan: former, planFile: file, config: own, problems }: Prepared,
  { comment, more = false }: Wanted,
): Promise<Result<Prepared>> {
  const earlier = await runsOf(repository, former.id);
  const round = roundAfter(earlier, comment, more ? Infinity : own.planning.rounds);
  if (!round.ok) return round;
  const planning: Planning = { id: former.id, file, revises: round.value };
  const parts = { comments: round.value.comments, found: foundOf(earlier) };
  const day = new Date().toISOString().slice(0, 10);
  const objective = former.objective || former.id;
  const plan = planOfPlanning(planning, { objective, planner: replanningText(planning, parts, day) });
  const config = configOfPlanning(own, planning);
  const unknown = unknownNames(plan, config);
  if (unknown.length > 0) return fail(invalid(file, unknown));
  const base = await commitOf(repository, [file, PRD_FILE]);
  if (!base.ok) return base;
  const planHash = sha256(comment);
  return ok({ plan, planFile: file, planHash, config, problems, planning, base: base.value });
}

/** Of the plan, and those that made it, oldest first. */
async function runsOf(repository: Repository, id: string): Promise<RunState[]> {
  const states = await Promise.all((await listRuns(repository)).map(readRun));
  return states.flatMap((state) =>
    state.ok && (state.value.planning?.id ?? state.value.plan.id) === id ? [state.value] : [],
  );
}

/** HEAD with the files as they are in the checkout; those that are not there are not. */
async function commitOf(repository: Repository, paths: readonly string[]): Promise<Result<string>> {
  const files = new Map<string, string>();
  for (const path of paths) {
    const text = await readTextFile(join(repository.root, path), path);
    if (text.ok) files.set(path, text.value);
    else if (!isAbsent(text.failure)) return text;
  }
  const head = await readHead(repository);
  if (!head.ok) return head;
  return withFiles(repository, {
    onto: head.value.commit,
    files,
    message: 'The plan as it was in the checkout',
    author: await readAuthor(repository),
    date: Date.now(),
  });
}
