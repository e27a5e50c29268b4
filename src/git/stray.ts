import { lstatSync, readdirSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import type { Finding } from '../model/run/event.ts';
import { io } from './files.ts';
import { finding } from '../model/run/finding.ts';
import { pathsInIndex } from './index-file.ts';
import { oidLength, type Repository } from './repository.ts';
import { uncommitted } from './uncommitted.ts';

/** What is looked for, and what is no wonder. */
export interface Watch {
  /** Epoch milliseconds. */
  since: number;
  /** Files and folders that the run itself writes. */
  besides: readonly string[];
  /** The folder git is told to pass over. */
  worktrees: string;
  /** Asked of what is told of otherwise: whether another run wrote it. */
  isOthers?: (path: string) => Promise<boolean>;
}

/** More than these is somebody's own work, not an agent that mistook its folder. */
const MOST = 200;

/**
 * Files in the user's own checkout that were changed since `since` (epoch milliseconds) and differ from what is
 * committed. An agent that took the checkout for its worktree writes there; so does a person at work, and nothing tells
 * the two apart: it is a warning, never a verdict. Nothing is touched. Git is asked only where something is that young.
 */
export async function strayWrites(repo: Repository, watch: Watch): Promise<Result<Finding[]>> {
  const { since, besides, isOthers = () => Promise.resolve(false) } = watch;
  const untouched = await io(repo.root, () => Promise.resolve(isUntouched(repo, watch)));
  if (untouched.ok && untouched.value) return ok([]);
  const told = await uncommitted(repo, { besides, fresh: 'folders' });
  if (!told.ok) return told;
  const paths = told.value;
  const recent = await Promise.all(paths.slice(0, MOST).map((path) => changedSince(join(repo.root, path), since)));
  const young = paths.filter((_, index) => recent[index] === true);
  const expected = await Promise.all(young.map((path) => isOthers(path)));
  const stray = young.filter((_, index) => expected[index] === false);
  return ok(finding('strayWrites', stray, 'Files in your own checkout changed while it was at work'));
}

const changedSince = (path: string, since: number): Promise<boolean> =>
  lstat(path).then(
    ({ mtimeMs }) => mtimeMs >= since,
    () => false,
  );

/** In a checkout of so many files looking at each takes less than starting git. */
const FEW = 1000;

/**
 * Whether nothing is young where git would find something: what it tells of lies in a folder that holds a file of the
 * index, as a file or as a folder that is new as a whole. False says no more than that git is to be asked.
 */
function isUntouched(repo: Repository, { since, besides, worktrees }: Watch): boolean {
  const { root, gitDir } = repo;
  const paths = pathsInIndex(join(gitDir, 'index'), oidLength(repo));
  if (paths === undefined || paths.length > FEW) return false;
  const folders = new Set(['.', ...paths.flatMap(foldersAbove)]);
  const expected = new Set(['.git', ...besides, worktrees]);
  return [...folders].every((folder) =>
    entriesOf(join(root, folder)).every((entry) => {
      const path = posix.join(folder, entry.name);
      if (expected.has(path) || (entry.isDirectory() && folders.has(path))) return true;
      return (lstatSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0) < since;
    }),
  );
}

function foldersAbove(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [folder] : [folder, ...foldersAbove(folder)];
}

/** None where the folder is gone: what was deleted is not told of. */
const entriesOf = (folder: string) =>
  lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
