import { mkdirSync, readFileSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fail, ok, type Failure, type Result } from '../model/failure.ts';
import { addWorktree } from './add-worktree.ts';
import { checkName, forgetWorktree, worktreeGitDir, refsInWorktrees } from './admin.ts';
import { carryOver, type Carry } from './carry.ts';
import { copyIgnored } from './copy.ts';
import { excludeFolder } from './exclude.ts';
import { exists, io } from './files.ts';
import { saveFingerprint } from './fingerprint.ts';
import { remember } from './memory.ts';
import { readRef, updateRefs } from './refs.ts';
import { removeFolder } from './remove-folder.ts';
import type { Proof, Repository } from './repository.ts';
import { git } from './run.ts';
import { copyWithTimes } from './snapshot.ts';
import { removeWorktree } from './trash.ts';

export interface WorktreeOrder {
  /** Unique, made by `attemptName`; also the last part of `path`. */
  name: string;
  /** Absolute: `<root>/.worktrees/<name>`. */
  path: string;
  branch: string;
  /** The commit it starts from. */
  base: string;
  /** A folder of the engine's for this attempt; gets `index` and `fingerprint.json`. */
  keep: string;
  /** Ignored files to copy from the checkout: paths, folders, globs. */
  copy: readonly string[];
  /** A former attempt's change to start with. */
  carry?: { result: string; base: string };
  /** For the entry of the trash should remains of a crash have to go there. */
  run?: string;
}

export type Created = Carry & { warnings: string[] };

/**
 * Makes a worktree an agent can be let into. Doing it twice is doing it once: remains of an interrupted attempt
 * are discarded first, into the trash where anything would be lost.
 *
 * Fails as isolation where the worktree is not what it must be; git, io, diskFull, refused.
 */
export async function createWorktree(repo: Repository, order: WorktreeOrder): Promise<Result<Created>> {
  const named = checkName(order.name);
  if (!named.ok) return named;
  const excluded = await excludeFolder(repo, order.path);
  if (!excluded.ok) return excluded;
  const added = await addCleanly(repo, order);
  if (!added.ok) return added;
  const gitDir = await worktreeGitDir(repo, order.path);
  if (!gitDir.ok) return gitDir;
  const kept = await io(order.keep, () => keepIndex(gitDir.value, order.keep));
  if (!kept.ok) return kept;
  const proof = added.value;
  if (!proof.ok) return proof;
  const copied = await copyIgnored(repo, order.path, order.copy);
  if (!copied.ok) return copied;
  const known = await remember(repo, order, copied.value.copied);
  if (!known.ok) return known;
  const { hooks, warnings } = proof.value;
  const saved = await saveFingerprint(repo, { path: order.path, keep: order.keep, hooks, excluded: excluded.value });
  if (!saved.ok) return saved;
  const carried = await bring(repo, order, gitDir.value);
  return carried.ok ? ok({ ...carried.value, warnings: [...warnings, ...copied.value.warnings] }) : carried;
}

async function bring(repo: Repository, { carry, path, base, keep }: WorktreeOrder, gitDir: string) {
  if (carry === undefined) return ok<Carry>({ carried: 'none' });
  return carryOver(repo, { path, gitDir, base, keep, carry });
}

/** Adding fails where something is in the way; then look what it is, clear it and add again. */
async function addCleanly(repo: Repository, order: WorktreeOrder): Promise<Result<Result<Proof>>> {
  const { path, branch, base } = order;
  let failure: Failure | undefined;
  for (let tries = 0; tries < 4; tries++) {
    if (tries > 1) await pause(25 * 2 ** tries * (0.5 + Math.random()));
    const cleared = await clear(repo, order, tries > 0);
    if (!cleared.ok) return cleared;
    const added = await addWorktree(repo, { path, branch, base }, ({ ours }) =>
      ours ? proveOnce(repo, order) : proveIsolation(repo, order),
    );
    if (added.ok) return added;
    failure = added.failure;
    if ((failure.kind !== 'git' && failure.kind !== 'refMoved') || !(await isCommit(repo, base))) break;
  }
  const taken = await takenBranch(repo, order);
  if (taken) return fail(taken);
  await undo(repo, order);
  return fail(failure ?? { kind: 'refused', reason: `The worktree ${path} could not be made.` });
}

