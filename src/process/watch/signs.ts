import { createHash } from 'node:crypto';
import type { Dir } from 'node:fs';
import { opendir, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** After so many entries a look ends: what is larger shows itself by the processor time it takes to work on it. */
const MOST_ENTRIES = 50_000;
const PASSED_OVER: ReadonlySet<string> = new Set(['.git', 'node_modules', '.worktrees']);

/** Is a file below the worktree, or anything git keeps of its commits and index, newer than `since` (epoch ms)? */
export async function changedSince(worktree: string, since: number): Promise<boolean> {
  return (await gitChanged(worktree, since)) || (await filesChanged(worktree, since));
}

/** The worktree's own part of the repository: `.git` is a file that names it. */
async function gitFolder(worktree: string): Promise<string> {
  const link = await readFile(join(worktree, '.git'), 'utf8').catch(() => '');
  return resolve(worktree, /^gitdir: (.+)$/m.exec(link)?.[1] ?? '.git');
}

async function gitChanged(worktree: string, since: number): Promise<boolean> {
  const own = await gitFolder(worktree);
  const times = await Promise.all(
    ['HEAD', 'index', 'logs/HEAD', 'COMMIT_EDITMSG'].map((name) => timeOf(join(own, name))),
  );
  return times.some((time) => time > since);
}

async function filesChanged(worktree: string, since: number): Promise<boolean> {
  for await (const _ of changed(worktree, since)) return true;
  return false;
}

/** Files and folders below the worktree that are newer than `since`. */
async function* changed(worktree: string, since: number): AsyncGenerator<{ path: string; kind: 'file' | 'folder' }> {
  const folders = [worktree];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if ((await timeOf(folder)) > since) yield { path: folder, kind: 'folder' };
    const opened: Dir | undefined = await opendir(folder).catch(() => undefined);
    if (!opened) continue;
    for await (const entry of opened) {
      entries += 1;
      if (entries > MOST_ENTRIES) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) folders.push(path);
      else if (entry.isFile() && (await timeOf(path)) > since) yield { path, kind: 'file' };
    }
  }
}

/** So many changed places are looked into; who changes more shows something new by their number. */
const MOST_MADE = 200;
/** Characters of a file. */
const MOST_READ = 256 * 1024;

/**
 * What has been made since: a text for each changed file, folder and commit, the same where it holds the same. Numbers
 * in a file do not make it another one, as a counter or a time is no work.
 */
export async function madeSince(worktree: string, since: number): Promise<string[]> {
  const made = await commitSince(worktree, since);
  for await (const { path, kind } of changed(worktree, since)) {
    if (made.length > MOST_MADE) return [...made, `more than ${MOST_MADE} at ${since}`];
    made.push(digest(path, kind === 'file' ? await lettersIn(path) : await namesIn(path)));
  }
  return made;
}

async function commitSince(worktree: string, since: number): Promise<string[]> {
  const log = join(await gitFolder(worktree), 'logs/HEAD');
  if ((await timeOf(log)) <= since) return [];
  const last = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').at(-1) ?? '';
  return [last.split(' ')[1] ?? ''];
}

const digest = (...texts: readonly string[]): string => createHash('sha1').update(texts.join('\0')).digest('base64');

const lettersIn = (path: string): Promise<string> =>
  readFile(path, 'utf8').then(
    (text) => text.slice(0, MOST_READ).replaceAll(/\d+/g, ''),
    () => '',
  );

const namesIn = (folder: string): Promise<string> =>
  readdir(folder).then(
    (names) => names.toSorted().join('\n'),
    () => '',
  );

const timeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
