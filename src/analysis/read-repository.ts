import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository as GitRepository } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { ok, type Result } from '../model/failure.ts';
import { type History, LOG_ARGUMENTS, readHistory } from './history.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** The files as they lie in the checkout: what git knows, and what is new and not ignored. Content names are of the index. */
export async function readFiles(repository: Pick<GitRepository, 'root'>): Promise<Result<RepositoryFiles>> {
  const cwd = { cwd: repository.root };
  const [known, changed] = await Promise.all([
    git(['ls-files', '-s', '-z'], cwd),
    git(['ls-files', '-m', '-o', '-z', '--exclude-standard'], cwd),
  ]);
  if (!known.ok) return known;
  if (!changed.ok) return changed;
  const blobs = new Map(known.value.split('\0').flatMap(entry));
  for (const path of changed.value.split('\0')) if (path !== '') blobs.set(path, '');
  const { root } = repository;
  return ok({
    paths: [...blobs.keys()],
    text: (path) => textOf(join(root, path)),
    blob: (path) => blobs.get(path) || undefined,
  });
}

/** `<mode> <blob> <stage>\t<path>`; submodules have no text. */
function entry(line: string): [string, string][] {
  const match = /^(\d+) ([0-9a-f]+) \d\t([\s\S]+)$/u.exec(line);
  return match?.[2] === undefined || match[3] === undefined || match[1] === '160000' ? [] : [[match[3], match[2]]];
}

/** Undefined where there is no file any more, or one too large to have been written by a person. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, UTF8);
  } catch {
    return undefined; // deleted, a folder, a dangling link: it imports nothing
  }
}

/** Made once: it is asked for thousands of files. */
const UTF8 = { encoding: 'utf8' } as const;

/** Commits looked at; more say nothing new about what belongs together now. */
const COMMITS = 2000;
const MERGES = 50;

/** The recent past of the branch that is checked out. Two spawns, and a third where there are merges. */
export async function readPast(repository: Pick<GitRepository, 'root'>): Promise<Result<History>> {
  const cwd = { cwd: repository.root };
  const [log, merges] = await Promise.all([
    git([...LOG_ARGUMENTS, `--max-count=${COMMITS}`], cwd),
    git(
      ['log', '--merges', '--format=%x01', '--diff-merges=combined', '--name-only', '-z', `--max-count=${MERGES}`],
      cwd,
    ),
  ]);
  if (!log.ok) return log;
  if (!merges.ok) return merges;
  return ok(readHistory(log.value, combined(merges.value)));
}

/** A combined diff names the files that differ from every parent: both sides had changed them. */
function combined(log: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of log.replaceAll('\u0001', '\0').replaceAll('\n', '\0').split('\0'))
    if (file !== '') counts.set(file, (counts.get(file) ?? 0) + 1);
  return counts;
}

/** Megabytes of the files of a checkout; of at most so many, the rest by their average. */
export function checkoutSize(root: string, paths: readonly string[], most = 3000): number {
  const step = Math.max(1, Math.ceil(paths.length / most));
  const sample = paths.filter((_, at) => at % step === 0);
  const bytes = sample.reduce(
    (sum, path) => sum + (statSync(join(root, path), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  return sample.length === 0 ? 0 : (bytes / sample.length) * paths.length * 1e-6;
}
