import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import type { Finding } from '../model/event.ts';
import { finding } from './findings.ts';
import type { Repository } from './repository.ts';
import { git } from './run.ts';

/** More than these is somebody's own work, not an agent that mistook its folder. */
const MOST = 200;

/**
 * Files in the user's own checkout that were changed since `since` (epoch milliseconds) and differ from what is
 * committed. An agent that took the checkout for its worktree writes there; so does a person at work, and nothing tells
 * the two apart: it is a warning, never a verdict. Nothing is touched.
 */
export async function strayWrites(
  repo: Repository,
  { since, besides }: { since: number; besides: string },
): Promise<Result<Finding[]>> {
  const told = await git(['status', '--porcelain', '-z', '--no-renames', '--untracked-files=normal'], {
    cwd: repo.root,
  });
  if (!told.ok) return told;
  const paths = told.value.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
  const recent = await Promise.all(paths.slice(0, MOST).map((path) => changedSince(join(repo.root, path), since)));
  const stray = paths.filter((path, index) => recent[index] === true && path !== besides);
  return ok(finding('strayWrites', stray, 'Files in your own checkout changed while it was at work'));
}

const changedSince = (path: string, since: number): Promise<boolean> =>
  lstat(path).then(
    ({ mtimeMs }) => mtimeMs >= since,
    () => false,
  );
