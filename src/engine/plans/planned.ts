import { join } from 'node:path';
import { validateText } from '../../formats/validate.ts';
import { fileAt, type Repository } from '../../git/repository.ts';
import { ok, type Result } from '../../model/failure.ts';
import { CONVENTIONS_FILE, newConventions, withConventions } from '../../model/plan/conventions.ts';
import { PLANNING_TASK } from '../../model/plan/planning.ts';
import { readPlan } from '../../model/plan/reader.ts';
import { changesBetween } from '../../model/run/changes.ts';
import { changeLines } from '../../model/run/revision-words.ts';
import type { RunState } from '../../model/run/state.ts';
import type { Problem } from '../../model/text/problem.ts';
import { isAbsent, readTextFile, writeInside } from '../text-file.ts';

/** A file that a planning run made, and what writing it means for the checkout. */
export interface PlannedFile {
  path: string;
  text: string;
  /**
   * `update`: the checkout's is what the planner started from. `clash`: it says something else, which is nowhere else
   * once it is written over.
   */
  standing: 'new' | 'same' | 'update' | 'clash';
  /** The lines that it gets, where that is all that becomes of it. */
  added?: readonly string[];
  /** What is wrong with it: the plan has passed its gate, the requirements beside it have none. */
  problems: readonly Problem[];
}

/** What a planning run made; empty before it has ended well. */
export async function plannedFiles(repository: Repository, state: RunState): Promise<Result<PlannedFile[]>> {
  if (!state.planning || state.tasks.get(PLANNING_TASK)?.settled?.kind !== 'done') return ok([]);
  const made = [...state.tasks.values()].filter(({ settled }) => settled?.kind === 'done');
  const files: PlannedFile[] = [];
  for (const path of made.flatMap(({ attempts }) => attempts.at(-1)?.result?.paths ?? [])) {
    const file = await plannedFile(repository, state, path);
    if (!file.ok) return file;
    if (file.value) files.push(file.value);
  }
  const conventions = await conventionsOf(repository, state);
  return conventions.ok ? ok([...files, ...conventions.value]) : conventions;
}

/** What people answered that holds for later work too goes to the end of what agents read first, as it is there now. */
async function conventionsOf({ root }: Repository, { lasting }: RunState): Promise<Result<PlannedFile[]>> {
  if (lasting.length === 0) return ok([]);
  const there = await readTextFile(join(root, CONVENTIONS_FILE), CONVENTIONS_FILE);
  const isNew = !there.ok && isAbsent(there.failure);
  if (!there.ok && !isNew) return there;
  const before = there.ok ? there.value : '';
  const added = newConventions(before, lasting);
  if (added.length === 0) return ok([]);
  const text = withConventions(before, added);
  return ok([{ path: CONVENTIONS_FILE, text, standing: isNew ? 'new' : 'update', added, problems: [] }]);
}

/** Undefined for a file that the planner removed: it stays in the checkout. */
async function plannedFile(
  repository: Repository,
  { integration, base }: RunState,
  path: string,
): Promise<Result<PlannedFile | undefined>> {
  const made = await fileAt(repository, integration, path);
  if (!made.ok) return made;
  if (made.value === null) return ok(undefined);
  const before = await fileAt(repository, base, path);
  if (!before.ok) return before;
  const standing = await standingOf(repository, path, { made: made.value, base: before.value });
  if (!standing.ok) return standing;
  const problems = validateText({ path, text: made.value }).filter(({ severity }) => severity === 'error');
  return ok({ path, text: made.value, standing: standing.value, problems });
}

/** What a plan that was made anew changes, as lines of a difference; none where it is the first of its id. */
export async function changesMade(repository: Repository, state: RunState): Promise<string[]> {
  const { planning, base, integration } = state;
  if (!planning?.revises) return [];
  const [former, made] = await Promise.all(
    [base, integration].map(async (commit) => {
      const text = await fileAt(repository, commit, planning.file);
      return text.ok && text.value !== null ? readPlan(text.value, planning.file).plan : undefined;
    }),
  );
  return former && made ? changesBetween(former, made).flatMap(changeLines) : [];
}

async function standingOf(
  { root }: Repository,
  path: string,
  { made, base }: { made: string; base: string | null },
): Promise<Result<PlannedFile['standing']>> {
  const there = await readTextFile(join(root, path), path);
  if (!there.ok) return isAbsent(there.failure) ? ok('new') : there;
  if (there.value === made) return ok('same');
  return ok(there.value === base ? 'update' : 'clash');
}

/** Writes what a person agreed to; what is there already as it is stays. */
export async function takePlan({ root }: Repository, files: readonly PlannedFile[]): Promise<Result<void>> {
  for (const { path, text, standing } of files) {
    const written = standing === 'same' ? ok(undefined) : await writeInside(path, root, text);
    if (!written.ok) return written;
  }
  return ok(undefined);
}
