import { ok, type Result } from '../model/failure.ts';
import { commitTree, type Author } from './commit.ts';
import type { Delta } from './objects.ts';
import { readLooseCommit } from './loose.ts';
import type { Repository } from './repository.ts';
import { git, type GitOptions } from './run.ts';
import { changeTree } from './trees.ts';

export interface Union {
  onto: string;
  /** Apart from each other and from what `onto` has beyond their bases: the caller made sure. */
  deltas: readonly Delta[];
  message: string;
  author: Author;
  date: number;
}

/** One commit with all changes and all parents. Gives its oid. */
export async function commitUnion(repo: Repository, context: GitOptions, union: Union): Promise<Result<string>> {
  const { onto, deltas, message, author, date } = union;
  const base = await treeOf(repo, onto);
  if (!base.ok) return base;
  const tree = await changeTree(
    repo,
    base.value,
    deltas.flatMap(({ entries }) => entries),
  );
  if (!tree.ok) return tree;
  const parents = [onto, ...deltas.map(({ commit }) => commit)];
  return commitTree(context, { tree: tree.value, parents, message, author, date });
}

/** The tree of a commit. */
export async function treeOf(repo: Repository, commit: string): Promise<Result<string>> {
  const loose = await readLooseCommit(repo.commonDir, commit);
  if (loose) return ok(loose.tree);
  const told = await git(['rev-parse', '--verify', `${commit}^{tree}`], { gitDir: repo.commonDir });
  return told.ok ? ok(told.value.trim()) : told;
}
