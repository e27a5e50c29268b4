import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../model/failure.ts';
import { absent, exists, io } from './files.ts';
import { deleteRefs, readRef, updateRefs } from './refs.ts';
import { removeFolder } from './remove-folder.ts';
import type { Repository } from './repository.ts';
import { git, runGit } from './run.ts';
import { readEntry, type TrashEntry } from './trash.ts';

/** What is in the trash, oldest first. */
export function listTrash(repo: Repository): Promise<Result<TrashEntry[]>> {
  const folder = folderOf(repo);
  return io(folder, async () => {
    const ids = (await readdir(folder).catch(absent)) ?? [];
    const entries = await Promise.all(ids.map((id) => readEntry(join(folder, id, 'entry.json'))));
    return entries.filter((entry) => entry !== undefined).toSorted((a, b) => a.when - b.when);
  });
}

/**
 * Brings a worktree back, complete, at the place it had (or beside it, should that be taken): on its branch where
 * the branch is free, with its changes unstaged. Gives the path.
 */
export async function restoreFromTrash(repo: Repository, id: string): Promise<Result<string>> {
  const entries = await listTrash(repo);
  if (!entries.ok) return entries;
  const entry = entries.value.find((one) => one.id === id);
  if (entry === undefined) return fail({ kind: 'notFound', what: 'entry in the trash', name: id });
  const path = await io(entry.path, () => freePath(entry.path));
  if (!path.ok) return path;
  const made = await repo.worktreeTurn.take(() => register(repo, entry, path.value));
  if (!made.ok) return made;
  const moved = await io(path.value, () => moveBack(entry, path.value));
  if (!moved.ok) return moved;
  const indexed = await git(['reset', '--quiet', '--mixed'], { cwd: path.value });
  if (!indexed.ok) return indexed;
  const removed = await removeEntry(repo, entry);
  return removed.ok ? ok(path.value) : removed;
}

/**
 * Deletes entries for good: those whose work is in a branch; with `force` the others too, which are otherwise
 * refused. `olderThan` in milliseconds spares younger ones.
 */
export async function emptyTrash(
  repo: Repository,
  { olderThan = 0, force = false, now = Date.now() }: { olderThan?: number; force?: boolean; now?: number } = {},
): Promise<Result<{ removed: string[]; refused: string[] }>> {
  const entries = await listTrash(repo);
  if (!entries.ok) return entries;
  const removed: string[] = [];
  const refused: string[] = [];
  for (const entry of entries.value.filter(({ when }) => when <= now - olderThan)) {
    if (!force && !(await isMerged(repo, entry))) refused.push(entry.id);
    else {
      const gone = await removeEntry(repo, entry);
      if (!gone.ok) return gone;
      removed.push(entry.id);
    }
  }
  const doomed = join(repo.state, 'doomed');
  const swept = await io(doomed, () => removeFolder(doomed));
  return swept.ok ? ok({ removed, refused }) : swept;
}

/** Deletes one entry for good, whatever is in it. False where there is no such entry any more. */
export async function dropFromTrash(repo: Repository, id: string): Promise<Result<boolean>> {
  const entry = await io(id, () => readEntry(join(folderOf(repo), id, 'entry.json')));
  if (!entry.ok || entry.value === undefined) return entry.ok ? ok(false) : entry;
  const removed = await removeEntry(repo, entry.value);
  return removed.ok ? ok(true) : removed;
}

const folderOf = (repo: Repository): string => join(repo.state, 'trash');

/** Whether a branch, here or at a remote, holds all work of the entry. */
async function isMerged(repo: Repository, { commits, unsaved }: TrashEntry): Promise<boolean> {
  if (unsaved || commits.result === null) return false;
  const args = ['for-each-ref', '--count=1', '--format=%(refname)', '--contains', commits.result];
  const found = await runGit([...args, 'refs/heads', 'refs/remotes'], { gitDir: repo.commonDir });
  return found.ok && found.value.stdout !== '';
}

async function freePath(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${path}-${n}`;
    if (!(await exists(candidate))) return candidate;
  }
}

/** Lets git make its record of a worktree, with nothing in it but `.git`. */
async function register(repo: Repository, { branch, commits }: TrashEntry, path: string): Promise<Result<void>> {
  const start = commits.head ?? commits.branch ?? commits.result;
  if (start === null) return fail({ kind: 'notFound', what: 'commit of the entry', name: path });
  const taken = await readRef(repo, `refs/heads/${branch}`);
  if (!taken.ok) return taken;
  const onBranch = taken.value === null && (commits.branch === null || commits.branch === start);
  const where = onBranch ? ['--no-track', '-b', branch] : ['--detach'];
  const args = ['worktree', 'add', '--quiet', '--no-checkout', ...where, '--', path, start];
  const added = await git(args, { cwd: repo.root });
  if (!added.ok) return added;
  if (onBranch || taken.value !== null || commits.branch === null) return ok(undefined);
  return updateRefs(repo, [{ ref: `refs/heads/${branch}`, old: null, new: commits.branch }]);
}

/** The content with the new `.git`; one an agent put in its place stays beside it. */
async function moveBack({ tree }: TrashEntry, path: string): Promise<void> {
  if (tree === null) return;
  const old = join(tree, '.git');
  if (await isFolder(old)) await rename(old, join(tree, '.git-of-agent'));
  await mkdir(dirname(path), { recursive: true });
  await rename(join(path, '.git'), old);
  await rmdir(path);
  await rename(tree, path);
}

async function isFolder(path: string): Promise<boolean> {
  return (await readdir(path).catch(() => undefined)) !== undefined;
}

async function removeEntry(repo: Repository, { id, tree }: TrashEntry): Promise<Result<void>> {
  const folder = join(folderOf(repo), id);
  const gone = await io(folder, async () => {
    if (tree !== null) await removeFolder(tree);
    await removeFolder(folder);
  });
  return gone.ok ? deleteRefs(repo, `refs/orchestrate/trash/${id}`) : gone;
}
