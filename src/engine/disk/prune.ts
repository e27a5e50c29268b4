import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { dropFromTrash } from '../../git/bin.ts';
import { deleteRefs } from '../../git/refs.ts';
import { removeFolder } from '../../git/remove-folder.ts';
import type { Repository } from '../../git/repository.ts';
import { isDue, type DiskLimits, type Kept, whatGoes } from '../../model/disk.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { ioFailure } from '../../process/durable-now.ts';
import { faultPoint } from '../../process/fault.ts';
import { ownIdentity } from '../../process/identity.ts';
import { removeNow } from '../../process/remove-now.ts';
import { isFree } from '../driven.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { JournalWriter } from '../journal/journal-writer.ts';
import { namesIn, prunedFolder, runsFolder, segments } from '../places.ts';
import { judge, measure } from './use.ts';

export interface Pruning {
  limits: DiskLimits;
  /** Also what holds work that nothing else has, by the same rules: a person said so. */
  force?: boolean;
  dryRun?: boolean;
  /** The run at whose end it is done: what it left is what a person wants to look at next. */
  besides?: string;
}

export interface Pruned {
  gone: readonly Kept[];
  /** What would have to go by the same rules and holds work that nothing else has. */
  asking: readonly Kept[];
  /** Bytes that are left. */
  total: number;
}

/**
 * Deletes what need not be kept: ended runs with all that lies on the disk of them and the refs of their attempts, and
 * removed worktrees. Result branches are the person's and stay. A kill at any moment leaves a run as it was, or one that
 * is gone from the list and whose rest goes the next time.
 */
export async function prune(
  repository: Repository,
  { limits, force, dryRun, besides }: Pruning,
): Promise<Result<Pruned>> {
  const swept = dryRun ? ok(undefined) : await sweep(repository, limits);
  if (!swept.ok) return swept;
  const looked = await measure(repository, besides);
  if (!looked.ok) return looked;
  const { measured, total } = looked.value;
  const pressure = { limits, total, now: Date.now() };
  const ages = measured.map(({ at }) => at);
  if (!isDue(ages, pressure)) return ok({ gone: [], asking: [], total });
  const kept = (await judge(repository, measured)).filter(({ kind, id }) => kind !== 'run' || id !== besides);
  const going = whatGoes(kept, pressure, force);
  const asking = whatGoes(kept, pressure, true).filter((one) => !going.includes(one) && one.stays === 'work');
  const gone = dryRun ? going : await removeAll(repository, going);
  return ok({ gone, asking, total: total - gone.reduce((sum, { bytes }) => sum + bytes, 0) });
}

/** What resists, or is in use by now, stays for the next time. */
async function removeAll(repository: Repository, going: readonly Kept[]): Promise<Kept[]> {
  const gone: Kept[] = [];
  for (const one of going) {
    const removed = one.kind === 'run' ? await removeRun(repository, one.id) : await dropFromTrash(repository, one.id);
    if (removed.ok && removed.value) gone.push(one);
  }
  return gone;
}

/** False where somebody drives it by now. Holding its next epoch, no other can: whoever opens it meanwhile follows. */
async function removeRun(repository: Repository, run: string): Promise<Result<boolean>> {
  const folder = join(runsFolder(repository), run);
  const journal = await readJournal(folder);
  if (!journal.ok) return journal;
  const { header, length, epoch } = journal.value;
  if (!(await isFree(journal.value))) return ok(false);
  const writer = { ...(await ownIdentity()), by: header.writer.by };
  const predecessor = { epoch: header.epoch, length };
  const held = await JournalWriter.claim(folder, { run, epoch: epoch + 1, writer, predecessor });
  if (!held.ok || !held.value) return held.ok ? ok(false) : held;
  try {
    mkdirSync(prunedFolder(repository), { recursive: true, mode: 0o700 });
    renameSync(folder, join(prunedFolder(repository), run));
  } catch (error) {
    await held.value.append([{ at: Date.now(), type: 'writer.released' }]);
    return fail(ioFailure(folder, error));
  } finally {
    await held.value.close();
  }
  faultPoint('prune.moved');
  return finish(repository, run);
}

/** Refs, then the folder, which says until then what is to be done. */
async function finish(repository: Repository, run: string): Promise<Result<boolean>> {
  const folder = join(prunedFolder(repository), run);
  const freed = await deleteRefs(repository, `refs/orchestrate/runs/${run}`);
  if (!freed.ok) return freed;
  faultPoint('prune.freed');
  try {
    keepNumber(repository, run);
    await removeFolder(folder);
    return ok(true);
  } catch (error) {
    return fail(ioFailure(folder, error));
  }
}

/** No run gets the name of one that was: the last of a plan leaves an empty folder, and those before it none. */
function keepNumber(repository: Repository, run: string): void {
  const folder = runsFolder(repository);
  const [prefix, number] = partsOf(run);
  const others = readdirSync(folder).filter((name) => partsOf(name)[0] === prefix);
  const last = Math.max(...others.map((name) => partsOf(name)[1]), 0);
  if (number > last) mkdirSync(join(folder, run), { mode: 0o700 });
  const before = others.filter((name) => partsOf(name)[1] < Math.max(number, last));
  for (const name of before.map((other) => join(folder, other))) if (isEmpty(name)) rmdirSync(name);
}

function partsOf(run: string): [prefix: string, number: number] {
  const at = run.lastIndexOf('-') + 1;
  return [run.slice(0, at), Number(run.slice(at)) || 0];
}

const isEmpty = (folder: string): boolean => segments(folder).length === 0 && readdirSync(folder).length === 0;

/** The rest of what a kill left, and copies that nobody asked for in a long time. */
async function sweep(repository: Repository, { keep = Infinity }: DiskLimits): Promise<Result<void>> {
  for (const folder of below(prunedFolder(repository))) {
    const done = await finish(repository, basename(folder));
    if (!done.ok) return done;
  }
  const { state } = repository;
  const isOlder = (path: string, time: 'mtimeMs' | 'ctimeMs', age: number): boolean =>
    (lstatSync(path, { throwIfNoEntry: false })?.[time] ?? Infinity) < Date.now() - age;
  const stale = [
    // Moved there, which leaves the time of the last change of what is in it.
    ...below(join(state, 'doomed')).filter((path) => isOlder(path, 'ctimeMs', DAY)),
    ...['plans', 'baselines']
      .flatMap((name) => below(join(state, name)))
      .filter((path) => isOlder(path, 'mtimeMs', keep)),
  ];
  try {
    for (const path of stale) removeNow(path);
    return ok(undefined);
  } catch (error) {
    return fail(ioFailure(dirname(stale[0] ?? state), error));
  }
}

/** What is deleted at this moment is nobody's rest. */
const DAY = 86_400_000;

const below = (folder: string): string[] => namesIn(folder).map((name) => join(folder, name));
