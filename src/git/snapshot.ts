import { randomUUID } from 'node:crypto';
import { statSync, utimesSync } from 'node:fs';
import { copyFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Failure, type Result } from '../model/failure.ts';
import { absent, exists, io, removeFile } from './files.ts';
import { changesOfIndex } from './index-file.ts';
import { oidLength, type Repository } from './repository.ts';
import { git, runGit, failureOf, type Exit, type GitOptions } from './run.ts';
import { workInSubmodules } from './submodules.ts';
import { changeTree } from './trees.ts';

export interface SnapshotOrder {
  path: string;
  /** The worktree's git directory, as git's own records have it. */
  gitDir: string;
  /** Folder with the pristine `index`. */
  keep: string;
  /** A path that stays as it is at the base. */
  except?: string;
  /** Leaves the index of the content in `keep`, where `isUnchanged` finds it. */
  leaveIndex?: boolean;
  /** The tree that the pristine index stands for, and where it lies: then only what changed need be written. */
  base?: { repo: Repository; tree: string };
}

export interface Snapshot {
  tree: string;
  /** Nested repositories without a commit, which git cannot add; their content is not in the tree. */
  unborn: string[];
  /** Folders that may not be looked into, or lie too deep; their content is not in the tree. */
  unread: string[];
  /** Submodules that hold work, which is not in the tree. */
  inSubmodules: string[];
}

/**
 * The content of a worktree as a tree, through a temporary copy of the index git made with it: whatever was done
 * to the worktree's own index (assume-unchanged, skip-worktree, staged things) does not count.
 */
export async function snapshot(order: SnapshotOrder): Promise<Result<Snapshot>> {
  const index = join(order.keep, `index.${randomUUID()}`);
  const copied = await io(index, () => copyWithTimes(join(order.keep, 'index'), index));
  if (!copied.ok) return copied;
  const options = { cwd: order.path, gitDir: order.gitDir, env: { GIT_WORK_TREE: order.path, GIT_INDEX_FILE: index } };
  try {
    const taken = await addAll(order, options);
    if (!taken.ok || order.leaveIndex !== true) return taken;
    const left = await io(index, () => rename(index, indexOf(order.keep, taken.value.tree)));
    return left.ok ? taken : left;
  } finally {
    removeFile(index);
    removeFile(`${index}.lock`);
  }
}

/** Where a snapshot of this tree left its index. */
export const indexOf = (keep: string, tree: string): string => join(keep, `index.of.${tree}`);

/**
 * Whether a worktree holds this tree, nothing else and nothing ignored, by one look through the index that the
 * snapshot of it left. False says that it may not be so: then take a snapshot.
 */
export async function isUnchanged({ path, gitDir, keep }: SnapshotOrder, tree: string): Promise<boolean> {
  const index = indexOf(keep, tree);
  if (!(await exists(index).catch(() => false))) return false;
  if (await exists(join(path, '.gitmodules'))) return false; // status does not look into a submodule that was not filled
  const options = { cwd: path, gitDir, env: { GIT_WORK_TREE: path, GIT_INDEX_FILE: index } };
  const told = await runGit(STATUS, options);
  if (!told.ok || told.value.code !== 0) return false;
  // The first letter is index against HEAD, which says nothing here; the second worktree against index.
  return told.value.stdout.split('\0').every((entry) => entry === '' || /^[MADT] /.test(entry));
}

const STATUS = `status --porcelain=v1 -z --no-renames --untracked-files=normal --ignored=traditional
  --ignore-submodules=none`.split(/\s+/);

async function addAll(order: SnapshotOrder, options: GitOptions): Promise<Result<Snapshot>> {
  const except = order.except === undefined ? [] : [order.except];
  const args = addArguments(except);
  const added = await runGit(args, options);
  if (!added.ok) return added;
  if (added.value.code === 0) return treeOf(order, [], added.value, options);
  const unborn = await unbornRepositories(options);
  if (!unborn.ok || unborn.value.length === 0) return fail(failureOf(args, added.value, options));
  const argsWithout = addArguments([...except, ...unborn.value]);
  const again = await runGit(argsWithout, options);
  if (!again.ok) return again;
  if (again.value.code !== 0) return fail(failureOf(argsWithout, again.value, options));
  return treeOf(order, unborn.value, again.value, options);
}

