import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok, type Failure, type Result } from '../model/failure.ts';

/** The one catch around file work: what the system refuses becomes a Failure. */
export async function io<T>(path: string, work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    return fail(ioFailure(path, error));
  }
}

export function ioFailure(path: string, error: unknown): Failure {
  const code = codeOf(error) ?? 'unknown';
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return { kind: 'diskFull', path };
  return { kind: 'io', path, code, message };
}

/** The system's name of an error, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether anything is there, a dangling link included. */
export async function exists(path: string): Promise<boolean> {
  return (await lstatIfAny(path)) !== undefined;
}

export function lstatIfAny(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  return lstat(path).catch(absent);
}

/** The text of a file, or undefined where there is none. Other troubles throw. */
export function readIfAny(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(absent);
}

/** Whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomUUID()}.new`;
  try {
    await writeFile(beside, text, { flush: true });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Ends a catch: undefined where the thing does not exist, the error itself otherwise. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
