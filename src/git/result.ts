import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../model/run/event.ts';
import { fail, ok, type Failure, type Result } from '../model/failure.ts';
import { adminFolder } from './admin.ts';
import { readChanges, type Change } from './changes.ts';
import { commitTree, type Author } from './commit.ts';
import { mergeContext } from './context.ts';
import { rememberDelta } from './delta.ts';
import { exists, io } from './files.ts';
import { finding } from '../model/run/finding.ts';
import { findingsOf } from './findings.ts';
import { compareFingerprint } from './fingerprint.ts';
import { readLooseHead } from './loose.ts';
import { toBytes } from './objects.ts';
import { readRef, updateRefs } from './refs.ts';
import type { Repository } from './repository.ts';
import { isWhole, untilWhole } from './whole.ts';
import { git, runGit, type Exit, type GitOptions } from './run.ts';
import { isNotTaken, snapshot } from './snapshot.ts';
import { treeOf } from './trees.ts';

export interface ResultOrder {
  path: string;
  branch: string;
  /** The commit the attempt started from. */
  base: string;
  /** The attempt's folder, as given to `createWorktree`. */
  keep: string;
  /** Where the result's commit goes, and where the agent's own HEAD goes if it committed. */
  ref: string;
  headRef: string;
  message: string;
  author: Author;
  /** Epoch milliseconds, of the intent: the same order gives the same commit. */
  date: number;
  /** Stays as it is at the base, whatever the agent wrote into it. Relative to the root. */
  planFile?: string;
  scope?: readonly string[];
  /** Globs of files in which conflict markers are text. */
  exempt?: readonly string[];
  /** Must be where the run put it; asked when it was read, as the run may merge at the same time. */
  integration: { ref: string; isKnown: (oid: string) => boolean };
  /** Epoch milliseconds. */
  startedAt: number;
}

export interface TakenResult {
  /** One commit on the base; null when the tree equals the base's. */
  commit: string | null;
  tree?: string;
  paths: string[];
  /** Added and removed in all of them. */
  lines?: number;
  findings: Finding[];
}

/**
 * What an attempt came to: the worktree's content now, whatever was done with git meanwhile, as one commit on its
 * base. Where configuration or hooks changed, git is not let near the worktree: then there are findings only.
 *
 * Fails as notFound where the worktree is gone; git, io, diskFull.
 */
export async function takeResult(repo: Repository, order: ResultOrder): Promise<Result<TakenResult>> {
  const there = await io(order.path, () => exists(order.path));
  if (!there.ok) return there;
  if (!there.value) return fail({ kind: 'notFound', what: 'worktree', name: order.path });
  const steered = await compareFingerprint(repo, order.path, order.keep);
  if (!steered.ok) return steered;
  if (steered.value.length > 0) return ok({ commit: null, paths: [], findings: steered.value });
  const head = await readState(repo, order);
  if (!head.ok) return head;
  const own = await findingsOfHistory(repo, order, head.value);
  if (!own.ok) return own;
  return untilWhole(
    () => takeContent(repo, order, head.value, own.value),
    async ({ commit }) => commit === null || isWhole(repo, { commit, base: order.base }),
  );
}

async function takeContent(
  repo: Repository,
  order: ResultOrder,
  state: State,
  own: Finding[],
): Promise<Result<TakenResult>> {
  const gitDir = state.admin ?? repo.commonDir;
  const taken = await snapshot({
    path: order.path,
    gitDir,
    keep: order.keep,
    ...(order.planFile === undefined ? {} : { except: order.planFile }),
    leaveIndex: true,
    base: { repo, tree: state.baseTree },
  });
  if (!taken.ok) return notTaken(repo, taken.failure, own);
  const { tree, unborn, unread, inSubmodules } = taken.value;
  const left = [
    ...finding('nestedRepository', unborn, 'A git repository without a commit, left out of the result'),
    ...finding('unreadable', unread, 'A folder that cannot be looked into, left out of the result'),
    ...finding('unreadable', inSubmodules, 'Work inside a submodule, a repository of its own, left out of the result'),
  ];
  const committed = await commitChanges(repo, order, state, tree);
  if (!committed.ok) return committed;
  return ok({ ...committed.value, findings: [...own, ...left, ...committed.value.findings] });
}

