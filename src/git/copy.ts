import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import picomatch from 'picomatch';
import { ok, type Result } from '../model/failure.ts';
import { exists, io, lstatIfAny } from './files.ts';
import type { Repository } from './repository.ts';
import { git } from './run.ts';

export interface Copied {
  /** Relative to the root, `/` as separator. */
  path: string;
  /** SHA-256 of its content, hex. */
  hash: string;
}

/**
 * Copies ignored files of the checkout into a worktree: what `patterns` name (paths, folders, globs), regular
 * files only. Nothing that is not ignored (it would become part of the result), no link, nothing over a file
 * that is there, nothing through a link in the worktree.
 */
export async function copyIgnored(
  repo: Repository,
  path: string,
  patterns: readonly string[],
): Promise<Result<{ copied: Copied[]; warnings: string[] }>> {
  const listed = await ignoredFiles(repo, patterns);
  if (!listed.ok) return listed;
  const copied: Copied[] = [];
  const warnings: string[] = [];
  for (const file of listed.value) {
    const done = await io(file, () => copyOne(repo.root, path, file));
    if (!done.ok) return done;
    if (typeof done.value === 'string') warnings.push(done.value);
    else if (done.value) copied.push(done.value);
  }
  return ok({ copied, warnings });
}

export const hashOf = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

const isGlob = (pattern: string): boolean => picomatch.scan(pattern).isGlob;
const plain = (pattern: string): string => pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '');

async function ignoredFiles(repo: Repository, patterns: readonly string[]): Promise<Result<string[]>> {
  const wanted = await present(repo.root, patterns.map(plain));
  if (wanted.length === 0) return ok([]);
  const pathspecs = wanted.map(
    (pattern) => `:(top,literal)${isGlob(pattern) ? picomatch.scan(pattern).base : pattern}`,
  );
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--'];
  const listed = await git([...args, ...pathspecs.map((p) => (p === ':(top,literal)' ? ':/' : p))], { cwd: repo.root });
  if (!listed.ok) return listed;
  const matches = wanted.map((pattern) =>
    isGlob(pattern)
      ? picomatch(pattern, { dot: true })
      : (file: string) => file === pattern || file.startsWith(`${pattern}/`),
  );
  const files = listed.value.split('\0').filter((file) => file !== '' && !file.endsWith('/'));
  return ok(files.filter((file) => matches.some((match) => match(file))));
}

/** Globs, and those plain paths that exist: usually none, and then git need not be asked. */
async function present(root: string, patterns: readonly string[]): Promise<string[]> {
  const inside = patterns.filter((pattern) => pattern !== '' && !pattern.split('/').includes('..'));
  const there = await Promise.all(inside.map(async (pattern) => isGlob(pattern) || exists(join(root, pattern))));
  return inside.filter((_, i) => there[i]);
}

/** What was copied, undefined where something is there already, or why it was not. */
async function copyOne(root: string, path: string, file: string): Promise<Copied | string | undefined> {
  const from = join(root, file);
  const to = join(path, file);
  if (!(await lstat(from)).isFile()) return `${file} was not copied: it is not a regular file`;
  if (await lstatIfAny(to)) return undefined;
  await mkdir(dirname(to), { recursive: true });
  const parent = await realpath(dirname(to));
  const top = await realpath(path);
  if (parent !== top && !parent.startsWith(top + sep))
    return `${file} was not copied: a link leads out of the worktree`;
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  return { path: file, hash: await hashOf(to) };
}
