import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, type Stats, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../model/failure.ts';
import { ioFailure } from '../process/durable-now.ts';
import { writeSynced } from '../process/durable.ts';

/*
 * Small files, looked at, read and written at once: handing one to another thread takes several times as long as the
 * work. Only what waits for the disk is waited for.
 */

/** The one catch around file work: what the system refuses becomes a Failure. */
export async function io<T>(path: string, work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (error) {
    return fail(ioFailure(path, error));
  }
}

/** Whether anything is there, a dangling link included. */
export async function exists(path: string): Promise<boolean> {
  return (await lstatIfAny(path)) !== undefined;
}

export async function lstatIfAny(path: string): Promise<Stats | undefined> {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** The text of a file, or undefined where there is none. Other troubles throw. */
export async function readIfAny(path: string): Promise<string | undefined> {
  return unlessAbsent(() => readFileSync(path, 'utf8'));
}

/** Deletes a file, should there be one. */
export function removeFile(path: string): void {
  unlessAbsent(() => unlinkSync(path));
}

/** What the system gives, or undefined where the thing does not exist. Other troubles throw. */
export function unlessAbsent<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    return absent(error as NodeJS.ErrnoException);
  }
}

/** Whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomUUID()}.new`;
  try {
    await writeSynced(beside, text);
    renameSync(beside, path);
  } catch (error) {
    removeFile(beside);
    throw error;
  }
}

/** Ends a catch: undefined where the thing does not exist, the error itself otherwise. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
