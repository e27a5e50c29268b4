import { fail, ok, type Result } from '../model/failure.ts';
import { failureOf, runGit, type GitOptions } from './run.ts';

export type MergedTree = { tree: string } | { conflicts: string[] };

/** What two commits come to together: a tree, or the paths in conflict (latin1, one character a byte). */
export async function mergeTree(context: GitOptions, ours: string, theirs: string): Promise<Result<MergedTree>> {
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs];
  const merged = await runGit(args, { ...context, bytes: true });
  if (!merged.ok) return merged;
  const [tree = '', ...paths] = merged.value.stdout.split('\0').filter((part) => part !== '');
  if (merged.value.code === 1) return ok({ conflicts: [...new Set(paths.map(withoutSide))] });
  return merged.value.code === 0 ? ok({ tree }) : fail(failureOf(args, merged.value, context));
}

/** A file in the way of a folder is reported under a name made of its own and the commit's. */
const withoutSide = (path: string): string => path.replace(/~[0-9a-f]{40,64}(_\d+)?$/, '');
