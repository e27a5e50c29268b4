import { join } from 'node:path';
import type { SimpleGit } from 'simple-git';
import { fail, ok, type Result } from '../model/failure.ts';
import { exists, io } from './files.ts';
import { mergeTree } from './merge-tree.ts';
import { fromBytes } from './objects.ts';
import { readRef } from './refs.ts';
import { readHead, type Repository } from './repository.ts';
import { rememberTaking } from './untake.ts';

export type Taken =
  | { kind: 'taken'; commit: string }
  /** Nothing was done; the checkout is as it was. */
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
  const before = await readHead(repo);
  if (!before.ok) return before;
  const { simpleGit } = await import('simple-git');
  const user = simpleGit({ baseDir: repo.root });
  const done = how === 'merge' ? await merge(repo, user, branch) : await attempt(() => user.raw(['switch', branch]));
  if (!done.ok) return done;
  if (Array.isArray(done.value)) return ok({ kind: 'conflicted', paths: done.value });
  const after = await readHead(repo);
  if (!after.ok) return after;
  const kept = await rememberTaking(repo, { root: repo.root, branch, how, before: before.value, after: after.value });
  return kept.ok ? ok({ kind: 'taken', commit: after.value.commit }) : kept;
}

/** The paths in conflict, or git's words where it went well. */
async function merge(repo: Repository, user: SimpleGit, branch: string): Promise<Result<string | string[]>> {
  const conflicts = await foresee(repo, branch);
  if (!conflicts.ok) return conflicts;
  if (conflicts.value.length > 0) return ok(conflicts.value);
  const merged = await attempt(() => user.raw(['merge', '--no-edit', branch]));
  const begun = await io(repo.gitDir, () => exists(join(repo.gitDir, 'MERGE_HEAD')));
  if (!begun.ok || !begun.value) return begun.ok ? merged : begun;
  // a hook said no: back to where it was
  const aborted = await attempt(() => user.raw(['merge', '--abort']));
  if (!aborted.ok || !merged.ok) return aborted.ok ? merged : aborted;
  return fail({ kind: 'refused', reason: 'git did not finish the merge.' });
}

/**
 * What would be in conflict, asked without a checkout: a merge that has begun cannot always be undone (`--abort`
 * refuses where a folder met a file).
 */
async function foresee(repo: Repository, branch: string): Promise<Result<string[]>> {
  const merged = await mergeTree({ cwd: repo.root }, 'HEAD', branch);
  if (!merged.ok) return merged;
  return ok('conflicts' in merged.value ? merged.value.conflicts.map(fromBytes) : []);
}

/** simple-git throws what git printed. */
async function attempt<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    return fail({ kind: 'refused', reason: error instanceof Error ? error.message.trim() : String(error) });
  }
}