/** What lies in the worktree is its agent's doing; that nothing can be written into the repository is not. */
async function notTaken(repo: Repository, failure: Failure, findings: Finding[]): Promise<Result<TakenResult>> {
  if (!isNotTaken(failure)) return fail(failure);
  if (!(await canWrite(repo))) return fail(failure);
  const said = lines(failure.stderr).filter((line) => !line.startsWith('hint: '));
  const detail = `Git cannot take what lies in the worktree: ${said.join('; ')}`;
  return ok({ commit: null, paths: [], findings: [...findings, { kind: 'unreadable', paths: [], detail }] });
}

/** One object may find a place among those that are there; the next needs a folder of its own. */
async function canWrite({ commonDir }: Repository): Promise<boolean> {
  const objects = join(commonDir, 'objects');
  const open = await io(objects, async () => rmdirSync(mkdtempSync(join(objects, 'tmp_objdir-'))));
  if (!open.ok) return false;
  return (await git(['hash-object', '-w', '--stdin'], { gitDir: commonDir, input: randomUUID() })).ok;
}

interface State {
  admin: string | undefined;
  /** What HEAD names: a ref, or undefined where it is detached or unreadable. */
  symbolic: string | undefined;
  head: string | null;
  integration: string | null;
  baseTree: string;
}

async function readState(repo: Repository, { path, base, integration }: ResultOrder): Promise<Result<State>> {
  const admin = await io(path, () => adminFolder(repo, path));
  if (!admin.ok) return admin;
  const [head, tip, baseTree] = await Promise.all([
    readWorktreeHead(repo, admin.value, base),
    readRef(repo, integration.ref),
    treeOf(repo, base),
  ]);
  if (!head.ok) return head;
  if (!tip.ok) return tip;
  return baseTree.ok ? ok({ ...head.value, integration: tip.value, baseTree: baseTree.value }) : baseTree;
}

/**
 * HEAD as far as it can be read: an agent may have left anything in its place, or taken git's record away. Where its
 * files say that it stands at the base, nothing else is to be known; otherwise git is asked.
 */
async function readWorktreeHead(
  { commonDir }: Repository,
  admin: string | undefined,
  base: string,
): Promise<Result<Pick<State, 'admin' | 'symbolic' | 'head'>>> {
  const unreadable = { admin: undefined, symbolic: undefined, head: null };
  if (admin === undefined) return ok(unreadable);
  const loose = await readLooseHead(admin, commonDir);
  if (loose?.oid === base) return ok({ admin, symbolic: loose.symbolic, head: base });
  const [symbolic, commit] = await Promise.all([
    runGit(['symbolic-ref', '--quiet', 'HEAD'], { gitDir: admin }),
    runGit(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { gitDir: admin }),
  ]);
  if (!symbolic.ok) return symbolic;
  if (!commit.ok) return commit;
  if (symbolic.value.code === 128) return ok(unreadable);
  return ok({ admin, symbolic: answer(symbolic.value), head: answer(commit.value) ?? null });
}

const answer = ({ code, stdout }: Exit): string | undefined => (code === 0 ? stdout.trim() : undefined);

async function findingsOfHistory(repo: Repository, order: ResultOrder, state: State): Promise<Result<Finding[]>> {
  const { integration, branch, base } = order;
  const moved =
    state.integration !== null && integration.isKnown(state.integration)
      ? []
      : [refsMoved(`${integration.ref} is at ${state.integration ?? 'nothing'}, where the run never put it`)];
  const ours = state.symbolic === `refs/heads/${branch}`;
  const elsewhere = ours ? [] : [headMoved(`HEAD is at ${state.symbolic ?? state.head ?? 'nothing readable'}`)];
  if (state.head === base) return ok([...moved, ...elsewhere]);
  if (state.head === null) return ok([...moved, ...(ours ? [headMoved('HEAD has no commit')] : elsewhere)]);
  const history = await findingsOfCommits(repo, order, state.head);
  return history.ok ? ok([...moved, ...elsewhere, ...history.value]) : history;
}

const refsMoved = (detail: string): Finding => ({ kind: 'refsMoved', paths: [], detail });
const headMoved = (detail: string): Finding => ({ kind: 'headMoved', paths: [], detail });

