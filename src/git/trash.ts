import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { systemError } from '../process/durable-now.ts';
import { mayChange } from '../process/remove-now.ts';
import { isAsWritten } from './as-written.ts';
import { adminFolder, checkName, refsInWorktrees, retire } from './admin.ts';
import { hashOf } from './copy.ts';
import { exists, io, removeFile, unlessAbsent, writeWhole } from './files.ts';
import { compareFingerprint } from './fingerprint.ts';
import { branchAt, readLooseCommit, readLooseHead, readLooseRef } from './loose.ts';
import { forget, recall, type Remembered } from './memory.ts';
import { noOid, updateRefs, type RefChange } from './refs.ts';
import { removeFolder } from './remove-folder.ts';
import type { Repository } from './repository.ts';
import { git, runGit } from './run.ts';
import { indexOf, isUnchanged, nestedRepositories, snapshot } from './snapshot.ts';

export interface Removal {
  run: string;
  name: string;
  path: string;
  branch: string;
  /** Ref or commit that holds what the worktree came to; without it, its base does. */
  ref?: string;
}

/** `entry.json` of a folder in the trash. */
export interface TrashEntry {
  id: string;
  /** Epoch milliseconds. */
  when: number;
  run: string;
  name: string;
  branch: string;
  /** Where the worktree was. */
  path: string;
  /** Where its content is now; null: only commits were left of it. */
  tree: string | null;
  /** All of them are held by refs. */
  commits: { head: string | null; branch: string | null; result: string | null };
  /** Why it was kept. */
  what: string;
  /** It holds work that is in no commit of a result; otherwise only ignored files or a repository of its own. */
  unsaved: boolean;
}

/** What removing a worktree would lose. */
type Loss = Pick<TrashEntry, 'what' | 'unsaved'>;
const work = (what: string): Loss => ({ what, unsaved: true });
const extra = (what: string): Loss => ({ what, unsaved: false });
const UNREADABLE = work('its content could not be read');

/**
 * Removes a worktree: by a rename, so that it is complete and takes no time. It goes into the trash unless all of
 * it is in `ref` too. Then git forgets the worktree and its branch. Twice is once.
 */
export async function removeWorktree(repo: Repository, removal: Removal): Promise<Result<{ trash?: string }>> {
  const { name, path } = removal;
  const named = checkName(name);
  if (!named.ok) return named;
  const found = await io(path, () => findRemains(repo, removal));
  if (!found.ok) return found;
  const remains = await readCommits(repo, removal, found.value);
  if (!remains.ok) return remains;
  const judged = await io(path, () => whatWouldBeLost(repo, removal, remains.value));
  if (!judged.ok) return judged;
  const loss = judged.value;
  const id = `${name}-${Date.now().toString(36)}`;
  const moved =
    loss === undefined
      ? await io(path, () => discard(repo, remains.value, path, id))
      : await io(path, () => keep(repo, removal, remains.value, { id, ...loss }));
  if (!moved.ok) return moved;
  const done = await forgetAll(repo, removal, remains.value, loss === undefined ? undefined : id);
  return done.ok ? ok(loss === undefined ? {} : { trash: id }) : done;
}

interface Remains {
  /** Whether the folder is there. */
  there: boolean;
  admin: string | undefined;
  known: Remembered | undefined;
}

interface Commits {
  head: string | null;
  branch: string | null;
  result: string | null;
  resultTree: string | null;
  /** Somebody has our branch checked out elsewhere. */
  branchInUse: boolean;
}

async function findRemains(repo: Repository, { path, name }: Removal): Promise<Remains> {
  const [there, admin, known] = await Promise.all([exists(path), adminFolder(repo, path), recall(repo, name)]);
  return { there, admin, known };
}

/** From git's own files where they tell all; else one question for every commit the remains stand on. */
async function readCommits(
  repo: Repository,
  { branch, ref = '', path }: Removal,
  remains: Remains,
): Promise<Result<Remains & Commits>> {
  const held = ref || (remains.known?.base ?? noOid(repo));
  const [oids, used] = await Promise.all([
    readPlainOids(repo, remains, { branch, held }),
    isInUse(repo, remains, { branch, path }),
  ]);
  if (!oids.ok) return oids;
  if (!used.ok) return used;
  const [tip = null, result = null, resultTree = null, head = null] = oids.value;
  return ok({ ...remains, branch: tip, result, resultTree, head, branchInUse: used.value });
}

