import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fail, type Failure, ok, type Result } from '../model/failure.ts';
import { decodeUtf8 } from '../model/text/utf8.ts';
import { writeDurably } from '../process/durable.ts';
import { ioFailure, systemError } from '../process/durable-now.ts';

/**
 * The text of a file that may be written back. What is no UTF-8 is refused with its place: a text with replacement
 * characters would lose bytes when it is written. A pipe or a device is no file: reading one may never end.
 */
export async function readTextFile(path: string, name = path): Promise<Result<string>> {
  const bytes = await readBytes(path, name);
  return bytes.ok ? textOf(bytes.value, name) : bytes;
}

/** What stands in a file that is one. */
export async function readBytes(path: string, name = path): Promise<Result<Buffer>> {
  try {
    if (!(await stat(path)).isFile()) return fail({ kind: 'refused', reason: `${name} is no file.` });
    return ok(await readFile(path));
  } catch (error) {
    return fail(ioFailure(path, error));
  }
}

/** SHA-256, hex. */
export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/**
 * The same of a file; undefined where it cannot be read. Piece by piece into the same memory, and at once: memory
 * for all of a large file, or a turn of the loop for each piece, costs more than hashing it.
 */
export function hashOfFile(path: string): string | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafeSlow(65_536);
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) hash.update(piece.subarray(0, read));
    return hash.digest('hex');
  } catch {
    return undefined; // whoever reads it says why
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Whether that which could not be read is not there. */
export const isAbsent = (failure: Failure): boolean => failure.kind === 'io' && failure.code === 'ENOENT';

/** The text that a file's bytes are. */
export function textOf(bytes: Uint8Array, name: string): Result<string> {
  const { text, fault } = decodeUtf8(bytes);
  return fault ? fail({ kind: 'invalid', file: name, problems: [fault] }) : ok(text);
}

/** Writes `<root>/<file>` and the folders it needs; where that is a link inside the root, the file that it leads to. */
export async function writeInside(file: string, root: string, text: string): Promise<Result<undefined>> {
  const path = join(root, file);
  if (!(await liesInside(path, root))) return outside(file);
  try {
    await mkdir(dirname(path), { recursive: true });
    return await writeDurably(await realpath(path).catch(() => path), text);
  } catch (error) {
    return fail(ioFailure(path, error));
  }
}

/** The same for a file that is not there yet; false where there is one, whatever is in it. */
export async function writeNewInside(file: string, root: string, text: string): Promise<Result<boolean>> {
  const path = join(root, file);
  if (!(await liesInside(path, root))) return outside(file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
    return ok(true);
  } catch (error) {
    return systemError(error).code === 'EEXIST' ? ok(false) : fail(ioFailure(path, error));
  }
}

const outside = (file: string) =>
  fail({
    kind: 'refused' as const,
    reason: `${file} lies outside the repository: it or a folder on the way is a link. Nothing was written.`,
  });

/**
 * Whether what is made at a path lies below a folder: one on the way may be a link that leads elsewhere, so the nearest
 * that is there already is looked at.
 */
export async function liesInside(path: string, root: string): Promise<boolean> {
  const [top, place] = await Promise.all([realpath(root), nearestThere(path)]);
  return place === top || place.startsWith(top + sep);
}

async function nearestThere(path: string): Promise<string> {
  const place = await realpath(path).catch(() => undefined);
  return place ?? (dirname(path) === path ? path : nearestThere(dirname(path)));
}
