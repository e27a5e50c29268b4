import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { io } from './files.ts';
import { updateRefs } from './refs.ts';
import type { Repository } from './repository.ts';
import { git } from './run.ts';

export interface Addition {
  path: string;
  branch: string;
  base: string;
}

/**
 * What `git worktree add -b` does, with one git instead of four: the branch, git's record of the worktree
 * (gitrepository-layout(5), worktrees/), and the `reset --hard` that git itself fills it with. The record appears in one
 * step, so whoever lists worktrees meanwhile finds it whole or not at all. `prove` is called as soon as the record is there,
 * while git fills the folder; `ours` is false where the repository is of a kind that git has to be asked about, and was.
 */
export async function addWorktree<T>(
  repo: Repository,
  addition: Addition,
  prove: (made: { ours: boolean }) => Promise<T>,
): Promise<Result<T>> {
  const plain = await io(repo.commonDir, async () => isPlain(repo, addition));
  if (!plain.ok) return plain;
  const { path, branch, base } = addition;
  if (!plain.value) {
    const args = ['worktree', 'add', '--quiet', '--no-track', '-b', branch, '--', path, base];
    const added = await repo.worktreeTurn.take(() => git(args, { cwd: repo.root }));
    return added.ok ? ok(await prove({ ours: false })) : added;
  }
  const branched = await updateRefs(repo, [{ ref: `refs/heads/${branch}`, old: null, new: base }]);
  if (!branched.ok) return branched;
  const placed = await io(path, async () => place(repo, addition));
  if (!placed.ok) return placed;
  const options = { cwd: path, gitDir: placed.value, env: { GIT_WORK_TREE: path } };
  const [filled, proof] = await Promise.all([
    git(['reset', '--hard', '--no-recurse-submodules', '--quiet'], options),
    prove({ ours: true }),
  ]);
  return filled.ok ? ok(proof) : filled;
}

/** Nothing that `git worktree add` would carry over, keep elsewhere or see only in one worktree; nothing in the way. */
function isPlain({ commonDir, gitDir }: Repository, { path }: Addition): boolean {
  const special = [commonDir, gitDir].flatMap((folder) => [
    join(folder, 'config.worktree'),
    join(folder, 'info', 'sparse-checkout'),
  ]);
  const taken = [path, join(commonDir, 'worktrees', basename(path))];
  const config = readFileSync(join(commonDir, 'config'), 'utf8');
  return (
    ![...special, ...taken].some((file) => existsSync(file)) &&
    !/worktreeconfig|sparse|refstorage|\[include/i.test(config)
  );
}

/** The folder with its `.git`, then git's record of it. Gives the record. */
function place({ commonDir, state }: Repository, { path, branch }: Addition): string {
  const admin = join(commonDir, 'worktrees', basename(path));
  const draft = join(state, 'drafts', randomUUID());
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path);
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const dotGit = join(realpathSync(path), '.git');
  writeFileSync(dotGit, `gitdir: ${admin}\n`);
  writeFileSync(join(draft, 'HEAD'), `ref: refs/heads/${branch}\n`);
  writeFileSync(join(draft, 'commondir'), '../..\n');
  writeFileSync(join(draft, 'gitdir'), `${dotGit}\n`);
  mkdirSync(dirname(admin), { recursive: true });
  renameSync(draft, admin);
  return admin;
}
