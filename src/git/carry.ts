import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../model/failure.ts';
import { commitTree } from './commit.ts';
import { mergeContext } from './context.ts';
import { io } from './files.ts';
import { mergeTree } from './merge-tree.ts';
import type { Repository } from './repository.ts';
import { failureOf, git, runGit, streamGit, type GitOptions } from './run.ts';

export type Carry = { carried: 'none' | 'applied' } | { carried: 'patch'; patch: string };

/** How much of a former change goes into a prompt, in bytes. */
const PATCH_LIMIT = 100_000;

interface Order {
  path: string;
  /** The worktree's git directory. */
  gitDir: string;
  /** Its new base. */
  base: string;
  /** Holds the pristine index. */
  keep: string;
  carry: { result: string; base: string };
}

/**
 * Brings a former change into a fresh worktree as uncommitted work: three-way at the new base, or, where that
 * conflicts, as the text of a patch with the worktree untouched.
 */
export async function carryOver(repo: Repository, order: Order): Promise<Result<Carry>> {
  const context = await mergeContext(repo, order.base);
  if (!context.ok) return context;
  const sides = await sidesOf(context.value, order);
  if (!sides.ok) return sides;
  const merged = await mergeTree(context.value, ...sides.value);
  if (!merged.ok) return merged;
  return 'tree' in merged.value ? restore(order, merged.value.tree) : patchOf(context.value, order);
}

/**
 * Two commits whose merge base is the former base. Where history gives another one (the former base was rolled
 * back), the three trees get a small history of their own: git before 2.40 cannot be told a merge base.
 */
async function sidesOf(context: GitOptions, { base, carry }: Order): Promise<Result<[string, string]>> {
  const found = await runGit(['merge-base', base, carry.result], context);
  if (!found.ok) return found;
  if (found.value.stdout.trim() === carry.base) return ok([base, carry.result]);
  const root = await bareCommit(context, carry.base);
  if (!root.ok) return root;
  const ours = await bareCommit(context, base, root.value);
  if (!ours.ok) return ours;
  const theirs = await bareCommit(context, carry.result, root.value);
  return theirs.ok ? ok([ours.value, theirs.value]) : theirs;
}

function bareCommit(context: GitOptions, of: string, parent?: string): Promise<Result<string>> {
  const author = { name: '', email: '' };
  const parents = parent === undefined ? [] : [parent];
  return commitTree(context, { tree: `${of}^{tree}`, parents, message: 'side', author, date: 0 });
}

/** Files as in `tree`, index as at the base: the change shows as the agent's own uncommitted work would. */
async function restore({ path, gitDir, base, keep }: Order, tree: string): Promise<Result<Carry>> {
  const options = { cwd: path, gitDir, env: { GIT_WORK_TREE: path } };
  const read = await git(['read-tree', '-m', '-u', base, tree], options);
  if (!read.ok) return read;
  const index = join(gitDir, 'index');
  const back = await io(index, () => copyFile(join(keep, 'index'), index));
  return back.ok ? ok({ carried: 'applied' }) : back;
}

async function patchOf(context: GitOptions, { carry }: Order): Promise<Result<Carry>> {
  const pieces: Buffer[] = [];
  let size = 0;
  const args = ['diff-tree', '-r', '-p', '--no-renames', carry.base, carry.result];
  const streamed = await streamGit(args, context, (chunk) => {
    if (size < PATCH_LIMIT) pieces.push(chunk.subarray(0, PATCH_LIMIT - size));
    size += chunk.length;
  });
  if (!streamed.ok) return streamed;
  if (streamed.value.code !== 0) return fail(failureOf(args, streamed.value, context));
  const cut = size > PATCH_LIMIT ? `\n… ${size - PATCH_LIMIT} more bytes were cut\n` : '';
  return ok({ carried: 'patch', patch: Buffer.concat(pieces).toString('utf8') + cut });
}
