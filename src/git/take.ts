import { join } from 'node:path';
import type { SimpleGit } from 'simple-git';
import { fail, ok, type Result } from '../model/failure.ts';
import { exists, io } from './files.ts';
import { readRef } from './refs.ts';
import { readHead, type Repository } from './repository.ts';
import { git } from './run.ts';

export type Taken =
  | { kind: 'taken'; commit: string }
  /** The merge was given up; the checkout is as it was. */
  | { kind: 'conflicted'; paths: string[] };

/**
 * Brings a result into the user's checkout because the user said so: with their configuration and their hooks, as
 * if they had typed it. Local changes hinder only where the branch touches the same files.
 *
 * Fails as notFound (no such branch), or refused with git's own words.
 */
export async function takeBranch(
  repo: Repository,
  { branch, how }: { branch: string; how: 'merge' | 'checkout' },
): Promise<Result<Taken>> {
  const tip = await readRef(repo, `refs/heads/${branch}`);
  if (!tip.ok) return tip;
  if (tip.value === null) return fail({ kind: 'notFound', what: 'branch', name: branch });
  const busy = await io(repo.gitDir, () => exists(join(repo.gitDir, 'MERGE_HEAD')));
  if (!busy.ok) return busy;
  if (busy.value) return fail({ kind: 'refused', reason: 'A merge is in progress in this checkout: finish it first.' });
  const { simpleGit } = await import('simple-git');
  const user = simpleGit({ baseDir: repo.root });
  const done = how === 'merge' ? await merge(repo, user, branch) : await attempt(() => user.raw(['switch', branch]));
  if (!done.ok) return done;
  if (Array.isArray(done.value)) return ok({ kind: 'conflicted', paths: done.value });
  const head = await readHead(repo);
  return head.ok ? ok({ kind: 'taken', commit: head.value.commit }) : head;
}

/** The paths in conflict, or git's words where it went well. A merge that stopped is undone, for whatever reason. */
async function merge(repo: Repository, user: SimpleGit, branch: string): Promise<Result<string | string[]>> {
  const merged = await attempt(() => user.raw(['merge', '--no-edit', branch]));
  const begun = await io(repo.gitDir, () => exists(join(repo.gitDir, 'MERGE_HEAD')));
  if (!begun.ok) return begun;
  if (!begun.value) return merged;
  const unmerged = await git(['diff', '--name-only', '--diff-filter=U', '-z'], { cwd: repo.root });
  const aborted = await attempt(() => user.raw(['merge', '--abort']));
  if (!aborted.ok) return aborted;
  if (!unmerged.ok) return unmerged;
  const paths = unmerged.value.split('\0').filter((path) => path !== '');
  if (paths.length > 0) return ok(paths);
  return merged.ok ? fail({ kind: 'refused', reason: 'git did not finish the merge.' }) : merged;
}

/** simple-git throws what git printed. */
async function attempt<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    return fail({ kind: 'refused', reason: error instanceof Error ? error.message.trim() : String(error) });
  }
}
