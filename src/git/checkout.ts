import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { adminFolder, forgetWorktree } from './admin.ts';
import { excludeFolder } from './exclude.ts';
import { absent, io, readIfAny } from './files.ts';
import { removeFolder } from './remove-folder.ts';
import type { Repository } from './repository.ts';
import { git, type GitOptions } from './run.ts';

/**
 * A tree to run gates in: a detached worktree of the run's own at `commit`, with what earlier gates left outside
 * of git's sight (installed packages, caches) still there. Made where it is missing; repaired where it is broken.
 */
export async function prepareTree(
  repo: Repository,
  { path, commit }: { path: string; commit: string },
): Promise<Result<void>> {
  const excluded = await excludeFolder(repo, path);
  if (!excluded.ok) return excluded;
  const admin = await io(path, () => findWhole(repo, path));
  if (!admin.ok) return admin;
  if (admin.value !== undefined) {
    const moved = await move(path, admin.value, commit);
    if (moved.ok || moved.failure.kind === 'diskFull') return moved;
  }
  return repo.worktreeTurn.take(() => makeAnew(repo, path, commit));
}

/** What differs in such a tree from the commit it was put at, with what is new in it; empty where it is gone. */
export async function changedIn(
  repo: Repository,
  { path, commit }: { path: string; commit: string },
): Promise<Result<string[]>> {
  const admin = await io(path, () => findWhole(repo, path));
  if (!admin.ok || admin.value === undefined) return admin.ok ? ok([]) : admin;
  const options: GitOptions = { cwd: path, gitDir: admin.value, env: { GIT_WORK_TREE: path } };
  const changed = await git(['diff', '--name-only', '--no-ext-diff', '-z', commit, '--'], options);
  if (!changed.ok) return changed;
  const fresh = await git(['ls-files', '--others', '--exclude-standard', '-z'], options);
  if (!fresh.ok) return fresh;
  return ok([...new Set(`${changed.value}${fresh.value}`.split('\0').filter((name) => name !== ''))]);
}

/** Takes such a tree away. Nothing in it is anybody's work: its commit has a ref, the rest came from gates. */
export async function removeTree(repo: Repository, path: string): Promise<Result<void>> {
  const removed = await io(path, () => removeFolder(path));
  return removed.ok ? forgetWorktree(repo, path) : removed;
}

/** The git directory of a tree that is whole as far as can be seen: git knows it, and its `.git` names it. */
async function findWhole(repo: Repository, path: string): Promise<string | undefined> {
  const admin = await adminFolder(repo, path);
  const named = (await readIfAny(join(path, '.git')).catch(() => undefined))?.replace(/^gitdir: /, '').trimEnd();
  return admin !== undefined && named !== undefined && resolve(path, named) === admin ? admin : undefined;
}

async function move(path: string, admin: string, commit: string): Promise<Result<void>> {
  const cleared = await io(admin, () => clearLocks(admin));
  if (!cleared.ok) return cleared;
  const options: GitOptions = { cwd: path, gitDir: admin, env: { GIT_WORK_TREE: path } };
  const moved = await git(['checkout', '--quiet', '--detach', '--force', commit], options);
  if (!moved.ok) return moved;
  const cleaned = await git(['clean', '--quiet', '-ffd'], options);
  return cleaned.ok ? ok(undefined) : cleaned;
}

/** Only this run uses the tree, one gate after the other: a lock in it is of a process that is no more. */
async function clearLocks(admin: string): Promise<void> {
  const names = (await readdir(admin).catch(absent)) ?? [];
  await Promise.all(names.filter((name) => name.endsWith('.lock')).map((name) => rm(join(admin, name))));
}

/** The folder is ours and holds nothing that cannot be made again. */
async function makeAnew(repo: Repository, path: string, commit: string): Promise<Result<void>> {
  const forgotten = await forgetWorktree(repo, path);
  if (!forgotten.ok) return forgotten;
  const removed = await io(path, () => removeFolder(path));
  if (!removed.ok) return removed;
  const args = ['worktree', 'add', '--quiet', '--detach', '--', path, commit];
  const first = await git(args, { cwd: repo.root });
  // `git gc` takes an empty folder of records away, even between two steps of another git.
  const isGone = !first.ok && !existsSync(join(repo.commonDir, 'worktrees'));
  const added = isGone ? await git(args, { cwd: repo.root }) : first;
  if (added.ok) return ok(undefined);
  await forgetWorktree(repo, path);
  await io(dirname(path), () => removeFolder(path));
  return added;
}