/** The branch is there, and stays because it is checked out in another place: nobody else gives such names. */
async function takenBranch(repo: Repository, { path, branch }: WorktreeOrder): Promise<Failure | undefined> {
  const told = await refsInWorktrees(repo, ['--format=%(worktreepath)', `refs/heads/${branch}`]);
  const place = told.ok ? told.value.trim() : '';
  if (place === '' || place === path) return undefined;
  return {
    kind: 'refused',
    reason: `The branch ${branch} is there already, checked out in ${place} as git's records here say. It is of another run, as where a repository was copied, or .git/orchestrate deleted. Set the branch aside, then resume: git branch -m ${branch} ${branch}-old`,
  };
}

async function isCommit(repo: Repository, oid: string): Promise<boolean> {
  return (await git(['cat-file', '-e', `${oid}^{commit}`], { gitDir: repo.commonDir })).ok;
}

/** Before the first try only the folder is looked for; the branch costs a spawn and is asked for after a failure. */
async function clear(repo: Repository, order: WorktreeOrder, thoroughly: boolean): Promise<Result<void>> {
  const { name, path, branch, base, run = '' } = order;
  const there = await io(path, () => exists(path));
  if (!there.ok) return there;
  const inTheWay = there.value || thoroughly;
  if (!inTheWay) return ok(undefined);
  const removed = await removeWorktree(repo, { run, name, path, branch, ref: base });
  return removed.ok ? ok(undefined) : removed;
}

/** Nothing half made stays behind; what is left after a full disk can only have come from this call. */
async function undo(repo: Repository, { path, branch, base }: WorktreeOrder): Promise<void> {
  await io(path, () => removeFolder(path));
  await forgetWorktree(repo, path);
  const ref = `refs/heads/${branch}`;
  const tip = await readRef(repo, ref);
  if (tip.ok && tip.value === base) await updateRefs(repo, [{ ref, old: base, new: null }]);
}

/** The index as git made it, times kept, for `takeResult`: no bit an agent sets in its own reaches ours. */
async function keepIndex(gitDir: string, keep: string): Promise<void> {
  mkdirSync(keep, { recursive: true, mode: 0o700 });
  const index = join(gitDir, 'index');
  await copyWithTimes(index, join(keep, 'index'));
}

/**
 * A worktree that was put together here has what git would find in it; what is left to ask is whether the configuration
 * leads git elsewhere. It is asked once for each, not for each worktree; a no is about the one that was asked for.
 */
async function proveOnce(repo: Repository, order: WorktreeOrder): Promise<Result<Proof>> {
  const config = await io(repo.commonDir, async () => readFileSync(join(repo.commonDir, 'config'), 'utf8'));
  if (!config.ok) return config;
  const known = await repo.proofs.get(config.value);
  if (known?.ok) return known;
  const asked = proveIsolation(repo, order);
  repo.proofs.set(config.value, asked);
  return asked;
}

/** git, asked in the worktree as an agent would ask it, must find this worktree, our branch and the base. */
async function proveIsolation(repo: Repository, { path, branch, base }: WorktreeOrder): Promise<Result<Proof>> {
  const asked = await git(PROOF, { cwd: path, plain: true });
  if (!asked.ok) return asked;
  const [top = '', hooks = '', rest = ''] = asked.value.split('\n--|\n');
  const [head, name] = rest.trimEnd().split('\n');
  const broken = (finding: string): Result<never> => fail({ kind: 'isolation', path, finding });
  const places = await io(path, () =>
    Promise.all([realpath(top), realpath(path), readFile(join(path, '.git'), 'utf8')]),
  );
  if (!places.ok) return places;
  if (places.value[0] !== places.value[1]) return broken(`git finds its top level at ${top}`);
  if (name !== `refs/heads/${branch}`) return broken(`its HEAD is at ${name}, not at ${branch}`);
  if (head !== base) return broken(`it stands at ${head}, not at ${base}`);
  return ok(judgeHooks(repo, places.value[1], hooks));
}

const PROOF = `rev-parse --path-format=absolute --show-toplevel --|
  --git-path hooks --| HEAD --symbolic-full-name HEAD`.split(/\s+/);

/** Hooks tracked in the worktree are part of its content; those elsewhere belong to the fingerprint. */
function judgeHooks(repo: Repository, path: string, hooks: string): Proof {
  const usual = join(repo.commonDir, 'hooks');
  if (hooks === usual || hooks.startsWith(path + sep)) return { hooks: [usual], warnings: [] };
  const inCheckout = hooks.startsWith(repo.root + sep) && !hooks.startsWith(repo.commonDir + sep);
  const warnings = inCheckout ? [`core.hooksPath names ${hooks}: hooks of the checkout run in every worktree`] : [];
  return { hooks: [usual, hooks], warnings };
}
