import { createHash } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { temporaryFor } from '../process/durable-now.ts';
import { isOurs } from '../process/ours.ts';

/**
 * What a file of copies must begin with to be read at all: what it holds and which build made it, because another may
 * make something else of the same. Undefined for a program that was not built; it keeps nothing.
 */
export function madeBy(what: string): string | undefined {
  const build = process.env['ORCHESTRATE_BUILD'];
  return build ? `${what} ${build}` : undefined;
}

/** Writes a copy of what can be made anew at any time. Where it cannot be written there is none, and no harm. */
export async function keepFile(path: string, made: string, body: Buffer): Promise<void> {
  const temporary = temporaryFor(path);
  try {
    await writeFile(temporary, Buffer.concat([Buffer.from(`${made} ${digest(body)}\n`), body]), { mode: 0o600 });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** The copy, where it is whole, was made by `made` and written by this user; undefined otherwise. */
export async function readKeptFile(path: string, made: string): Promise<Buffer | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    // Of the opened file, so that no other can take its place.
    const seen = await file.stat();
    if (!isOurs(seen)) return undefined;
    // At once: `readFile` would ask for half a megabyte at a time. Where that gives less, it is not whole.
    const bytes = Buffer.allocUnsafeSlow(seen.size);
    if ((await file.read(bytes, 0, seen.size, 0)).bytesRead < seen.size) return undefined;
    const end = bytes.indexOf(0x0a);
    const body = bytes.subarray(end + 1);
    return bytes.toString('latin1', 0, end) === `${made} ${digest(body)}` ? body : undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

const digest = (body: Buffer): string => createHash('sha256').update(body).digest('hex');
