import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { worktreeGitDir } from './admin.ts';
import { commitTree } from './commit.ts';
import { mergeContext } from './context.ts';
import { unlessAbsent } from './files.ts';
import { compareFingerprint } from './fingerprint.ts';
import { glance } from './glance.ts';
import { mergeTree } from './merge-tree.ts';
import { type Entry, fromBytes, keepKnown, toBytes } from './objects.ts';
import type { Repository } from './repository.ts';
import type { GitOptions } from './run.ts';
import { isNotTaken, snapshot, type SnapshotOrder } from './snapshot.ts';
import { changeTree, entriesAt, treeOf } from './trees.ts';

export interface ForecastOrder {
  /** The worktree, which somebody may be at work in. */
  path: string;
  /** The commit it started from. */
  base: string;
  /** The attempt's folder, as given to `createWorktree`. */
  keep: string;
}

/** A result, and what it changed. Paths are relative to the root. */
export interface Beside {
  commit: string;
  paths: readonly string[];
}

/**
 * Which of some results could not be merged with what lies in a worktree now, and in which paths. A look through an index
 * of our own: neither the worktree nor what its agent does with git is touched. Where the worktree cannot be taken at
 * this moment, because it is being written or is nothing that git takes, nothing is foreseen; the queue finds it out.
 */
export async function foresee<B extends Beside>(
  repo: Repository,
  order: ForecastOrder,
  beside: readonly B[],
): Promise<Result<(B & { paths: string[] })[]>> {
  const touched = await touchedOf(repo, order, new Set(beside.flatMap(({ paths }) => paths)));
  if (!touched.ok) return touched;
  const near = beside.filter(({ paths }) => paths.some((path) => touched.value.has(path)));
  if (near.length === 0) return ok([]);
  const context = await mergeContext(repo, order.base);
  if (!context.ok) return context;
  const commit = await commitNow(repo, context.value, order, [...touched.value.values()]);
  if (!commit.ok) return isNotTaken(commit.failure) || commit.failure.kind === 'notFound' ? ok([]) : commit;
  if (commit.value === undefined) return ok([]);
  const found: (B & { paths: string[] })[] = [];
  for (const other of near) {
    const conflicts = await conflictsOf(repo, context.value, other.commit, commit.value);
    if (!conflicts.ok) return conflicts;
    if (conflicts.value.length > 0) found.push({ ...other, paths: conflicts.value.map(fromBytes) });
  }
  return ok(found);
}

/** Asked once: each result that is accepted has what lies in a worktree compared with all that were before it, too. */
async function conflictsOf(
  { conflicts }: Repository,
  context: GitOptions,
  ours: string,
  theirs: string,
): Promise<Result<readonly string[]>> {
  const pair = `${ours} ${theirs}`;
  const known = conflicts.get(pair);
  if (known) return ok(known);
  const merged = await mergeTree(context, ours, theirs);
  if (!merged.ok) return merged;
  return ok(keepKnown(conflicts, pair, 'conflicts' in merged.value ? merged.value.conflicts : [], MOST_PAIRS));
}

const MOST_PAIRS = 1_000;

/** The file that the base has at a path and that is there, changed perhaps; undefined where it is not as simple as that. */
type Touched = Entry | undefined;

/** Of some paths those at which somebody was at work. */
async function touchedOf(
  repo: Repository,
  { path, base, keep }: ForecastOrder,
  paths: ReadonlySet<string>,
): Promise<Result<Map<string, Touched>>> {
  const since = unlessAbsent(() => statSync(join(keep, 'index')).mtimeMs);
  if (since === undefined) return ok(new Map());
  const asked = [...paths].flatMap((file) => {
    const state = stateOf(join(path, file), since);
    return state === 'old' ? [] : [{ file, path: toBytes(file), state }];
  });
  const read = await entriesAt(repo, `${base}^{tree}`, asked);
  if (!read.ok) return read;
  const before = new Map(read.value.map((entry) => [entry.path, entry]));
  const touched = asked.flatMap(({ file, path: bytes, state }): [string, Touched][] => {
    const entry = before.get(bytes);
    if (state === 'gone' && entry === undefined) return [];
    return [[file, state === 'file' && entry && PLAIN.has(entry.mode) ? entry : undefined]];
  });
  return ok(new Map(touched));
}

/** Files and links. */
const PLAIN = new Set(['100644', '100755', '120000']);

/** What was changed since the worktree's first index was written is somebody's work. */
function stateOf(file: string, since: number): 'old' | 'gone' | 'file' | 'other' {
  try {
    const now = lstatSync(file, { throwIfNoEntry: false });
    if (now === undefined) return 'gone';
    if (now.ctimeMs < since) return 'old';
    return now.isDirectory() ? 'other' : 'file';
  } catch {
    return 'other'; // a file where its folder would be, a folder that leads to itself or may not be looked into
  }
}

/** Of the content as it is now; undefined where that is the base's, or git is not to be let near it. */
async function commitNow(
  repo: Repository,
  context: GitOptions,
  { path, base, keep }: ForecastOrder,
  touched: readonly Touched[],
): Promise<Result<string | undefined>> {
  const steered = await compareFingerprint(repo, path, keep);
  if (!steered.ok) return steered;
  if (steered.value.length > 0) return ok(undefined);
  const gitDir = await worktreeGitDir(repo, path);
  if (!gitDir.ok) return gitDir;
  const tree = await treeNow(repo, { path, gitDir: gitDir.value, keep }, base, touched);
  if (!tree.ok || tree.value === undefined) return tree;
  return commitTree(context, { tree: tree.value, parents: [base], message: 'So far', ...NOBODY });
}

/** The same content is the same commit. */
const NOBODY = { author: { name: '', email: '' }, date: 0 };

/**
 * Where all that was touched are files that are there still, a merge with who changed the same paths depends on these
 * alone: only what is gone can have been moved. Undefined where nothing is different from the base.
 */
async function treeNow(
  repo: Repository,
  order: SnapshotOrder,
  base: string,
  touched: readonly Touched[],
): Promise<Result<string | undefined>> {
  const files = touched.filter((entry) => entry !== undefined);
  const changed = files.length === touched.length ? await glance(repo, order, files) : ok(undefined);
  if (!changed.ok) return changed;
  if (changed.value)
    return changed.value.length === 0 ? ok(undefined) : changeTree(repo, `${base}^{tree}`, changed.value);
  const tree = await treeOf(repo, base);
  if (!tree.ok) return tree;
  const taken = await snapshot({ ...order, base: { repo, tree: tree.value } });
  if (!taken.ok) return taken;
  return ok(taken.value.tree === tree.value ? undefined : taken.value.tree);
}
