import { join } from 'node:path';
import { fail, ok, type Result } from '../model/failure.ts';
import { io } from './files.ts';
import { readLooseCommit, writeLoose } from './loose.ts';
import { type Entry, GONE, keepKnown, type Tree } from './objects.ts';
import { oidLength, type Repository } from './repository.ts';
import { failureOf, git } from './run.ts';

/** The tree of a commit. */
export async function treeOf(repo: Repository, commit: string): Promise<Result<string>> {
  const loose = await readLooseCommit(repo.commonDir, commit);
  if (loose) return ok(loose.tree);
  const told = await git(['rev-parse', '--verify', `${commit}^{tree}`], { gitDir: repo.commonDir });
  return told.ok ? ok(told.value.trim()) : told;
}

/**
 * A tree with some paths changed: only the folders on the way to them are read and written, so it does not matter how
 * many files there are. Gives the oid of the new one.
 */
export async function changeTree(repo: Repository, tree: string, changes: readonly Entry[]): Promise<Result<string>> {
  const read = await entriesAt(repo, tree, changes);
  const changed = read.ok ? await changeFolder(repo, tree, changes) : read;
  if (!changed.ok) return changed;
  return changed.value === undefined ? writeTree(repo, new Map()) : ok(changed.value);
}

/** Undefined where nothing is left in it. What is removed goes first: a file may become a folder, and a folder a file. */
async function changeFolder(
  repo: Repository,
  tree: string | undefined,
  changes: readonly Entry[],
): Promise<Result<string | undefined>> {
  const read = tree === undefined ? ok<Tree>(new Map()) : await readTree(repo, tree);
  if (!read.ok) return read;
  const entries = new Map(read.value);
  const { here, below } = sorted(changes);
  for (const { path } of here.filter(({ mode }) => mode === GONE)) entries.delete(path);
  for (const [name, inside] of below) {
    const former = entries.get(name);
    const changed = await changeFolder(repo, former?.mode === FOLDER ? former.oid : undefined, inside);
    if (!changed.ok) return changed;
    if (changed.value === undefined) entries.delete(name);
    else entries.set(name, { mode: FOLDER, oid: changed.value });
  }
  for (const { path, mode, oid } of here.filter((entry) => entry.mode !== GONE)) entries.set(path, { mode, oid });
  return entries.size === 0 ? ok(undefined) : writeTree(repo, entries);
}

const FOLDER = '40000';

/** Those of entries of this folder, and of those in folders of it by the folder's name. */
function sorted<T extends { path: string }>(changes: readonly T[]): { here: T[]; below: Map<string, T[]> } {
  const here: T[] = [];
  const below = new Map<string, T[]>();
  for (const change of changes) {
    const slash = change.path.indexOf('/');
    if (slash < 0) here.push(change);
    else {
      const folder = change.path.slice(0, slash);
      const inside = below.get(folder) ?? [];
      below.set(folder, inside);
      inside.push({ ...change, path: change.path.slice(slash + 1) });
    }
  }
  return { here, below };
}

const readTree = async (repo: Repository, oid: string): Promise<Result<Tree>> => {
  const read = await readTrees(repo, [oid]);
  return read.ok ? ok(read.value.get(oid) ?? new Map()) : read;
};

/**
 * What a tree has at some paths (latin1), folders too; what it has not is left out. The folders on the way are read a level
 * at a time: as many questions as they are deep, however many there are.
 */
export async function entriesAt(
  repo: Repository,
  tree: string,
  wanted: readonly { path: string }[],
): Promise<Result<Entry[]>> {
  const found: Entry[] = [];
  for (let level = [{ oid: tree, above: '', wanted }]; level.length > 0;) {
    const read = await readTrees(
      repo,
      level.map(({ oid }) => oid),
    );
    if (!read.ok) return read;
    level = level.flatMap(({ oid, above, wanted: asked }) => {
      const entries = read.value.get(oid);
      const { here, below } = sorted(asked);
      for (const { path } of here) {
        const entry = entries?.get(path);
        if (entry) found.push({ ...entry, path: above + path });
      }
      return [...below].flatMap(([name, inside]) => {
        const entry = entries?.get(name);
        return entry?.mode === FOLDER ? [{ oid: entry.oid, above: `${above}${name}/`, wanted: inside }] : [];
      });
    });
  }
  return ok(found);
}

