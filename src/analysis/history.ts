/** What the past says of files: how often each changed, what changed with it, and where branches collided. */
export interface History {
  commits: number;
  /** Commits by file. */
  changes: ReadonlyMap<string, number>;
  /** How often two files changed in one commit; the file that sorts first comes first in the key. */
  together: ReadonlyMap<string, number>;
  /** Files that both sides of a recent merge had changed. */
  collided: ReadonlyMap<string, number>;
}

/** What `git log` is asked for: one line of a commit's id and parents, then the files, ended by zeros. */
export const LOG_ARGUMENTS = ['log', '-z', '-m', '--first-parent', '--name-only', '--no-renames', '--format=%x01%H %P'];

/** A commit of more files than this (a reformatting, a first import) says nothing about which belong together. */
const MANY_FILES = 40;
/** Pairs kept; the rest are dropped when a history is larger than any plan could use. */
const MANY_PAIRS = 200_000;

export const NO_HISTORY: History = { commits: 0, changes: new Map(), together: new Map(), collided: new Map() };

/** From the answer to LOG_ARGUMENTS. Linear in the answer: large commits make no pairs. */
export function readHistory(log: string, collided: ReadonlyMap<string, number> = new Map()): History {
  const changes = new Map<string, number>();
  const together = new Map<string, number>();
  const commits = log.split('\u0001').slice(1);
  for (const commit of commits) {
    const files = filesOf(commit);
    for (const file of files) changes.set(file, (changes.get(file) ?? 0) + 1);
    if (files.length > MANY_FILES || together.size > MANY_PAIRS) continue;
    for (const [at, a] of files.entries()) for (const b of files.slice(at + 1)) count(together, pairOf(a, b));
  }
  return { commits: commits.length, changes, together, collided };
}

function filesOf(commit: string): string[] {
  const [, ...files] = commit.split('\0');
  return [...new Set(files.map((file) => file.replace(/^\n+/u, '')).filter((file) => file !== ''))];
}

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

const pairOf = (a: string, b: string): string => (a < b ? `${a}\0${b}` : `${b}\0${a}`);

/** How often two files changed together, and which part that is of the changes of the one that changed less. */
export function changedTogether(history: History, a: string, b: string): { times: number; share: number } {
  const times = history.together.get(pairOf(a, b)) ?? 0;
  const fewest = Math.min(history.changes.get(a) ?? 0, history.changes.get(b) ?? 0);
  return { times, share: fewest === 0 ? 0 : times / fewest };
}

/** The files that most often change with these, most often first. */
export function companions(history: History, files: readonly string[], most = 5): string[] {
  const asked = new Set(files);
  const found = new Map<string, number>();
  for (const [pair, times] of history.together) {
    const [a = '', b = ''] = pair.split('\0');
    if (asked.has(a) === asked.has(b) || times < OFTEN) continue;
    const other = asked.has(a) ? b : a;
    if (changedTogether(history, a, b).share >= HALF) found.set(other, Math.max(found.get(other) ?? 0, times));
  }
  return [...found]
    .toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, most)
    .map(([file]) => file);
}

/** Together at least so often, and in at least that share of one's changes: then they belong together. */
export const OFTEN = 3;
export const HALF = 0.5;