/** The branch, what holds the result and its tree, HEAD. Only commits that are ours are known without git to be some. */
async function readPlainOids(
  repo: Repository,
  { admin, known }: Remains,
  { branch, held }: { branch: string; held: string },
): Promise<Result<(string | null)[]>> {
  const ref = `refs/heads/${branch}`;
  const [tip, head, commit] = await Promise.all([
    readLooseRef(repo.commonDir, ref),
    admin === undefined ? undefined : readLooseHead(admin, repo.commonDir),
    readLooseCommit(repo.commonDir, held),
  ]);
  const isOurs = (oid: string | undefined): oid is string => oid !== undefined && (oid === held || oid === known?.base);
  if (commit && isOurs(tip) && isOurs(head?.oid)) return ok([tip, held, commit.tree, head.oid]);
  return readOids(repo, admin, [ref, held, `${held}^{tree}`]);
}

/** Whether another worktree, the checkout included, has the branch checked out. */
async function isInUse(
  repo: Repository,
  { admin }: Remains,
  { branch, path }: { branch: string; path: string },
): Promise<Result<boolean>> {
  const ref = `refs/heads/${branch}`;
  const folder = join(repo.commonDir, 'worktrees');
  const listed = await io(folder, async () => unlessAbsent(() => readdirSync(folder)) ?? []);
  if (!listed.ok) return listed;
  const names = listed.value.map((name) => join(folder, name));
  const branches = await Promise.all([repo.commonDir, ...names.filter((name) => name !== admin)].map(branchAt));
  if (!branches.includes(undefined)) return ok(branches.includes(ref));
  const used = await refsInWorktrees(repo, ['--format=%(worktreepath)', ref]);
  if (!used.ok) return used;
  const place = used.value.trim();
  return ok(place !== '' && place !== path);
}

/** The oids of these names, and last that of the worktree's HEAD; null where git's record of it is gone or broken. */
async function readOids(
  repo: Repository,
  admin: string | undefined,
  names: readonly string[],
): Promise<Result<(string | null)[]>> {
  const all = admin === undefined ? names : [...names, 'HEAD'];
  const input = all.map((name) => `${name}\n`).join('');
  const asked = await git(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    gitDir: admin ?? repo.commonDir,
    input,
  });
  if (!asked.ok) return admin === undefined ? asked : readOids(repo, undefined, names);
  return ok(asked.value.split('\n').map((line) => /^([0-9a-f]{40,}) (commit|tree)$/.exec(line)?.[1] ?? null));
}

/** Undefined where the worktree may go; otherwise what it holds that nothing else does. */
async function whatWouldBeLost(
  repo: Repository,
  removal: Removal,
  remains: Remains & Commits,
): Promise<Loss | undefined> {
  if (await holdsCommits(repo, remains)) return work('commits that no result holds');
  if (!remains.there) return undefined;
  const { admin, known } = remains;
  if (admin === undefined || known === undefined) return work('not a worktree of ours');
  const steered = await compareFingerprint(repo, removal.path, known.keep);
  if (!steered.ok || steered.value.length > 0) return work('configuration or hooks changed');
  const place = { path: removal.path, gitDir: admin, keep: known.keep };
  const { resultTree } = remains;
  if (resultTree !== null && isAsWritten(place.path, indexOf(place.keep, resultTree), resultTree.length / 2))
    return undefined;
  return lossOfContent(place, known, resultTree);
}

/** Most often one look says that the content is the result's and nothing more; else each part of it is asked for. */
async function lossOfContent(
  place: { path: string; gitDir: string; keep: string },
  known: Remembered,
  resultTree: string | null,
): Promise<Loss | undefined> {
  if (resultTree !== null && (await isUnchanged(place, resultTree))) return nested(place.path);
  const taken = await snapshot(place);
  if (!taken.ok) return UNREADABLE;
  if (taken.value.inSubmodules.length > 0) return work(`changes in the submodule ${taken.value.inSubmodules[0]}`);
  if (taken.value.unread.length > 0) return UNREADABLE;
  if (taken.value.tree !== resultTree || taken.value.unborn.length > 0) return work('changes that no result holds');
  return (await ignoredAndNew(place.path, place.gitDir, known)) ?? nested(place.path);
}

/** Commits of the agent's own that no ref but the branch about to go holds. */
async function holdsCommits(repo: Repository, { head, branch, result, known }: Remains & Commits): Promise<boolean> {
  for (const commit of new Set([head, branch])) {
    if (commit === null || commit === result || commit === known?.base) continue;
    const held = await runGit(
      ['for-each-ref', '--count=1', '--format=%(refname)', '--contains', commit, 'refs/orchestrate'],
      { gitDir: repo.commonDir },
    );
    if (!held.ok || held.value.stdout === '') return true;
  }
  return false;
}