/** In one question. Each is an oid, or a commit's `<oid>^{tree}`. */
async function readTrees(repo: Repository, oids: readonly string[]): Promise<Result<ReadonlyMap<string, Tree>>> {
  const read = new Map(oids.map((oid) => [oid, repo.trees.get(oid)] as const).filter(isKnown));
  const asked = [...new Set(oids)].filter((oid) => !read.has(oid));
  if (asked.length === 0) return ok(read);
  const answers: Answer[] = [];
  let rest = Buffer.alloc(0);
  const told = await repo.objects.ask({ gitDir: repo.commonDir }, asked.map((oid) => `${oid}\n`).join(''), (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let next = answerIn(rest); next !== undefined; next = answerIn(rest)) {
      answers.push(next);
      rest = rest.subarray(next.length);
    }
    return answers.length === asked.length;
  });
  if (!told.ok) return told;
  for (const [at, { content }] of answers.entries()) {
    const oid = asked[at] ?? '';
    if (content) read.set(oid, keep(repo, oid, parse(content, oidLength(repo))));
  }
  const bad = answers.find(({ content }) => content === undefined);
  if (told.value.kind === 'answered' && !bad) return ok(read);
  const said = told.value.kind === 'ended' ? told.value : { code: 0, stderr: bad?.said ?? '' };
  return fail(failureOf(['cat-file', '--batch'], said, { gitDir: repo.commonDir }));
}

const isKnown = (entry: readonly [string, Tree | undefined]): entry is [string, Tree] => entry[1] !== undefined;

/** What git says of one object; `content` where it is a tree, `length` in bytes of all of it. */
interface Answer {
  said: string;
  content?: Buffer;
  length: number;
}

/** git-cat-file(1): `<oid> tree <size>`, the content and a line end, or `<oid> missing`. Undefined until all is there. */
function answerIn(bytes: Buffer): Answer | undefined {
  const line = bytes.indexOf('\n');
  if (line < 0) return undefined;
  const said = bytes.toString('latin1', 0, line);
  const [, kind, size] = / (\w+) (\d+)$/.exec(said) ?? [];
  if (size === undefined) return { said, length: line + 1 };
  const end = line + 1 + Number(size);
  if (bytes.length <= end) return undefined;
  return { said, ...(kind === 'tree' ? { content: bytes.subarray(line + 1, end) } : {}), length: end + 1 };
}

function parse(content: Buffer, length: number): Tree {
  const entries = new Map<string, Pick<Entry, 'mode' | 'oid'>>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    const oid = content.toString('hex', end + 1, end + 1 + length);
    entries.set(content.toString('latin1', space + 1, end), { mode: content.toString('latin1', at, space), oid });
    at = end + 1 + length;
  }
  return entries;
}

function writeTree(repo: Repository, entries: Tree): Promise<Result<string>> {
  const objects = join(repo.commonDir, 'objects');
  // A folder stands where its name with a slash would: git compares bytes, and latin1 is bytes.
  const key = ([name, { mode }]: [string, { mode: string }]): string => (mode === FOLDER ? `${name}/` : name);
  const inOrder = [...entries].toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const parts = inOrder.flatMap(([name, { mode, oid }]) => [
    Buffer.from(`${mode} ${name}\0`, 'latin1'),
    Buffer.from(oid, 'hex'),
  ]);
  return io(objects, async () => {
    const oid = writeLoose(objects, 'tree', Buffer.concat(parts), repo.objectFormat);
    keep(repo, oid, entries);
    return oid;
  });
}

/** The trees of the last merges are those of the next. */
const MOST_TREES = 500;

const keep = ({ trees }: Repository, oid: string, tree: Tree): Tree => keepKnown(trees, oid, tree, MOST_TREES);
