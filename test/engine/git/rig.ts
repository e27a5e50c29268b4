import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Failure, Result } from '../../../src/model/failure.ts';
import { letGo, openRepository, type Repository } from '../../../src/git/repository.ts';
import { takeResult, type ResultOrder, type TakenResult } from '../../../src/git/result.ts';
import { createWorktree, type Created, type WorktreeOrder } from '../../../src/git/worktree.ts';
import { TemporaryRepository, type Files, type RepositoryOptions } from '../../rig/repository.ts';

export const author = { name: 'Ada', email: 'ada@example.org' };
export const DATE = Date.UTC(2030, 0, 1);

/** The value, or a failed test that says why. */
export function must<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.failure));
  return result.value;
}

export function failureOf<T>(result: Result<T>): Failure {
  assert.ok(!result.ok, 'it should have failed');
  return result.failure;
}

export async function open(path: string): Promise<Repository> {
  return must(await openRepository(path));
}

/** A temporary repository, opened; what was deleted in the background is gone before it goes itself. */
export async function start(files: Files, options?: RepositoryOptions) {
  const here = TemporaryRepository.with(files, options);
  const repo = await open(here.root);
  here.atEnd(() => repo.chores.take(() => letGo(repo)));
  here.git('update-ref', INTEGRATION, here.head());
  return { here, repo, base: here.head(), [Symbol.asyncDispose]: () => here[Symbol.asyncDispose]() };
}

export const INTEGRATION = 'refs/orchestrate/runs/r/integration';

export const orderOf = (repo: Repository, base: string, more: Partial<WorktreeOrder> = {}): WorktreeOrder => {
  const name = more.name ?? 'task-1';
  return {
    name,
    path: join(repo.root, '.worktrees', name),
    branch: `orchestrate-tasks/${name}`,
    base,
    keep: join(repo.state, 'runs', 'r', name),
    copy: [],
    run: 'r',
    ...more,
  };
};

/** A worktree as an agent gets it. */
export async function attempt(
  repo: Repository,
  base: string,
  more: Partial<WorktreeOrder> = {},
): Promise<WorktreeOrder & { created: Created }> {
  const order = orderOf(repo, base, more);
  return { ...order, created: must(await createWorktree(repo, order)) };
}

export const resultOrder = (order: WorktreeOrder, more: Partial<ResultOrder> = {}): ResultOrder => ({
  path: order.path,
  branch: order.branch,
  base: order.base,
  keep: order.keep,
  ref: `refs/orchestrate/runs/r/results/${order.name}`,
  headRef: `refs/orchestrate/runs/r/heads/${order.name}`,
  message: `Result of ${order.name}`,
  author,
  date: DATE,
  planFile: 'docs/plan/p/plan.yaml',
  integration: { ref: INTEGRATION, isKnown: (oid: string) => oid === order.base },
  startedAt: Date.now(),
  ...more,
});

export async function taken(
  repo: Repository,
  order: WorktreeOrder,
  more: Partial<ResultOrder> = {},
): Promise<TakenResult> {
  return must(await takeResult(repo, resultOrder(order, more)));
}

/** Deletes an object, as a prune does that has looked at the refs before there was one for it. */
export function takeAway(here: TemporaryRepository, name: string): void {
  const oid = here.git('rev-parse', name);
  rmSync(join(here.root, '.git', 'objects', oid.slice(0, 2), oid.slice(2)));
}

/** Does it the first time, and nothing from then on. */
export function once(work: () => void): () => void {
  let left = 1;
  return () => {
    if (left-- > 0) work();
  };
}

export const kinds = (result: TakenResult): string[] => result.findings.map((finding) => finding.kind);

/** Does it as the owner of the repository, whom permissions bind: root they do not. */
export async function asOwner<T>({ root }: TemporaryRepository, work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  const { HOME: home } = process.env;
  execFileSync('chown', ['-R', String(NOBODY), dirname(root)]);
  process.env['HOME'] = dirname(root);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.env['HOME'] = home;
  }
}

const NOBODY = 65_534;
