import { ok, type Result } from '../model/failure.ts';
import { type Author, commitTree } from './commit.ts';
import { mergeContext } from './context.ts';
import { type Entry, toBytes } from './objects.ts';
import { fileAt, type Repository } from './repository.ts';
import { git } from './run.ts';
import { changeTree, treeOf } from './trees.ts';

export interface Additions {
  /** The commit that they are put on. */
  onto: string;
  /** Path, relative to the root, → text. */
  files: ReadonlyMap<string, string>;
  message: string;
  author: Author;
  /** Epoch milliseconds. */
  date: number;
}

/**
 * A commit that holds these files as well, on no branch: what is only in the checkout can be worked on in a worktree. It
 * is `onto` itself where that has all of them. Nothing holds it before its caller makes a ref.
 */
export async function withFiles(repo: Repository, { onto, files, ...order }: Additions): Promise<Result<string>> {
  const entries: Entry[] = [];
  for (const [path, text] of files) {
    const there = await fileAt(repo, onto, path);
    if (!there.ok) return there;
    if (there.value === text) continue;
    const written = await git(['hash-object', '-w', '--stdin'], { gitDir: repo.commonDir, input: text });
    if (!written.ok) return written;
    entries.push({ path: toBytes(path), mode: '100644', oid: written.value.trim() });
  }
  if (entries.length === 0) return ok(onto);
  const before = await treeOf(repo, onto);
  if (!before.ok) return before;
  const tree = await changeTree(repo, before.value, entries);
  const context = await mergeContext(repo);
  if (!tree.ok) return tree;
  return context.ok ? commitTree(context.value, { ...order, tree: tree.value, parents: [onto] }) : context;
}
