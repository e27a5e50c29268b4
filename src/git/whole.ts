import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fail, type Result } from '../model/failure.ts';
import { mergeContext } from './context.ts';
import { readDeltas } from './delta.ts';
import { objectFile } from './loose.ts';
import { type Entry, GONE } from './objects.ts';
import type { Repository } from './repository.ts';
import { git } from './run.ts';
import { entriesAt, treeOf } from './trees.ts';

/**
 * Whether the repository has all that a commit adds to its base. Asked when a ref holds it: what was written shortly
 * before may have been taken away by a `git gc --prune=now` that had looked at the refs already.
 */
export async function isWhole(repo: Repository, { commit, base }: { commit: string; base: string }): Promise<boolean> {
  const context = await mergeContext(repo);
  if (!context.ok) return false;
  const read = await readDeltas(repo, context.value, [repo.deltas.has(commit) ? commit : `${commit} ${base}`]);
  const tree = await treeOf(repo, commit);
  if (!read.ok || !tree.ok) return false;
  const entries = read.value.flatMap((delta) => delta.entries);
  const folders = await entriesAt(repo, tree.value, foldersOf(entries));
  if (!folders.ok) return false;
  const files = entries.filter(({ mode }) => mode !== GONE && mode !== SUBMODULE);
  return hasAll(repo, [commit, tree.value, ...[...folders.value, ...files].map(({ oid }) => oid)]);
}

const SUBMODULE = '160000';

/** All that the paths lie in. */
function foldersOf(changes: readonly Entry[]): { path: string }[] {
  const folders = new Set<string>();
  for (const { path } of changes) {
    for (let at = posix.dirname(path); at !== '.' && !folders.has(at); at = posix.dirname(at)) folders.add(at);
  }
  return [...folders].map((path) => ({ path }));
}

/** What is in no file of its own may be in a pack. */
async function hasAll(repo: Repository, oids: readonly string[]): Promise<boolean> {
  const objects = join(repo.commonDir, 'objects');
  const others = oids.filter((oid) => !existsSync(objectFile(objects, oid)));
  if (others.length === 0) return true;
  const input = others.map((oid) => `${oid}\n`).join('');
  const told = await git(['cat-file', '--batch-check'], { gitDir: repo.commonDir, input });
  return told.ok && !/ missing$/m.test(told.value);
}

/** Does it anew where what came of it is not whole: a prune goes by once. */
export async function untilWhole<T>(
  work: () => Promise<Result<T>>,
  whole: (done: T) => Promise<boolean>,
): Promise<Result<T>> {
  for (let left = 3; left > 0; left -= 1) {
    const done = await work();
    if (!done.ok || (await whole(done.value))) return done;
  }
  return fail({ kind: 'refused', reason: LOST });
}

const LOST =
  'The repository loses what is written into it: does a "git gc --prune=now" go on? Try again when it is over.';