/** Only for an agent that committed. Clocks of commits made elsewhere are trusted to five seconds. */
async function findingsOfCommits(repo: Repository, order: ResultOrder, head: string): Promise<Result<Finding[]>> {
  const { base, branch, startedAt } = order;
  const options = { gitDir: repo.commonDir };
  // Also what other attempts left: an evicted commit must not come back through a later task.
  const others = [
    `--exclude=${branch}`,
    '--branches',
    '--remotes',
    `--exclude=${order.headRef}`,
    '--glob=refs/orchestrate',
  ];
  const list = ['rev-list', '--max-count=1000', '--no-commit-header', '--format=%H %ct %P', head, `^${base}`];
  const [onBase, all, unshared] = await Promise.all([
    runGit(['merge-base', '--is-ancestor', base, head], options),
    git(list, options),
    git([...list, '--not', ...others], options),
  ]);
  if (!onBase.ok) return onBase;
  if (!all.ok) return all;
  if (!unshared.ok) return unshared;
  const own = new Set(lines(unshared.value).map((line) => line.split(' ')[0]));
  const foreign = lines(all.value).flatMap((line) => {
    const [oid = '', seconds = '', ...parents] = line.split(' ');
    if (parents.length > 1) return [`${oid.slice(0, 10)} is a merge`];
    if (!own.has(oid)) return [`${oid.slice(0, 10)} is on another branch`];
    return Number(seconds) * 1000 < startedAt - 5000 ? [`${oid.slice(0, 10)} is older than the attempt`] : [];
  });
  const rewritten = onBase.value.code === 0 ? [] : [headMoved(`${base.slice(0, 10)} is not in the history of HEAD`)];
  const brought: Finding[] =
    foreign.length === 0 ? [] : [{ kind: 'foreignCommits', paths: [], detail: foreign.slice(0, 5).join('; ') }];
  return ok([...rewritten, ...brought]);
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

async function commitChanges(
  repo: Repository,
  order: ResultOrder,
  { head, baseTree }: State,
  tree: string,
): Promise<Result<TakenResult>> {
  const context = await mergeContext(repo);
  if (!context.ok) return context;
  const kept = head === null || head === order.base ? [] : [{ ref: order.headRef, new: head }];
  if (tree === baseTree) {
    const written = await updateRefs(repo, kept);
    return written.ok ? ok({ commit: null, paths: [], findings: [] }) : written;
  }
  const { base, author, date, message } = order;
  const [commit, read] = await Promise.all([
    commitTree(context.value, { tree, parents: [base], author, date, message }),
    inspect(repo, context.value, { from: baseTree, to: tree }, order),
  ]);
  if (!commit.ok) return commit;
  if (!read.ok) return read;
  const { changes, ...seen } = read.value;
  rememberResult(repo, commit.value, base, changes);
  const written = await updateRefs(repo, [{ ref: order.ref, new: commit.value }, ...kept]);
  return written.ok ? ok({ commit: commit.value, tree, ...seen }) : written;
}

/** Merging it will ask what it changed. Paths that are no UTF-8 were not read whole: then git is asked again. */
function rememberResult(repo: Repository, commit: string, parent: string, changes: readonly Change[]): void {
  if (changes.some(({ path }) => path.includes('\uFFFD'))) return;
  const entries = changes.map(({ path, newMode, newOid }) => ({
    mode: newMode,
    oid: newOid,
    path: toBytes(path),
  }));
  rememberDelta(repo, { commit, parent, entries, paths: entries.map(({ path }) => path) });
}

async function inspect(
  repo: Repository,
  context: GitOptions,
  trees: { from: string; to: string },
  order: ResultOrder,
): Promise<Result<Pick<TakenResult, 'paths' | 'lines' | 'findings'> & { changes: readonly Change[] }>> {
  const changes = await readChanges(repo, context, trees);
  if (!changes.ok) return changes;
  const findings = await findingsOf(context, changes.value, order);
  if (!findings.ok) return findings;
  const changed = changes.value;
  return ok({
    paths: changed.map(({ path }) => path),
    lines: changed.reduce((sum, { lines: many }) => sum + many, 0),
    findings: findings.value,
    changes: changed,
  });
}
