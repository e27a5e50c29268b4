import { join } from 'node:path';
import { fail, ok, type Result } from '../model/failure.ts';
import { io } from './files.ts';
import { writeLoose } from './loose.ts';
import { type Entry, GONE, type Tree } from './objects.ts';
import type { Repository } from './repository.ts';
import { failureOf } from './run.ts';

/**
 * A tree with some paths changed: only the folders on the way to them are read and written, so it does not matter how
 * many files there are. Gives the oid of the new one.
 */
export async function changeTree(repo: Repository, tree: string, changes: readonly Entry[]): Promise<Result<string>> {
  const changed = await changeFolder(repo, tree, changes);
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

/** Changes of entries of this folder, and of those in folders of it by the folder's name. */
function sorted(changes: readonly Entry[]): { here: Entry[]; below: Map<string, Entry[]> } {
  const here: Entry[] = [];
  const below = new Map<string, Entry[]>();
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

async function readTree(repo: Repository, oid: string): Promise<Result<Tree>> {
  const known = repo.trees.get(oid);
  if (known) return ok(known);
  let whole = Buffer.alloc(0);
  let size: number | undefined;
  const told = await repo.objects.ask({ gitDir: repo.commonDir }, `${oid}\n`, (chunk) => {
    whole = Buffer.concat([whole, chunk]);
    const end = whole.indexOf('\n');
    size ??= end < 0 ? undefined : end + 1 + Number(/ tree (\d+)$/.exec(whole.toString('latin1', 0, end))?.[1] ?? -1);
    return size !== undefined && whole.length > size;
  });
  if (!told.ok) return told;
  const head = whole.indexOf('\n') + 1;
  if (told.value.kind === 'answered' && size !== undefined && size >= head)
    return ok(keep(repo, oid, parse(whole.subarray(head, size), oid.length / 2)));
  const said = told.value.kind === 'ended' ? told.value : { code: 0, stderr: whole.toString('latin1', 0, 200) };
  return fail(failureOf(['cat-file', '--batch'], said, { gitDir: repo.commonDir }));
}

function parse(content: Buffer, oidLength: number): Tree {
  const entries = new Map<string, Pick<Entry, 'mode' | 'oid'>>();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    const oid = content.toString('hex', end + 1, end + 1 + oidLength);
    entries.set(content.toString('latin1', space + 1, end), { mode: content.toString('latin1', at, space), oid });
    at = end + 1 + oidLength;
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

function keep(repo: Repository, oid: string, tree: Tree): Tree {
  const [oldest] = repo.trees.keys();
  if (repo.trees.size >= MOST_TREES && oldest !== undefined) repo.trees.delete(oldest);
  repo.trees.set(oid, tree);
  return tree;
}
