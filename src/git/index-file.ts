import { readFileSync, statSync } from 'node:fs';
import { GONE, type Entry } from './objects.ts';

/**
 * What one index has that another has not, as changes of the second's tree, without git; gitformat-index(5). Undefined
 * says "ask git": an index of another version, with entries that are not plain, or a large one, which git reads faster.
 */
export function changesOfIndex(before: string, after: string, oidLength: number): Entry[] | undefined {
  const [old, now] = [before, after].map((file) => readIndex(file, oidLength));
  if (old === undefined || now === undefined) return undefined;
  const changed = [...now].filter(([path, entry]) => old.get(path) !== entry);
  const gone = [...old.keys()].filter((path) => !now.has(path));
  return [
    ...gone.map((path) => ({ mode: GONE, oid: '0'.repeat(2 * oidLength), path })),
    ...changed.map(([path, entry]) => {
      const [mode = '', oid = ''] = entry.split(' ');
      return { mode, oid, path };
    }),
  ];
}

/** The paths an index holds; undefined says "ask git", as above. */
export function pathsInIndex(file: string, oidLength: number): string[] | undefined {
  const entries = readIndex(file, oidLength);
  return entries && [...entries.keys()].map((path) => Buffer.from(path, 'latin1').toString('utf8'));
}

/** Bytes: some ten thousand files. */
const LARGE = 1_000_000;

const HEADER = 12;
/** Of an entry: times, device, inode, mode, owner, size. */
const STAT = 40;
const MODE = 24;
/** Flags of an entry: its stage in a merge, and that more flags follow. */
const STAGE = 0x3000;
const EXTENDED = 0x4000;

/** Mode and oid by path in latin1; undefined where it is not for us. */
function readIndex(file: string, oidLength: number): Map<string, string> | undefined {
  if (statSync(file).size > LARGE) return undefined;
  const bytes = readFileSync(file);
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || bytes.readUInt32BE(4) !== 2) return undefined;
  const entries = new Map<string, string>();
  let at = HEADER;
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const flags = bytes.readUInt16BE(at + STAT + oidLength);
    if ((flags & (STAGE | EXTENDED)) !== 0) return undefined;
    const path = at + STAT + oidLength + 2;
    const end = bytes.indexOf(0, path);
    const mode = bytes.readUInt32BE(at + MODE).toString(8);
    entries.set(
      bytes.toString('latin1', path, end),
      `${mode} ${bytes.toString('hex', at + STAT, at + STAT + oidLength)}`,
    );
    // One to eight NULs, so that the next begins at a multiple of eight.
    at += (end - at + 8) & ~7;
  }
  return holdsOnlyPlainExtensions(bytes.subarray(at, bytes.length - oidLength)) ? entries : undefined;
}

/** One that must be understood begins with a small letter: a split or a sparse index. */
function holdsOnlyPlainExtensions(bytes: Buffer): boolean {
  for (let at = 0; at + 8 <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4)) {
    const first = bytes[at] ?? 0;
    if (first < 0x41 || first > 0x5a) return false;
  }
  return true;
}
