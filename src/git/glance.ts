import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { io, removeFile } from './files.ts';
import { entriesInIndex, writeIndex } from './index-file.ts';
import type { Entry } from './objects.ts';
import { oidLength, type Repository } from './repository.ts';
import { runGit } from './run.ts';
import type { SnapshotOrder } from './snapshot.ts';

/**
 * What became of a few files of a worktree, by what the base has there: as a snapshot, but through an index that holds
 * these alone, so it does not matter how many others there are. Gives those that changed. Undefined where the few do not
 * tell: one is gone, and may have been moved, or git does not take it. Then take a snapshot.
 */
export async function glance(
  repo: Repository,
  { path, gitDir, keep }: SnapshotOrder,
  base: readonly Entry[],
): Promise<Result<Entry[] | undefined>> {
  const index = join(keep, `index.${randomUUID()}`);
  const written = await io(index, async () => writeIndex(index, base, repo.objectFormat));
  if (!written.ok) return written;
  try {
    const env = { GIT_WORK_TREE: path, GIT_INDEX_FILE: index };
    const added = await runGit(['add', '--update', '--sparse'], { cwd: path, gitDir, env });
    if (!added.ok) return added;
    if (added.value.code !== 0) return ok(undefined);
    const now = await io(index, async () => entriesInIndex(index, oidLength(repo)));
    return now.ok ? ok(changed(base, now.value)) : now;
  } finally {
    removeFile(index);
    removeFile(`${index}.lock`);
  }
}

function changed(base: readonly Entry[], now: readonly Entry[] | undefined): Entry[] | undefined {
  if (now?.length !== base.length) return undefined;
  const before = new Map(base.map(({ path, mode, oid }) => [path, `${mode} ${oid}`]));
  return now.filter(({ path, mode, oid }) => before.get(path) !== `${mode} ${oid}`);
}
