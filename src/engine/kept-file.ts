import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
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
    await writeFile(temporary, Buffer.concat([Buffer.from(headOf(made, body)), body]), { mode: 0o600 });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/**
 * The copy, where it is whole, was made by `made` and written by this user; undefined otherwise. At once: in turns of the
 * loop it takes longer than reading and hashing it.
 */
export function readKeptFile(path: string, made: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    // Of the opened file, so that no other can take its place.
    const seen = fstatSync(file);
    if (!isOurs(seen)) return undefined;
    const bytes = Buffer.allocUnsafeSlow(seen.size);
    // Where that gives less, it is not whole.
    if (readSync(file, bytes, 0, seen.size, 0) < seen.size) return undefined;
    const end = bytes.indexOf(0x0a);
    const body = bytes.subarray(end + 1);
    return bytes.toString('latin1', 0, end + 1) === headOf(made, body) ? body : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The line before the body. It ends where numbers may lie, so that those in the body need not be copied. */
function headOf(made: string, body: Buffer): string {
  const line = `${made} ${createHash('sha256').update(body).digest('hex')}`;
  return `${line.padEnd(4 * Math.ceil((line.length + 1) / 4) - 1)}\n`;
}
