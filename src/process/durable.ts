import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, ok, type Failure, type Result } from '../model/failure.ts';
import { faultPoint } from './fault.ts';

/**
 * Replaces a file so that a reader, also one after a power cut, sees the old text or the new one and nothing else:
 * temporary file, fsync, rename, fsync of the folder.
 */
export async function writeDurably(path: string, text: string): Promise<Result<undefined>> {
  const temporary = temporaryFor(path);
  try {
    await writeSynced(temporary, text);
    faultPoint('rename.before');
    await rename(temporary, path);
    faultPoint('rename.after');
    await syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    await rm(temporary, { force: true });
    return fail(ioFailure(path, error));
  }
}

/** Replaces a file by rename, without waiting for the disk: for what only living processes read. */
export async function writeByRename(path: string, text: string): Promise<Result<undefined>> {
  const temporary = temporaryFor(path);
  try {
    await writeFile(temporary, text);
    faultPoint('rename.before');
    await rename(temporary, path);
    faultPoint('rename.after');
    return ok(undefined);
  } catch (error) {
    await rm(temporary, { force: true });
    return fail(ioFailure(path, error));
  }
}

/**
 * Creates a file with its whole text in one step; false when it was there before. A hard link does it, because a file
 * opened exclusively is empty for a moment. Not durable until `syncFile`; done at once, because a runner does nothing
 * else before it.
 */
export function createExclusively(path: string, text: string): Result<boolean> {
  const temporary = temporaryFor(path);
  try {
    writeFileSync(temporary, text);
    return ok(placeExclusively(temporary, path, text));
  } catch (error) {
    return fail(ioFailure(path, error));
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Makes a file that exists, and its name in its folder, durable. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
}

/** Parsed JSON, or undefined where the file is absent, unreadable or not JSON: half a file is no file. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The same for a small file that is read at once. */
export function readJsonNow(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The values of a JSONL file; lines that are not JSON, such as a torn last one, are left out. */
export async function readJsonLines(path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap(parseLine);
}

/** What the system said, as a failure: a full disk is told apart because a person can do something about it. */
export function ioFailure(path: string, error: unknown): Failure {
  const { code, message } = systemError(error);
  return code === 'ENOSPC' || code === 'EDQUOT' ? { kind: 'diskFull', path } : { kind: 'io', path, code, message };
}

/** The parts of a system's error; anything may be thrown, so the code can be UNKNOWN. */
export function systemError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  return { code, message: error.message };
}

function placeExclusively(temporary: string, path: string, text: string): boolean {
  if (tookPlace(() => linkSync(temporary, path))) return true;
  if (existsSync(path)) return false;
  // A file system without hard links.
  if (tookPlace(() => writeFileSync(path, text, { flag: 'wx' }))) return true;
  if (existsSync(path)) return false;
  throw new Error('neither a link nor a new file can be made here');
}

function tookPlace(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no handle on a folder that could be flushed; its journal keeps renames in order.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const temporaryFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${process.hrtime.bigint().toString(36)}`);

function parseLine(line: string): unknown[] {
  try {
    return [JSON.parse(line) as unknown];
  } catch {
    return [];
  }
}
