import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../model/failure.ts';
import { hash8, slug } from '../model/text/names.ts';
import { refsInWorktrees } from './admin.ts';
import { absent, io, readIfAny } from './files.ts';
import { pair, updateRefs } from './refs.ts';
import type { Repository } from './repository.ts';

export interface Publication {
  planId: string;
  commit: string;
  run: string;
}

/**
 * Makes or moves the branch a person finds the result on: `orchestrate/<plan>`, or the next free of `…-2`, `…-3`;
 * `orchestrate-<plan>` where a branch `orchestrate` is in the way. It never moves a branch that is not ours for
 * this plan, that somebody moved since, or that is checked out or being rebased anywhere.
 */
export async function publishBranch(
  repo: Repository,
  { planId, commit, run }: Publication,
): Promise<Result<{ branch: string }>> {
  const plan = hash8(planId);
  const known = await readBranches(repo, plan);
  if (!known.ok) return known;
  for (const branch of namesFor(planId, known.value)) {
    const found = known.value.get(branch.toLowerCase());
    if (found?.ours && found.oid === commit) return ok({ branch });
    if (!isFree(known.value, branch)) continue;
    const moved = await updateRefs(repo, [
      { ref: `refs/heads/${branch}`, old: found?.oid ?? null, new: commit },
      { ref: `${OURS}/${plan}/${branch}`, new: commit },
    ]);
    // where somebody was faster, the next name is as good
    if (moved.ok || moved.failure.kind !== 'refMoved') return moved.ok ? ok({ branch }) : moved;
  }
  return fail({ kind: 'refused', reason: `No branch name is free for the result of run ${run}.` });
}

function namesFor(planId: string, branches: ReadonlyMap<string, Branch>): string[] {
  const first = `${branches.has('orchestrate') ? 'orchestrate-' : 'orchestrate/'}${slug(planId)}`;
  return Array.from({ length: 1000 }, (_, i) => (i === 0 ? first : `${first}-${i + 1}`));
}

/** `refs/orchestrate/branches/<plan's hash>/<branch>`: where we last put a branch of ours. */
const OURS = 'refs/orchestrate/branches';

interface Branch {
  oid: string;
  /** We put it where it is, for this plan. */
  ours: boolean;
  inUse: boolean;
}

/** Branches by lower-case name: some file systems know no other. */
async function readBranches(repo: Repository, plan: string): Promise<Result<Map<string, Branch>>> {
  const format = '%(refname) %(objectname) %(if)%(worktreepath)%(then)used%(end)';
  const told = await refsInWorktrees(repo, [`--format=${format}`, 'refs/heads', `${OURS}/${plan}`]);
  if (!told.ok) return told;
  const rebased = await io(repo.commonDir, () => rebasedBranches(repo));
  if (!rebased.ok) return rebased;
  const refs = told.value.split('\n').filter((line) => line !== '');
  const marks = new Map(refs.map((line) => pair(line)));
  const heads = refs.filter((line) => line.startsWith('refs/heads/'));
  return ok(
    new Map(
      heads.map((line) => {
        const [ref = '', oid = '', used] = line.split(' ');
        const name = ref.slice('refs/heads/'.length);
        const ours = marks.get(`${OURS}/${plan}/${name}`) === oid;
        return [name.toLowerCase(), { oid, ours, inUse: used === 'used' || rebased.value.has(ref) }];
      }),
    ),
  );
}

function isFree(branches: ReadonlyMap<string, Branch>, branch: string): boolean {
  const name = branch.toLowerCase();
  const found = branches.get(name);
  if (found !== undefined) return found.ours && !found.inUse;
  return ![...branches.keys()].some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`));
}

/** While a branch is rebased, HEAD is detached and git shows nobody using it. */
async function rebasedBranches(repo: Repository): Promise<Set<string>> {
  const worktrees = join(repo.commonDir, 'worktrees');
  const ids = (await readdir(worktrees).catch(absent)) ?? [];
  const folders = [repo.commonDir, ...ids.map((id) => join(worktrees, id))];
  const files = folders.flatMap((folder) =>
    ['rebase-merge', 'rebase-apply'].map((rebase) => join(folder, rebase, 'head-name')),
  );
  const names = await Promise.all(files.map(readIfAny));
  return new Set(names.flatMap((name) => (name === undefined ? [] : [name.trim()])));
}
