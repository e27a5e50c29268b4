import { join, relative, resolve } from 'node:path';
import type { Result } from '../model/failure.ts';
import type { Copied } from './copy.ts';
import { io, readIfAny, removeFile, writeWhole } from './files.ts';
import type { Repository } from './repository.ts';

/** What we know of a worktree we made, so that removing it can tell our files from others'. */
export interface Remembered {
  path: string;
  branch: string;
  base: string;
  /** Where its pristine index and fingerprint are; in the file from our folder on, which may be moved. */
  keep: string;
  copied: readonly Copied[];
}

const fileOf = (repo: Repository, name: string): string => join(repo.state, 'worktrees', `${name}.json`);

export function remember(
  repo: Repository,
  { name, path, branch, base, keep }: { name: string } & Omit<Remembered, 'copied'>,
  copied: readonly Copied[],
): Promise<Result<void>> {
  const file = fileOf(repo, name);
  const remembered: Remembered = { path, branch, base, keep: relative(repo.state, keep), copied };
  return io(file, () => writeWhole(file, JSON.stringify(remembered)));
}

/** Undefined where we did not make it, or did not get far. */
export async function recall(repo: Repository, name: string): Promise<Remembered | undefined> {
  const text = await readIfAny(fileOf(repo, name));
  if (text === undefined) return undefined;
  const remembered: Remembered = JSON.parse(text);
  return { ...remembered, keep: resolve(repo.state, remembered.keep) };
}

export const forget = (repo: Repository, name: string): void => removeFile(fileOf(repo, name));
