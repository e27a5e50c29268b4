import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Beside, foresee, type ForecastOrder } from '../src/git/forecast.ts';
import { letGo, openRepository, type Repository } from '../src/git/repository.ts';
import { createWorktree } from '../src/git/worktree.ts';
import { type TemporaryRepository, writeFiles } from '../test/rig/repository.ts';
import { value } from '../test/rig/run.ts';
import { takeTurns, type Variant } from './measure.ts';
import { contentOf, FILES, midRepository, pathOf, writeResults } from './mid.ts';
import { gains, type Line, type Row } from './row.ts';
import type { Scratch } from './scratch.ts';

const BRANCHES = 32;

/** Each result, as it is accepted, against all who are still at work, as the engine asks; against a git for each pair. */
export const forecast = (scratch: Scratch): Row => ({
  number: 5,
  title: `which of ${BRANCHES} branches conflict, ${FILES} files`,
  run: (rounds) => measure(scratch, rounds),
});

/** What the n-th has made: lies in its worktree, and is a commit on the base, too. */
interface Made extends Beside {
  order: ForecastOrder;
}

interface Turn {
  repository: Repository;
  /** `n with m: paths` of each pair in conflict. */
  found: string[];
}

async function measure({ folder }: Scratch, rounds: number): Promise<Line[]> {
  await using made = midRepository(folder);
  const all = await makeAll(made);
  const [ours, theirs] = await takeTurns([asAccepted(made.root, all), aGitEach(made.root, all)], {
    rounds,
    budget: 10_000,
    warmUp: true,
  });
  const what = `conflicts among ${BRANCHES} branches, all ${(BRANCHES * (BRANCHES - 1)) / 2} pairs`;
  const line = { row: 5, what, against: 'a git merge-tree each' };
  return [{ ...line, ...gains(ours, theirs), target: { atLeast: 300, unit: 'x' } }];
}

async function makeAll(made: TemporaryRepository): Promise<Made[]> {
  const base = made.head();
  const repository = value(await openRepository(made.root));
  const changes = Array.from({ length: BRANCHES }, (_, at) => changesOf(at));
  const commits = writeResults(made.root, base, changes);
  const all: Made[] = [];
  for (const [at, files] of changes.entries()) {
    const name = `task-${at}`;
    const path = join(made.root, '.worktrees', name);
    const keep = join(repository.state, 'attempts', name);
    value(await createWorktree(repository, { name, path, branch: `tasks/${name}`, base, keep, copy: [] }));
    writeFiles(path, files);
    all.push({ commit: commits[at] ?? '', paths: Object.keys(files), order: { path, base, keep } });
  }
  await letGo(repository);
  return all;
}

/** Twelve pairs change the same file differently, sixteen its two ends, and each has files of its own. */
function changesOf(at: number): Record<string, string> {
  const ours = `// task ${at}\n`;
  const shared = FILES - 1 - (at >> 1);
  return {
    [pathOf((at % 20) * 200)]: ours,
    [pathOf(shared)]: at % 2 === 0 ? ours + contentOf(shared) : contentOf(shared) + ours,
    [pathOf(4_001 + at)]: ours,
    [`packages/p${at}/new-${at}.ts`]: ours,
  };
}

const foundBetween = (one: number, other: number, paths: readonly string[]): string =>
  `${one} with ${other}: ${paths.toSorted().join(', ')}`;

const turns = (root: string): Pick<Variant<Turn>, 'prepare' | 'answer' | 'release'> => ({
  // Opened anew, so that nothing is remembered of the turn before.
  prepare: async () => ({ repository: value(await openRepository(root)), found: [] }),
  answer: ({ found }) => found.toSorted().join('\n'),
  release: ({ repository }) => letGo(repository),
});

const asAccepted = (root: string, all: readonly Made[]): Variant<Turn> => ({
  ...turns(root),
  name: 'foresee',
  run: async ({ repository, found }) => {
    for (const [at, { commit, paths }] of all.entries()) {
      const compare = async ({ order }: Made, later: number): Promise<void> => {
        for (const other of value(await foresee(repository, order, [{ commit, paths }])))
          found.push(foundBetween(at, at + 1 + later, other.paths));
      };
      await Promise.all(all.slice(at + 1).map(compare));
    }
  },
});

const aGitEach = (root: string, all: readonly Made[]): Variant<Turn> => ({
  ...turns(root),
  name: 'merge-tree',
  run: ({ found }) => {
    for (const [at, one] of all.entries())
      for (const [later, other] of all.slice(at + 1).entries()) {
        const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', one.commit, other.commit];
        const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
        if (status === 1) found.push(foundBetween(at, at + 1 + later, stdout.trim().split('\n').slice(1)));
        else if (status !== 0) throw new Error('git failed');
      }
  },
});
