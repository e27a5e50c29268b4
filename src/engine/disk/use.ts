import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { listTrash } from '../../git/bin.ts';
import type { Repository } from '../../git/repository.ts';
import { git } from '../../git/run.ts';
import type { TrashEntry } from '../../git/trash.ts';
import type { Kept, Stay } from '../../model/disk.ts';
import { ok, type Result } from '../../model/failure.ts';
import type { RunState } from '../../model/run/state.ts';
import { isFree } from '../driven.ts';
import { readWhole } from '../journal/fold.ts';
import { segmentFile, segments } from '../places.ts';
import { listRuns } from '../runs.ts';
import type { RunRef } from '../session.ts';
import { Sizes, sizeOf } from './sizes.ts';

/** Something that takes room, before it is looked at what it is: measuring is cheap, and most often there is room enough. */
export interface Measured {
  /** When it was last written, or removed; epoch milliseconds. */
  at: number;
  bytes: number;
  /** Of a run: what it printed, and what was kept of its attempts; the rest is its journal. */
  parts?: { output: number; attempts: number };
  of: { kind: 'run'; ref: RunRef } | { kind: 'trash'; entry: TrashEntry };
}

/** What runs and removed worktrees take, and what is kept to be quicker the next time. `ending` is still written to. */
export async function measure(
  repository: Repository,
  ending?: string,
): Promise<Result<{ measured: readonly Measured[]; caches: number; total: number }>> {
  const entries = await listTrash(repository);
  if (!entries.ok) return entries;
  const sizes = await Sizes.of(repository);
  const measured: Measured[] = [];
  for (const ref of await listRuns(repository)) measured.push(await measureRun(ref, sizes, ref.run === ending));
  for (const entry of entries.value) measured.push(await measureEntry(repository, entry, sizes));
  await sizes.keep();
  let caches = 0;
  for (const name of CACHES) caches += await sizeOf(join(repository.state, name));
  return ok({ measured, caches, total: measured.reduce((sum, { bytes }) => sum + bytes, caches) });
}

const CACHES = ['plans', 'baselines', 'imports.json', 'footprints.json', 'sizes.json', 'context', 'doomed'];

async function measureRun(ref: RunRef, sizes: Sizes, grows: boolean): Promise<Measured> {
  const { at, mark: whole } = await lastWritten(ref);
  const mark = grows ? undefined : whole;
  const part = (name: string): Promise<number> =>
    sizes.measure(join(ref.folder, name), mark === undefined ? undefined : `${mark} ${name}`);
  const parts = { output: await part('jobs'), attempts: await part('attempts') };
  return { at, bytes: await sizes.measure(ref.folder, mark), parts, of: { kind: 'run', ref } };
}

async function measureEntry({ state }: Repository, entry: TrashEntry, sizes: Sizes): Promise<Measured> {
  const { id, tree, when: at } = entry;
  const bytes = await sizes.measure(tree ?? join(state, 'trash', id), `trash ${id}`);
  return { at, bytes, of: { kind: 'trash', entry } };
}

/** A journal that ends with the end of the run does not grow until somebody opens a new segment. */
async function lastWritten({ run, folder }: RunRef): Promise<{ at: number; mark?: string }> {
  const last = segments(folder).at(-1) ?? 1;
  const file = segmentFile(folder, last);
  const { size, mtimeMs: at } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
  return (await endOf(file, size)).includes('"run.ended"') ? { at, mark: `${run} ${last} ${size}` } : { at };
}

async function endOf(file: string, size: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(END), 0, END, Math.max(0, size - END));
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

const END = 1024;

/** What each is, and whether it may go. */
export async function judge(repository: Repository, measured: readonly Measured[]): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const one of measured)
    kept.push(
      one.of.kind === 'run' ? await judgeRun(one, one.of.ref) : await judgeEntry(repository, one, one.of.entry),
    );
  return kept;
}

async function judgeRun({ at, bytes }: Measured, ref: RunRef): Promise<Kept> {
  const kept: Kept = { kind: 'run', id: ref.run, run: ref.run, at, bytes, spare: false };
  const read = await readWhole(ref.folder);
  if (!read.ok) return { ...kept, stays: 'unreadable' };
  const { state, journal } = read.value;
  const stays = stayOf(state, await isFree(journal));
  const spare = stays === undefined && (await isTaken(ref.repository, state));
  return { ...kept, at: state.ended?.at ?? state.at, spare, ...(stays === undefined ? {} : { stays }) };
}

function stayOf(state: RunState, free: boolean): Stay | undefined {
  if (!state.ended) return 'unfinished';
  if (!free) return 'inUse';
  const attempts = [...state.tasks.values()].flatMap((task) => task.attempts);
  const isThere = attempts.some(({ path }) => path !== undefined && existsSync(path));
  return isThere ? 'worktrees' : undefined;
}

/** All of its tasks are merged, and another branch than its own has them. The files of a plan leave no such trace. */
async function isTaken(repository: Repository, state: RunState): Promise<boolean> {
  if (state.planning || state.ended?.outcome !== 'merged') return false;
  const own = `refs/heads/${state.branch ?? ''}`;
  const holders = await refsWith(repository, state.integration, ['refs/heads', 'refs/remotes']);
  return holders.some((ref) => ref !== own);
}

/** Where a commit holds what was in it, and something other than the trash holds that commit. */
async function judgeEntry(repository: Repository, { at, bytes }: Measured, entry: TrashEntry): Promise<Kept> {
  const { result } = entry.commits;
  const holders = result === null || entry.unsaved ? [] : await refsWith(repository, result, []);
  const spare =
    !entry.unsaved && (result === null || holders.some((ref) => !ref.startsWith('refs/orchestrate/trash/')));
  return { kind: 'trash', id: entry.id, run: entry.run, at, bytes, spare, ...(spare ? {} : { stays: 'work' }) };
}

/** None where the commit is not there any more. */
async function refsWith({ commonDir }: Repository, commit: string, below: readonly string[]): Promise<string[]> {
  const told = await git(['for-each-ref', '--format=%(refname)', '--contains', commit, ...below], {
    gitDir: commonDir,
  });
  return told.ok ? told.value.split('\n').filter((ref) => ref !== '') : [];
}