async function ignoredAndNew(path: string, admin: string, known: Remembered): Promise<Loss | undefined> {
  const env = { GIT_WORK_TREE: path };
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const listed = await git(args, { cwd: path, gitDir: admin, env });
  if (!listed.ok) return work('its ignored files could not be listed');
  const copied = new Map(known.copied.map((file) => [file.path, file.hash]));
  for (const file of listed.value.split('\0').filter((entry) => entry !== '')) {
    const hash = copied.get(file);
    if (hash === undefined || hash !== (await hashOf(join(path, file)))) return extra(`ignored files, such as ${file}`);
  }
  return undefined;
}

async function nested(path: string): Promise<Loss | undefined> {
  const found = await nestedRepositories(path, '').catch(() => undefined);
  if (found === undefined) return UNREADABLE;
  return found.length > 0 ? extra(`a repository of its own in ${found[0]}`) : undefined;
}

async function discard(repo: Repository, { there }: Remains, path: string, id: string): Promise<void> {
  if (!there) return;
  const doomed = await moveAside(path, join(repo.state, 'doomed', id));
  void repo.chores.take(() => removeFolder(doomed));
}

/** The entry is written first: a folder in the trash without one would be a riddle. */
async function keep(
  repo: Repository,
  { run, name, branch, path }: Removal,
  { there, head, branch: tip, result }: Remains & Commits,
  { id, ...loss }: { id: string } & Loss,
): Promise<void> {
  const folder = join(repo.state, 'trash', id);
  const commits = { head, branch: tip, result };
  const entry = { id, when: Date.now(), run, name, branch, path: relative(folder, path), ...loss, commits };
  const save = (tree: string | null) =>
    writeWhole(
      join(folder, 'entry.json'),
      JSON.stringify({ ...entry, tree: tree && relative(folder, tree) } satisfies TrashEntry),
    );
  const planned = join(folder, 'tree');
  await save(there ? planned : null);
  if (!there) return;
  const tree = await moveAside(path, planned);
  if (tree !== planned) await save(tree);
}

/** A rename; where the state lies on another volume, into a `.trash` beside the worktree. Gives the new place. */
async function moveAside(path: string, to: string): Promise<string> {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  mayChange(path); // else it could be renamed, but not into another folder
  try {
    renameSync(path, to);
    return to;
  } catch (error) {
    if (systemError(error).code !== 'EXDEV') throw error;
  }
  const beside = join(dirname(path), '.trash', `${Date.now().toString(36)}-${to.split(/[\\/]/).at(-2) ?? ''}`);
  mkdirSync(dirname(beside), { recursive: true, mode: 0o700 });
  renameSync(path, beside);
  return beside;
}

/** Refs for what goes into the trash and the end of the branch, at once; then git's record and ours. */
async function forgetAll(
  repo: Repository,
  { branch, name }: Removal,
  remains: Remains & Commits,
  id: string | undefined,
): Promise<Result<void>> {
  const held = id === undefined ? [] : heldCommits(id, remains);
  const gone: RefChange[] =
    remains.branch === null || remains.branchInUse
      ? []
      : [{ ref: `refs/heads/${branch}`, old: remains.branch, new: null }];
  const moved = await updateRefs(repo, [...held, ...gone]);
  if (!moved.ok) return moved;
  return io(name, async () => {
    if (remains.admin !== undefined) await retire(repo, remains.admin);
    if (remains.known && remains.resultTree !== null) removeFile(indexOf(remains.known.keep, remains.resultTree));
    forget(repo, name);
  });
}

const heldCommits = (id: string, commits: Commits): RefChange[] =>
  (['head', 'branch', 'result'] as const).flatMap((which) => {
    const oid = commits[which];
    return oid === null ? [] : [{ ref: `refs/orchestrate/trash/${id}/${which}`, new: oid }];
  });

/** Reads an entry; undefined where it is not one. Its paths go from its own folder: the repository may be moved. */
export async function readEntry(file: string): Promise<TrashEntry | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const entry: TrashEntry = JSON.parse(text);
  const at = (path: string): string => resolve(dirname(file), path);
  return { ...entry, path: at(entry.path), tree: entry.tree && at(entry.tree) };
}
