/** What is at a path afterwards; `mode` is GONE where nothing is. Paths are latin1, one character a byte. */
export interface Entry {
  mode: string;
  oid: string;
  path: string;
}

/** A path as git has it, for people and for Node.js; and the way back. */
export const fromBytes = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');
export const toBytes = (path: string): string => Buffer.from(path).toString('latin1');

/** The mode of what is not there. */
export const GONE = '000000';

/** The entries of one folder, by name. */
export type Tree = ReadonlyMap<string, Pick<Entry, 'mode' | 'oid'>>;

/** What one commit changed against its parent. Paths are latin1, one character a byte: they go back to git as they came. */
export interface Delta {
  commit: string;
  /** Several are parted by spaces. */
  parent: string;
  entries: readonly Entry[];
  paths: readonly string[];
}

/** Keeps what is known of an object, which never changes; the oldest goes where there are too many. */
export function keepKnown<T>(known: Map<string, T>, key: string, value: T, most: number): T {
  const [oldest] = known.keys();
  if (known.size >= most && oldest !== undefined) known.delete(oldest);
  known.set(key, value);
  return value;
}

/** How git is asked: lines of commits in, and what is no commit comes back as it went. */
export const COMPARE = ['diff-tree', '--stdin', '-r', '-z', '-m', '--raw', '--always', '--root', '--no-renames'].concat(
  '--format=%H %P',
);

/** How git is asked: lines of two trees in, and what is no tree comes back as it went. */
export const INSPECT = ['diff-tree', '--stdin', '-r', '-z', '--raw', '-p', '-U0', '--no-renames'].concat(
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
);
