import { dirname, join, relative, sep } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { io, readIfAny, writeWhole } from './files.ts';
import type { Repository } from './repository.ts';

/**
 * Keeps the folder a worktree lies in out of everybody's status: one line in info/exclude, written once, the only
 * thing ever written there. Gives the line; none where the folder is outside of the checkout.
 */
export async function excludeFolder(repo: Repository, path: string): Promise<Result<string[]>> {
  const folder = relative(repo.root, dirname(path));
  if (folder === '' || folder.startsWith('..')) return ok([]);
  const line = `/${folder
    .split(sep)
    .join('/')
    .replaceAll(/[\\*?[\]!#]/g, '\\$&')}/`;
  const file = join(repo.commonDir, 'info', 'exclude');
  return repo.worktreeTurn.take(() => io(file, () => append(file, line)));
}

async function append(file: string, line: string): Promise<string[]> {
  const text = (await readIfAny(file)) ?? '';
  if (!text.split('\n').includes(line)) {
    await writeWhole(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
  }
  return [line];
}