/** Git goes on where it cannot look into a folder, and says so with its words alone. */
const unreadIn = ({ stderr }: Exit): string[] =>
  [...stderr.matchAll(/^warning: could not open directory '(.*?)\/?': /gm)].map(([, folder = '']) => folder);

/** Whether it is the content of the worktree that git did not take, as far as git's own failure tells. */
export const isNotTaken = (failure: Failure): failure is Failure & { kind: 'git' } =>
  failure.kind === 'git' && failure.args.includes(ADD);

const ADD = 'add';
const ADD_ALL = ['-c', 'advice.addEmbeddedRepo=false', ADD, '--all', '--sparse', '--', ':/'];

const addArguments = (except: readonly string[]): string[] => [
  ...ADD_ALL,
  ...except.map((path) => `:(top,exclude,literal)${path}`),
];

async function treeOf(
  order: SnapshotOrder,
  unborn: string[],
  added: Exit,
  options: GitOptions,
): Promise<Result<Snapshot>> {
  const inSubmodules = await workInSubmodules(order.path, options);
  if (!inSubmodules.ok) return inSubmodules;
  const left = { unborn, unread: unreadIn(added), inSubmodules: inSubmodules.value };
  const changed = await changedTree(order, options);
  if (changed !== undefined) return changed.ok ? ok({ tree: changed.value, ...left }) : changed;
  const tree = await git(['write-tree'], options);
  return tree.ok ? ok({ tree: tree.value.trim(), ...left }) : tree;
}

async function changedTree({ base, keep }: SnapshotOrder, { env }: GitOptions): Promise<Result<string> | undefined> {
  const index = env?.['GIT_INDEX_FILE'];
  if (base === undefined || index === undefined) return undefined;
  const { repo, tree } = base;
  const changes = await io(index, async () => changesOfIndex(join(keep, 'index'), index, oidLength(repo)));
  if (!changes.ok) return changes;
  return changes.value && changeTree(repo, tree, changes.value);
}

/** Untracked folders that hold a `.git` and no commit. */
async function unbornRepositories(options: GitOptions): Promise<Result<string[]>> {
  const listed = await git(['ls-files', '-z', '--others', '--directory', '--exclude-standard'], options);
  if (!listed.ok) return listed;
  const folders = listed.value.split('\0').filter((entry) => entry.endsWith('/'));
  const top = options.cwd ?? '';
  const found = await io(top, () => Promise.all(folders.map((folder) => nestedRepositories(top, folder.slice(0, -1)))));
  if (!found.ok) return found;
  const unborn: string[] = [];
  for (const folder of found.value.flat()) {
    const head = await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: join(top, folder) });
    if (!head.ok) return head;
    if (head.value.code !== 0) unborn.push(folder);
  }
  return ok(unborn);
}

/** Folders at or below `folder` (relative to `top`) that hold a `.git`, `top` itself aside; links are not followed. */
export async function nestedRepositories(top: string, folder: string): Promise<string[]> {
  const entries = (await readdir(join(top, folder), { withFileTypes: true }).catch(absent)) ?? [];
  if (folder !== '' && entries.some((entry) => entry.name === '.git')) return [folder];
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== '.git');
  const below = folders.map(({ name }) => nestedRepositories(top, folder === '' ? name : `${folder}/${name}`));
  return (await Promise.all(below)).flat();
}

/** With its times: git trusts an index entry only where the file is older than the index. */
export async function copyWithTimes(from: string, to: string): Promise<void> {
  const { atime, mtime } = statSync(from);
  await copyFile(from, to);
  utimesSync(to, atime, mtime);
}
