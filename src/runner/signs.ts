import type { Dir } from 'node:fs';
import { opendir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** After so many entries a look ends: what is larger shows itself by the processor time it takes to work on it. */
const MOST_ENTRIES = 50_000;
const PASSED_OVER: ReadonlySet<string> = new Set(['.git', 'node_modules', '.worktrees']);

/** Is a file below the worktree, or anything git keeps of its commits and index, newer than `since` (epoch ms)? */
export async function changedSince(worktree: string, since: number): Promise<boolean> {
  return (await gitChanged(worktree, since)) || (await filesChanged(worktree, since));
}

/** The worktree's own part of the repository: `.git` is a file that names it. */
async function gitChanged(worktree: string, since: number): Promise<boolean> {
  const link = await readFile(join(worktree, '.git'), 'utf8').catch(() => '');
  const folder = /^gitdir: (.+)$/m.exec(link)?.[1];
  const own = resolve(worktree, folder ?? '.git');
  const times = await Promise.all(
    ['HEAD', 'index', 'logs/HEAD', 'COMMIT_EDITMSG'].map((name) => timeOf(join(own, name))),
  );
  return times.some((time) => time > since);
}

async function filesChanged(worktree: string, since: number): Promise<boolean> {
  const folders = [worktree];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if ((await timeOf(folder)) > since) return true;
    const opened: Dir | undefined = await opendir(folder).catch(() => undefined);
    if (!opened) continue;
    for await (const entry of opened) {
      entries += 1;
      if (entries > MOST_ENTRIES) return false;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) folders.push(path);
      else if (entry.isFile() && (await timeOf(path)) > since) return true;
    }
  }
  return false;
}

const timeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
