import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../model/failure.ts';
import { Conversation } from './conversation.ts';
import { io } from './files.ts';
import { readLooseHead } from './loose.ts';
import { COMPARE, type Delta, INSPECT, type Tree } from './objects.ts';
import { git, runGit, type Exit } from './run.ts';
import { Turn } from './turn.ts';

export interface Repository {
  /** Top level of the checkout it was opened in, absolute. */
  root: string;
  /** The checkout's own git directory; differs from `commonDir` in a linked worktree. */
  gitDir: string;
  commonDir: string;
  /** Everything of ours: `<commonDir>/orchestrate`, mode 0700. */
  state: string;
  objectFormat: 'sha1' | 'sha256';
  /** Of git itself, e.g. `[2, 39, 5]`. */
  version: readonly [number, number, number];
  /** Worktrees are made one at a time. */
  worktreeTurn: Turn;
  /** Deleting what was removed, behind everybody's back; `chores.take(async () => {})` waits for its end. */
  chores: Turn;
  /** Moves refs. */
  refWriter: Conversation;
  /** Reads objects; asked in the common directory. */
  objects: Conversation;
  /** Compares commits; asked in the merge context. */
  differ: Conversation;
  /** Compares trees and reads the lines that were added; asked in the merge context. */
  inspector: Conversation;
  /** What is known of objects, which never change: trees, what commits changed, and where two (`a b`) conflict. */
  trees: Map<string, Tree>;
  deltas: Map<string, Delta>;
  conflicts: Map<string, readonly string[]>;
  listings: Map<string, readonly string[]>;
  /** What git says of worktrees of ours, by the repository's configuration. */
  proofs: Map<string, Promise<Result<Proof>>>;
}

/** Folders of hooks that git runs in a worktree, beside those that are tracked in it, and what a person should know. */
export interface Proof {
  hooks: readonly string[];
  warnings: readonly string[];
}

const OLDEST_GIT = '2.38';

/** Bytes of an oid. */
export const oidLength = ({ objectFormat }: Pick<Repository, 'objectFormat'>): number =>
  objectFormat === 'sha256' ? 32 : 20;

const partners = (): Pick<
  Repository,
  'refWriter' | 'objects' | 'differ' | 'inspector' | 'trees' | 'deltas' | 'conflicts' | 'listings' | 'proofs'
> => ({
  refWriter: new Conversation(['update-ref', '--no-deref', '--stdin', '-z']),
  objects: new Conversation(['cat-file', '--batch']),
  differ: new Conversation(COMPARE),
  inspector: new Conversation(INSPECT),
  trees: new Map(),
  deltas: new Map(),
  conflicts: new Map(),
  listings: new Map(),
  proofs: new Map(),
});

/**
 * Opens the repository `path` lies in; two spawns at once.
 * Fails as gitMissing, gitTooOld, notARepository, bareRepository or noCommits.
 */
export async function openRepository(path: string): Promise<Result<Repository>> {
  const [told, asked] = await Promise.all([git(['--version'], {}), runGit(LAYOUT, { cwd: path })]);
  if (!told.ok) return told;
  const version = parseVersion(told.value);
  if (!atLeast(version, 2, 38)) return fail({ kind: 'gitTooOld', found: version.join('.'), needed: OLDEST_GIT });
  if (!asked.ok) {
    return asked.failure.kind === 'gitMissing' ? asked : fail({ kind: 'notARepository', path });
  }
  const layout = readLayout(path, asked.value);
  if (!layout.ok) return layout;
  const state = join(layout.value.commonDir, 'orchestrate');
  const made = await io(state, () => mkdir(state, { recursive: true, mode: 0o700 }));
  if (!made.ok) return made;
  return ok({ ...layout.value, state, version, worktreeTurn: new Turn(), chores: new Turn(), ...partners() });
}

export const atLeast = (version: readonly number[], major: number, minor: number): boolean =>
  (version[0] ?? 0) > major || (version[0] === major && (version[1] ?? 0) >= minor);

/** Ends the gits that wait for questions, so that nothing holds the repository's folder. The next question starts them. */
export async function letGo({ refWriter, objects, differ, inspector }: Repository): Promise<void> {
  await Promise.all([refWriter, objects, differ, inspector].map((partner) => partner.end()));
}

/** The folder that all checkouts of a repository share, of whichever is at `path`; undefined where there is none. */
export async function commonDirOf(path: string): Promise<string | undefined> {
  const told = await git(['rev-parse', '--path-format=absolute', '--git-common-dir'], { cwd: path });
  return told.ok ? told.value.trimEnd() : undefined;
}

/** Whether a folder is the top of a checkout of the repository: of its own, or of a worktree of it. */
export async function isCheckout({ root, commonDir }: Repository, folder: string): Promise<boolean> {
  if (folder === root) return true;
  const told = await git(['rev-parse', '--path-format=absolute', '--show-toplevel', '--git-common-dir'], {
    cwd: folder,
  });
  return told.ok && told.value === `${folder}\n${commonDir}\n`;
}

