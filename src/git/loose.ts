import { createHash, randomUUID } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { systemError } from '../process/durable-now.ts';

/*
 * Single files of git's own store, read and written without starting git: what one read of a file answers needs no
 * process. gitrepository-layout(5) has the places. All of it is a short cut: undefined says "ask git", because the
 * thing is packed, symbolic, kept in another format, or simply not there.
 */

/** What a ref's own file holds. A loose ref wins over a packed one, so this is the ref's value. */
export async function readLooseRef(commonDir: string, ref: string): Promise<string | undefined> {
  if (!/^refs\/[^/].*[^/]$/.test(ref) || ref.includes('..')) return undefined;
  return oidIn(await textOf(join(commonDir, ref)));
}

/** A worktree's HEAD where it stands on a branch, or on a commit, that a single file tells. */
export async function readLooseHead(
  gitDir: string,
  commonDir: string,
): Promise<{ symbolic: string | undefined; oid: string } | undefined> {
  const text = await textOf(join(gitDir, 'HEAD'));
  const symbolic = symbolicIn(text);
  const oid = symbolic === undefined ? oidIn(text) : await readLooseRef(commonDir, symbolic);
  return oid === undefined ? undefined : { symbolic, oid };
}

/** The branch a HEAD file names: its full ref, null where HEAD is detached. */
export async function branchAt(gitDir: string): Promise<string | null | undefined> {
  const text = await textOf(join(gitDir, 'HEAD'));
  return symbolicIn(text) ?? (oidIn(text) === undefined ? undefined : null);
}

/** For what is small: making zlib's usual buffer takes several times as long as filling it. */
const SMALL = { chunkSize: 2048 } as const;

/** Tree and parents of a commit that has a file of its own. */
export async function readLooseCommit(
  commonDir: string,
  oid: string,
): Promise<{ tree: string; parents: string[] } | undefined> {
  const file = OID.test(oid) ? objectFile(join(commonDir, 'objects'), oid) : undefined;
  const content = file === undefined ? undefined : orNothing(() => inflateSync(readFileSync(file), SMALL));
  const head = content?.toString('latin1').split('\n\n', 1)[0];
  const [, tree] = /^commit \d+\0tree ([0-9a-f]+)\n/.exec(head ?? '') ?? [];
  if (head === undefined || tree === undefined) return undefined;
  return { tree, parents: [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent) };
}

/**
 * Writes an object as git would: a file named by its hash, made beside it and renamed. As with git's default, it is the
 * ref that is made durable, not the object. For small ones, so it is done at once. Gives the oid; throws what the system
 * refuses.
 */
export function writeLoose(
  objects: string,
  kind: 'commit' | 'tree',
  content: Buffer,
  format: 'sha1' | 'sha256',
): string {
  const whole = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content]);
  const oid = createHash(format).update(whole).digest('hex');
  const file = objectFile(objects, oid);
  if (isMadeYoung(file)) return oid;
  const beside = join(objects, `tmp_obj_${randomUUID()}`);
  try {
    writeFileSync(beside, packed(whole), { mode: 0o444 });
    moveIn(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  return oid;
}

/** A `git gc` that goes on meanwhile takes away folders that are empty, also one that was just made. */
function moveIn(beside: string, file: string): void {
  for (let left = 100; ; left -= 1) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      return renameSync(beside, file);
    } catch (error) {
      if (systemError(error).code !== 'ENOENT' || left === 0) throw error;
    }
  }
}

/** Any git reads either. */
const packed = (whole: Buffer): Buffer => (whole.length < STORED ? stored(whole) : deflateSync(whole, { level: 1 }));

/** Bytes below which nothing is compressed: it would take as many blocks of a disk, and zlib's start as long as all else. */
const STORED = 2048;

/** As zlib's level 0: a header (RFC 1950), one stored block (RFC 1951, 3.2.4), and the sum of what is in it. */
function stored(whole: Buffer): Buffer {
  const { length } = whole;
  const zlib = Buffer.alloc(length + 11);
  zlib.writeUInt16BE(0x7801, 0);
  zlib.writeUInt8(1, 2);
  zlib.writeUInt16LE(length, 3);
  zlib.writeUInt16LE(0xffff - length, 5);
  whole.copy(zlib, 7);
  zlib.writeUInt32BE(adler32(whole), length + 7);
  return zlib;
}

/** Of so few bytes that the sums need no remainder before the end. */
function adler32(bytes: Buffer): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low += byte;
    high += low;
  }
  return (high % 65_521) * 65_536 + (low % 65_521);
}

/** As git does with an object that is there: young again, so that nothing prunes it before a ref holds it. */
function isMadeYoung(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const now = new Date();
    utimesSync(file, now, now);
    return true;
  } catch {
    return false; // pruned a moment ago, or somebody else's to touch: written anew
  }
}

export const OID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** The file of a loose object. */
export const objectFile = (objects: string, oid: string): string => join(objects, oid.slice(0, 2), oid.slice(2));

/** A plain file's text; a link in its place is not for us to follow. */
async function textOf(path: string): Promise<string> {
  const isFile = orNothing(() => lstatSync(path, { throwIfNoEntry: false })?.isFile());
  return (isFile ? orNothing(() => readFileSync(path, 'utf8')) : undefined) ?? '';
}

function orNothing<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined; // then git is asked
  }
}

const oidIn = (text: string): string | undefined => OID.exec(text.replace(/\n$/, ''))?.[0];

/** With reftable, HEAD files name a ref that cannot be: the truth is elsewhere. */
function symbolicIn(text: string): string | undefined {
  const [, ref] = /^ref: (refs\/heads\/[^\s]+)\n$/.exec(text) ?? [];
  return ref === 'refs/heads/.invalid' ? undefined : ref;
}
