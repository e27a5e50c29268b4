import { type BigIntStats, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { statsInIndex } from './index-file.ts';

/** In a worktree of so many files looking at each takes less than starting git. */
const FEW = 1000;

/**
 * Whether a worktree holds the files that git wrote an index of, as they were then, and nothing else, ignored or not:
 * by the look at their times, places and sizes that git itself takes. It is stricter than git, so false says no more
 * than that git is to be asked: more files, an index that is not plain, a system of which git keeps less of a file, as Windows.
 */
export function isAsWritten(worktree: string, index: string, oidLength: number): boolean {
  try {
    const stats = statsInIndex(index, oidLength);
    if (stats === undefined || stats.size > FEW) return false;
    const { mtimeNs: written } = statSync(index, { bigint: true });
    const files = filesBelow(worktree, '').filter((path) => path !== '.git');
    return files.length === stats.size && files.every((path) => isSame(join(worktree, path), stats.get(path), written));
  } catch {
    return false; // something is gone that was there a moment ago, or may not be looked at
  }
}

/** Folders that hold nothing are nothing, as for git. */
function filesBelow(top: string, folder: string): string[] {
  return readdirSync(join(top, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(top, path) : [path];
  });
}

/** A file that is not older than the index may have been changed after git looked, within one tick of the clock. */
function isSame(path: string, seen: readonly number[] | undefined, written: bigint): boolean {
  const now = lstatSync(path, { bigint: true });
  return (
    seen !== undefined &&
    now.mtimeNs < written &&
    numbersOf(now).every((part, at) => part === seen[at] || at === DEVICE)
  );
}

/** It changes when a disk is mounted again, and git does not compare it either. */
const DEVICE = 4;

/** In the order of an index, and cut to four bytes as there. */
function numbersOf({ ctimeNs, mtimeNs, dev, ino, mode, uid, gid, size }: BigIntStats): number[] {
  const times = [ctimeNs, mtimeNs].flatMap((time) => [time / SECOND, time % SECOND]);
  return [...times, dev, ino, modeOf(mode), uid, gid, size].map((part) => Number(BigInt.asUintN(32, part)));
}

const SECOND = 1_000_000_000n;

/** Of a file git keeps no more than whether its owner may run it. */
function modeOf(mode: bigint): bigint {
  const kind = mode & 0o170000n;
  if (kind !== 0o100000n) return kind;
  return kind | ((mode & 0o100n) === 0n ? 0o644n : 0o755n);
}
