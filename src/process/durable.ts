import { closeSync, fsync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { fail, ok, type Result } from '../model/failure.ts';
import { ioFailure, temporaryFor } from './durable-now.ts';
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
    renameSync(temporary, path);
    faultPoint('rename.after');
    await syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    await rm(temporary, { force: true });
    return fail(ioFailure(path, error));
  }
}

/** Makes a folder, and those above it, that nobody else may look into. */
export async function makeFolder(folder: string): Promise<Result<undefined>> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return ok(undefined);
  } catch (error) {
    return fail(ioFailure(folder, error));
  }
}

/** Replaces a file by rename, without waiting for the disk: for what only living processes read. */
export async function writeByRename(path: string, text: string): Promise<Result<undefined>> {
  const temporary = temporaryFor(path);
  try {
    writeFileSync(temporary, text);
    faultPoint('rename.before');
    renameSync(temporary, path);
    faultPoint('rename.after');
    return ok(undefined);
  } catch (error) {
    await rm(temporary, { force: true });
    return fail(ioFailure(path, error));
  }
}

/** Makes a file that exists, and its name in its folder, durable. */
export async function syncFile(path: string): Promise<void> {
  const file = openSync(path, 'r+');
  try {
    await reachesDisk(file);
  } finally {
    closeSync(file);
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

/** Writes a file and waits until it is on the disk: for that alone another thread is worth its while. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, text);
    await reachesDisk(file);
  } finally {
    closeSync(file);
  }
}

const reachesDisk = promisify(fsync);

async function syncFolder(folder: string): Promise<void> {
  // Windows has no handle on a folder that could be flushed; its journal keeps renames in order.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    await reachesDisk(handle);
  } finally {
    closeSync(handle);
  }
}
