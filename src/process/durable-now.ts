import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fail, ok, type Failure, type Result } from '../model/failure.ts';
import { faultPoint } from './fault.ts';

/*
 * Small files, read and written at once. A runner does nothing else meanwhile and lives for one job, so it loads nothing
 * that waits; and for a file of a few hundred bytes handing the work to another thread costs more than the work.
 */

/**
 * Replaces a file so that a reader, also one after a power cut, sees the old text or the new one and nothing else:
 * temporary file, fsync, rename, fsync of the folder.
 */
export function writeDurablyNow(path: string, text: string): Result<undefined> {
  const temporary = temporaryFor(path);
  try {
    writeFileSync(temporary, text, { flush: true });
    faultPoint('rename.before');
    renameSync(temporary, path);
    faultPoint('rename.after');
    syncFolderNow(dirname(path));
    return ok(undefined);
  } catch (error) {
    remove(temporary);
    return fail(ioFailure(path, error));
  }
}

/**
 * Creates a file with its whole text in one step; false when it was there before. A hard link does it, because a file
 * opened exclusively is empty for a moment. Not durable until `syncNow` or `syncFile`.
 */
export function createExclusively(path: string, text: string): Result<boolean> {
  const temporary = temporaryFor(path);
  try {
    writeFileSync(temporary, text);
    return ok(placeExclusively(temporary, path, text));
  } catch (error) {
    return fail(ioFailure(path, error));
  } finally {
    remove(temporary);
  }
}

/** Makes a file that exists, and its name in its folder, durable. */
export function syncNow(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolderNow(dirname(path));
}

/** Parsed JSON, or undefined where the file is absent, unreadable or not JSON: half a file is no file. */
export function readJsonNow(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The values of a JSONL file; lines that are not JSON, such as a torn last one, are left out. */
export function readJsonLinesNow(path: string): unknown[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.split('\n').flatMap(parseLine);
}

/** What the system said, as a failure: a full disk is told apart because a person can do something about it. */
export function ioFailure(path: string, error: unknown): Failure {
  const { code, message } = systemError(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return { kind: 'diskFull', path };
  // `EEXIST: file already exists, mkdir '/a/b'`: code and path are told beside it.
  const said = message.replace(/^[A-Z]+: /, '').replace(/, [a-z]+( '.*)?$/s, '');
  return { kind: 'io', path, code, message: said };
}

/** The parts of a system's error; anything may be thrown, so the code can be UNKNOWN. */
export function systemError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  return { code, message: error.message };
}

/** A name beside `path` that nobody else makes. */
export const temporaryFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${process.hrtime.bigint().toString(36)}`);

function placeExclusively(temporary: string, path: string, text: string): boolean {
  if (tookPlace(() => linkSync(temporary, path))) return true;
  if (existsSync(path)) return false;
  // A file system without hard links.
  if (tookPlace(() => writeFileSync(path, text, { flag: 'wx' }))) return true;
  if (existsSync(path)) return false;
  throw new Error('neither a link nor a new file can be made here');
}

/** `rmSync` would load what deletes whole folders. */
const remove = (path: string): boolean => tookPlace(() => unlinkSync(path));

function tookPlace(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

function syncFolderNow(folder: string): void {
  // Windows has no handle on a folder that could be flushed; its journal keeps renames in order.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function parseLine(line: string): unknown[] {
  try {
    return [JSON.parse(line) as unknown];
  } catch {
    return [];
  }
}