/** The commit that is checked out, and the branch unless HEAD is detached; git is asked where its files do not say. */
export async function readHead(repo: Repository): Promise<Result<{ commit: string; branch?: string }>> {
  const loose = await readLooseHead(repo.gitDir, repo.commonDir);
  if (loose) return ok(headAt(loose.oid, loose.symbolic));
  const told = await git(['rev-parse', 'HEAD', '--symbolic-full-name', 'HEAD'], {
    cwd: repo.root,
    gitDir: repo.gitDir,
  });
  if (!told.ok) return told;
  const [commit = '', name = ''] = told.value.split('\n');
  return ok(headAt(commit, name));
}

const headAt = (commit: string, name = ''): { commit: string; branch?: string } =>
  name.startsWith('refs/heads/') ? { commit, branch: name.slice('refs/heads/'.length) } : { commit };

/** Who the user is to git; never fails for want of a name. */
export async function readAuthor(repo: Repository): Promise<{ name: string; email: string }> {
  const told = await runGit(['config', '--null', '--get-regexp', '^user\\.(name|email)$'], { gitDir: repo.gitDir });
  const entries = told.ok ? told.value.stdout.split('\0').map((entry) => entry.split('\n')) : [];
  const last = (key: string): string | undefined => entries.findLast(([name]) => name === key)?.[1];
  return { name: last('user.name') || 'Orchestrate', email: last('user.email') || 'orchestrate@localhost' };
}

/** The text of a file in a commit; null where the commit has no such file. */
export async function fileAt(repo: Repository, commit: string, path: string): Promise<Result<string | null>> {
  const shown = await runGit(['cat-file', 'blob', `${commit}:${path}`], { gitDir: repo.commonDir });
  if (!shown.ok) return shown;
  if (shown.value.code === 0) return ok(shown.value.stdout);
  const commitKnown = await git(['cat-file', '-e', `${commit}^{commit}`], { gitDir: repo.commonDir });
  return commitKnown.ok ? ok(null) : commitKnown;
}

/** The files of a commit below some folders, each `/` at its end; none where it has no such folder. */
export async function filesBelow(
  repo: Repository,
  commit: string,
  folders: readonly string[],
): Promise<Result<readonly string[]>> {
  const question = [commit, ...folders].join('\0');
  const known = repo.listings.get(question);
  if (known) return ok(known);
  const listed = await git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', ...folders], {
    gitDir: repo.commonDir,
  });
  if (!listed.ok) return listed;
  const files = listed.value.split('\0').filter((file) => file !== '');
  repo.listings.set(question, files);
  return ok(files);
}

/** Whether a commit, by its whole name, is in the repository. */
export async function hasCommit(repo: Repository, commit: string): Promise<Result<boolean>> {
  const told = await runGit(['cat-file', '-e', `${commit}^{commit}`], { gitDir: repo.commonDir });
  return told.ok ? ok(told.value.code === 0) : told;
}

/** Whether `ancestor` is `commit` or lies in its history. */
export async function isAncestor(repo: Repository, ancestor: string, commit: string): Promise<Result<boolean>> {
  const args = ['merge-base', '--is-ancestor', ancestor, commit];
  const told = await runGit(args, { gitDir: repo.commonDir });
  if (!told.ok) return told;
  const { code, stderr } = told.value;
  if (code === 0 || code === 1) return ok(code === 0);
  return fail({ kind: 'git', args, exitCode: code, stderr });
}

/** rev-parse echoes flags it does not know: `--|` parts the answers, which may hold newlines. */
const LAYOUT = `rev-parse --path-format=absolute --is-bare-repository --| --show-object-format --|
  --git-dir --| --git-common-dir --| --show-toplevel --| HEAD^{commit}`.split(/\s+/);

type Layout = Pick<Repository, 'root' | 'gitDir' | 'commonDir' | 'objectFormat'>;

function readLayout(path: string, exit: Exit): Result<Layout> {
  const [bare, format, gitDir, commonDir, root] = exit.stdout.split('\n--|\n');
  if (bare === 'true' && gitDir !== undefined) return fail({ kind: 'bareRepository', path });
  if (FOREIGN.test(exit.stderr)) return fail({ kind: 'refused', reason: foreign(path) });
  if (format === undefined || !gitDir || !commonDir || !root) return fail({ kind: 'notARepository', path });
  if (exit.code !== 0) return fail({ kind: 'noCommits', path: root });
  return ok({ root, gitDir, commonDir, objectFormat: format === 'sha256' ? 'sha256' : 'sha1' });
}

/** Git's own words; its exit code is that of a folder without a repository. */
const FOREIGN = /dubious ownership/;
const foreign = (path: string): string =>
  `The repository at ${path} belongs to another user, so git does not work in it. If you trust it: git config --global --add safe.directory <its folder>`;

function parseVersion(text: string): [number, number, number] {
  const [, major, minor, patch] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)];
}
