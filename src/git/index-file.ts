import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type Entry, fromBytes, GONE } from './objects.ts';
import type { Repository } from './repository.ts';

/**
 * What one index has that another has not, as changes of the second's tree, without git; gitformat-index(5). Undefined
 * says "ask git": an index of another version, with entries that are not plain, or a large one, which git reads faster.
 */
export function changesOfIndex(before: string, after: string, oidLength: number): Entry[] | undefined {
  const [old, now] = [before, after].map((file) => namesIn(readIndex(file, oidLength)));
  if (old === undefined || now === undefined) return undefined;
  const changed = [...now].filter(([path, entry]) => old.get(path) !== entry);
  const gone = [...old.keys()].filter((path) => !now.has(path));
  return [...gone.map((path) => ({ mode: GONE, oid: '0'.repeat(2 * oidLength), path })), ...changed.map(entryOf)];
}

/** What an index holds. Undefined as above. */
export function entriesInIndex(file: string, oidLength: number): Entry[] | undefined {
  const names = namesIn(readIndex(file, oidLength));
  return names && [...names].map(entryOf);
}

function entryOf([path, name]: [path: string, name: string]): Entry {
  const [mode = '', oid = ''] = name.split(' ');
  return { mode, oid, path };
}

/** Writes an index that knows nothing of its files but what they should hold, so that git looks at each. */
export function writeIndex(file: string, entries: readonly Entry[], format: Repository['objectFormat']): void {
  const inOrder = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const header = Buffer.alloc(HEADER);
  header.write('DIRC');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(inOrder.length, 8);
  const index = Buffer.concat([header, ...inOrder.map(bytesOf)]);
  writeFileSync(file, Buffer.concat([index, createHash(format).update(index).digest()]));
}

function bytesOf({ mode, oid, path }: Entry): Buffer {
  const name = STAT + oid.length / 2 + 2;
  const bytes = Buffer.alloc((name + path.length + 8) & ~7);
  bytes.writeUInt32BE(Number.parseInt(mode, 8), MODE);
  bytes.write(oid, STAT, 'hex');
  bytes.writeUInt16BE(Math.min(path.length, MOST_LENGTH), name - 2);
  bytes.write(path, name, 'latin1');
  return bytes;
}

/** The paths an index holds; undefined says "ask git", as above. */
export function pathsInIndex(file: string, oidLength: number): string[] | undefined {
  const index = readIndex(file, oidLength);
  return index && [...index.entries.keys()].map(fromBytes);
}

/** What git saw of each file when it wrote the index, by path: the ten numbers of STAT. Undefined as above. */
export function statsInIndex(file: string, oidLength: number): Map<string, number[]> | undefined {
  const index = readIndex(file, oidLength);
  if (index === undefined) return undefined;
  const numbers = (at: number): number[] =>
    Array.from({ length: STAT / 4 }, (_, field) => index.bytes.readUInt32BE(at + 4 * field));
  return new Map([...index.entries].map(([path, at]) => [fromBytes(path), numbers(at)]));
}

/** Bytes: some ten thousand files. */
const LARGE = 1_000_000;

const HEADER = 12;
/** Of an entry, four bytes each: ctime and mtime as seconds and nanoseconds, device, inode, mode, user, group, size. */
const STAT = 40;
const MODE = 24;
/** Flags of an entry: its stage in a merge, the length of its name, and that more flags follow. */
const STAGE = 0x3000;
const MOST_LENGTH = 0xfff;
const EXTENDED = 0x4000;

interface Index {
  bytes: Buffer;
  oidLength: number;
  /** Where each entry begins, by path in latin1. */
  entries: Map<string, number>;
}

/** Undefined where it is not for us. */
function readIndex(file: string, oidLength: number): Index | undefined {
  if (statSync(file).size > LARGE) return undefined;
  const bytes = readFileSync(file);
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || bytes.readUInt32BE(4) !== 2) return undefined;
  const entries = new Map<string, number>();
  let at = HEADER;
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const flags = bytes.readUInt16BE(at + STAT + oidLength);
    if ((flags & (STAGE | EXTENDED)) !== 0) return undefined;
    const path = at + STAT + oidLength + 2;
    const end = bytes.indexOf(0, path);
    entries.set(bytes.toString('latin1', path, end), at);
    // One to eight NULs, so that the next begins at a multiple of eight.
    at += (end - at + 8) & ~7;
  }
  const plain = holdsOnlyPlainExtensions(bytes.subarray(at, bytes.length - oidLength));
  return plain ? { bytes, oidLength, entries } : undefined;
}

/** Mode and oid by path in latin1. */
function namesIn(index: Index | undefined): Map<string, string> | undefined {
  if (index === undefined) return undefined;
  const { bytes, oidLength } = index;
  const nameAt = (at: number): string =>
    `${bytes.readUInt32BE(at + MODE).toString(8)} ${bytes.toString('hex', at + STAT, at + STAT + oidLength)}`;
  return new Map([...index.entries].map(([path, at]) => [path, nameAt(at)]));
}

/** One that must be understood begins with a small letter: a split or a sparse index. */
function holdsOnlyPlainExtensions(bytes: Buffer): boolean {
  for (let at = 0; at + 8 <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4)) {
    const first = bytes[at] ?? 0;
    if (first < 0x41 || first > 0x5a) return false;
  }
  return true;
}
