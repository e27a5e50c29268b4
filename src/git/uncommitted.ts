import { ok, type Result } from '../model/failure.ts';
import type { Repository } from './repository.ts';
import { git } from './run.ts';

/** Which files are told of. */
interface Wanted {
  /** Files and folders that are passed over. */
  besides: readonly string[];
  /** A folder that is new as a whole: its files, or itself with a `/` at its end. */
  fresh: 'files' | 'folders';
}

/** What differs in the checkout from the last commit, and what git does not know yet and may. */
export async function uncommitted({ root }: Repository, { besides, fresh }: Wanted): Promise<Result<string[]>> {
  const untracked = `--untracked-files=${fresh === 'files' ? 'all' : 'normal'}`;
  const told = await git(['status', '--porcelain', '-z', '--no-renames', untracked], { cwd: root });
  if (!told.ok) return told;
  const paths = told.value.split('\0').flatMap((line) => (line === '' ? [] : line.slice(3)));
  return ok(paths.filter((path) => !besides.some((one) => path === one || path.startsWith(`${one}/`))));
}
