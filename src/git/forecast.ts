import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { worktreeGitDir } from './admin.ts';
import { commitTree, type Author } from './commit.ts';
import { mergeContext } from './context.ts';
import { unlessAbsent } from './files.ts';
import { compareFingerprint } from './fingerprint.ts';
import { mergeTree } from './merge-tree.ts';
import { fromBytes } from './merge.ts';
import { treeOf } from './octopus.ts';
import type { Repository } from './repository.ts';
import type { GitOptions } from './run.ts';
import { isNotTaken, snapshot } from './snapshot.ts';

export interface ForecastOrder {
  /** The worktree, which somebody may be at work in. */
  path: string;
  /** The commit it started from. */
  base: string;
  /** The attempt's folder, as given to `createWorktree`. */
  keep: string;
  author: Author;
  /** Epoch milliseconds. */
  date: number;
}

/** A result, and what it changed. Paths are relative to the root. */
export interface Beside {
  commit: string;
  paths: readonly string[];
}

/**
 * Which of some results could not be merged with what lies in a worktree now, and in which paths. A look through a copy
 * of the index: neither the worktree nor what its agent does with git is touched. Where the worktree cannot be taken at
 * this moment, because it is being written or is nothing that git takes, nothing is foreseen; the queue finds it out.
 */
export async function foresee<B extends Beside>(
  repo: Repository,
  order: ForecastOrder,
  beside: readonly B[],
): Promise<Result<(B & { paths: string[] })[]>> {
  const near = beside.filter(({ paths }) => mayBeChanged(order, paths));
  if (near.length === 0) return ok([]);
  const context = await mergeContext(repo, order.base);
  if (!context.ok) return context;
  const commit = await commitNow(repo, context.value, order);
  if (!commit.ok) return isNotTaken(commit.failure) || commit.failure.kind === 'notFound' ? ok([]) : commit;
  if (commit.value === undefined) return ok([]);
  const found: (B & { paths: string[] })[] = [];
  for (const other of near) {
    const merged = await mergeTree(context.value, other.commit, commit.value);
    if (!merged.ok) return merged;
    if ('conflicts' in merged.value) found.push({ ...other, paths: merged.value.conflicts.map(fromBytes) });
  }
  return ok(found);
}

/** Whether a file was written after the worktree was: what is younger than its first index is somebody's work. */
function mayBeChanged({ path, keep }: ForecastOrder, paths: readonly string[]): boolean {
  const since = unlessAbsent(() => statSync(join(keep, 'index')).mtimeMs);
  return since !== undefined && paths.some((file) => (writtenAt(join(path, file)) ?? 0) >= since);
}

const writtenAt = (file: string): number | undefined =>
  unlessAbsent(() => statSync(file, { throwIfNoEntry: false })?.mtimeMs);

/** Of the content as it is now; undefined where that is the base's, or git is not to be let near it. */
async function commitNow(
  repo: Repository,
  context: GitOptions,
  { path, base, keep, author, date }: ForecastOrder,
): Promise<Result<string | undefined>> {
  const steered = await compareFingerprint(repo, path, keep);
  if (!steered.ok) return steered;
  if (steered.value.length > 0) return ok(undefined);
  const gitDir = await worktreeGitDir(repo, path);
  if (!gitDir.ok) return gitDir;
  const tree = await treeOf(repo, base);
  if (!tree.ok) return tree;
  const taken = await snapshot({ path, gitDir: gitDir.value, keep, base: { repo, tree: tree.value } });
  if (!taken.ok) return taken;
  if (taken.value.tree === tree.value) return ok(undefined);
  return commitTree(context, { tree: taken.value.tree, parents: [base], message: 'So far', author, date });
}
