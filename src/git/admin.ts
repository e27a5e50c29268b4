import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, realpathSync, renameSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../model/failure.ts';
import { io, readIfAny, unlessAbsent } from './files.ts';
import { removeFolder } from './remove-folder.ts';
import type { Repository } from './repository.ts';
import { git } from './run.ts';

/**
 * git's own folder of a worktree: `<commonDir>/worktrees/<id>`, found by what it points at, because a worktree's
 * `.git` file is in reach of its agent. Undefined where git knows no worktree at `path`.
 */
export async function adminFolder(repo: Repository, path: string): Promise<string | undefined> {
  const folder = join(repo.commonDir, 'worktrees');
  const wanted = new Set([join(path, '.git'), join(real(path), '.git')]);
  const ids = unlessAbsent(() => readdirSync(folder)) ?? [];
  // git names the folder after the worktree's: look there first
  const likelyFirst = ids.toSorted((a, b) => Number(b === basename(path)) - Number(a === basename(path)));
  for (const id of likelyFirst) {
    const target = await readIfAny(join(folder, id, 'gitdir'));
    if (target !== undefined && wanted.has(resolve(folder, id, target.trimEnd()))) return join(folder, id);
  }
  return undefined;
}

/** Makes git forget the worktree at `path`, and no other: a prune would take those on unplugged disks too. */
export async function forgetWorktree(repo: Repository, path: string): Promise<Result<void>> {
  return io(path, async () => {
    const admin = await adminFolder(repo, path);
    if (admin !== undefined) await retire(repo, admin);
  });
}

/** Takes git's record of a worktree away in one step: whoever lists worktrees meanwhile finds it whole or not at all. */
export async function retire(repo: Repository, admin: string): Promise<void> {
  const doomed = join(repo.state, 'doomed');
  mkdirSync(doomed, { recursive: true, mode: 0o700 });
  const aside = join(doomed, `record-${randomUUID()}`);
  renameSync(admin, aside);
  await removeFolder(aside);
}

/** The worktree's git directory, for commands that must not trust what lies in the worktree. */
export async function worktreeGitDir(repo: Repository, path: string): Promise<Result<string>> {
  const admin = await io(path, () => adminFolder(repo, path));
  if (!admin.ok) return admin;
  return admin.value === undefined ? fail({ kind: 'notFound', what: 'worktree', name: path }) : ok(admin.value);
}

/** A name that can be a folder and part of a ref; everything else is refused, whoever made it. */
export function checkName(name: string): Result<string> {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) && !name.includes('..') && !name.endsWith('.lock');
  return plain ? ok(name) : fail({ kind: 'refused', reason: `"${name}" cannot be the name of a worktree.` });
}

/** The real path as far as it exists. */
function real(path: string): string {
  const known = unlessAbsent(() => realpathSync.native(path));
  if (known !== undefined) return known;
  const parent = dirname(path);
  return parent === path ? path : join(real(parent), basename(path));
}

/**
 * `for-each-ref` with worktrees' paths reads files of every worktree, half written ones too: it takes its turn with
 * what we write (so never call it within one), and is asked again when somebody else was writing.
 */
export function refsInWorktrees(repo: Repository, args: readonly string[]): Promise<Result<string>> {
  return repo.worktreeTurn.take(async () => {
    for (let left = 4; ; left -= 1) {
      const told = await git(['for-each-ref', ...args], { gitDir: repo.commonDir });
      if (told.ok || left === 0) return told;
    }
  });
}
