import { join } from 'node:path';
import { buildCandidate } from '../src/git/merge.ts';
import { moveRef } from '../src/git/refs.ts';
import { openRepository, type Repository } from '../src/git/repository.ts';
import { gitIn } from '../test/rig/repository.ts';
import { value } from '../test/rig/run.ts';
import { takeTurns, type Variant } from './measure.ts';
import { FILES, midRepository, pathOf, writeResults } from './mid.ts';
import { gains, type Line, type Row } from './row.ts';
import type { Scratch } from './scratch.ts';

const RESULTS = 32;
const INTEGRATION = 'refs/orchestrate/runs/bench/integration';

/** The merge queue's real path, one result at a time and all at once, against `git merge` in a checkout. */
export const integration = (scratch: Scratch): Row => ({
  number: 6,
  title: `integrate ${RESULTS} results, ${FILES} files`,
  run: (rounds) => measure(scratch, rounds),
});

interface Bench {
  root: string;
  /** A worktree of its own, which `git merge` merges in. */
  checkout: string;
  base: string;
  results: readonly string[];
}

async function measure({ folder }: Scratch, rounds: number): Promise<Line[]> {
  await using made = midRepository(folder);
  const base = made.head();
  const results = writeResults(made.root, base, resultsApart());
  const checkout = join(made.folder('trees'), 'integration');
  made.git('worktree', 'add', '--quiet', '--detach', checkout, base);
  const bench = { root: made.root, checkout, base, results };
  const [merged, single, batch] = await takeTurns([mergedByGit(bench), oneByOne(bench), atOnce(bench)], {
    rounds,
    budget: 14_000,
    warmUp: true,
  });
  const line = { row: 6, against: 'git merge in a checkout' };
  return [
    { ...line, what: `${RESULTS} results one by one`, ...gains(single, merged), target: { atLeast: 3, unit: 'x' } },
    { ...line, what: `${RESULTS} results as a batch`, ...gains(batch, merged), target: { atLeast: 40, unit: 'x' } },
  ];
}

/** Each changes two files and adds one; no two touch the same. */
const resultsApart = (): Record<string, string>[] =>
  Array.from({ length: RESULTS }, (_, at) => {
    const files = [pathOf(at * 200), pathOf(at * 200 + 77), `packages/p${at}/new-${at}.ts`];
    return Object.fromEntries(files.map((path) => [path, `// task ${at}\n`]));
  });

const mergedByGit = ({ checkout, base, results }: Bench): Variant<Repository | undefined> => ({
  name: 'git merge',
  prepare: () => {
    gitIn(checkout, ['reset', '--quiet', '--hard', base]);
    return undefined;
  },
  run: () => {
    for (const commit of results) gitIn(checkout, ['merge', '--quiet', '--no-ff', '--no-edit', '-m', 'Merge', commit]);
  },
  answer: () => gitIn(checkout, ['rev-parse', 'HEAD^{tree}']),
});

const oneByOne = (bench: Bench): Variant<Repository | undefined> =>
  queued('one by one', bench, async (repository) => {
    let onto = bench.base;
    for (const commit of bench.results) onto = await integrate(repository, onto, [commit]);
  });

const atOnce = (bench: Bench): Variant<Repository | undefined> =>
  queued('batch', bench, (repository) => integrate(repository, bench.base, bench.results));

const queued = (
  name: string,
  { root, checkout, base }: Bench,
  run: (repository: Repository) => Promise<unknown>,
): Variant<Repository | undefined> => ({
  name,
  // Opened anew, so that nothing is remembered of the turn before.
  prepare: async () => {
    gitIn(root, ['update-ref', INTEGRATION, base]);
    return value(await openRepository(root));
  },
  run: (repository) => repository && run(repository),
  answer: () => gitIn(checkout, ['rev-parse', `${INTEGRATION}^{tree}`]),
});

/** As the engine does it: build, then move the ref by compare-and-swap. Gives the new tip. */
async function integrate(repository: Repository, onto: string, commits: readonly string[]): Promise<string> {
  const candidate = value(
    await buildCandidate(repository, {
      onto,
      members: commits.map((commit) => ({ task: commit, commit })),
      message: () => 'Merge\n',
      author: { name: 'Ada', email: 'ada@example.org' },
      date: Date.now(),
      ref: 'refs/orchestrate/runs/bench/candidates/1',
    }),
  );
  if (candidate.kind !== 'built') throw new Error(`in conflict at ${candidate.task}`);
  value(await moveRef(repository, { ref: INTEGRATION, old: onto, new: candidate.commit }));
  return candidate.commit;
}
