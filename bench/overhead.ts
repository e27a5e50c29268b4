import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FEW_THREADS } from '../src/process/find-node.ts';
import { openSession } from '../src/engine/open-session.ts';
import { createRun, prepareRun } from '../src/engine/runs.ts';
import { openRepository } from '../src/git/repository.ts';
import { TemporaryRepository } from '../test/rig/repository.ts';
import { value } from '../test/rig/run.ts';
import { buildShipped, bundleText } from './bundle.ts';
import { spreadOf, takeTurns, type Variant, wallsOf } from './measure.ts';
import { type PlainOrder, runPlain } from './plain.ts';
import { costs, type Line, type Row } from './row.ts';
import type { Scratch } from './scratch.ts';

const ROW = 1;
const PLAN = 'docs/plan/bench/plan.yaml';
/** Tasks at work at once, for both sides; the default of orchestrate.yaml. */
const AGENTS = 4;

/** What a run costs beyond its git work and its processes. */
export const overhead = (scratch: Scratch): Row => ({
  number: ROW,
  title: 'overhead of a run',
  run: (rounds) => measure(scratch, rounds),
});

interface Shape {
  name: string;
  layers: PlainOrder['layers'];
}

/** Tasks in equal layers; each needs the whole layer before it. */
const shapeOf = (name: string, tasks: number, layers: number): Shape => ({
  name,
  layers: Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: tasks / layers }, (__, at) => {
      const id = `t${layer}-${at}`;
      return { id, run: `echo ${id} > ${id}.txt` };
    }),
  ),
});

async function measure(scratch: Scratch, rounds: number): Promise<Line[]> {
  keepWithin(join(scratch.folder, 'cache'));
  const shipped = buildShipped(scratch.folder);
  const [cli, runner] = [join(shipped, 'cli.cjs'), join(shipped, 'runner.cjs')];
  const script = join(scratch.folder, 'plain.cjs');
  await bundleText(SCRIPT, script);
  const shapes = [shapeOf('8 independent tasks', 8, 1), shapeOf('8 tasks in 4 layers', 8, 4)];
  const lines: Line[] = [];
  for (const shape of shapes) {
    const [asCli = [], asScript, inside, plain] = await takeTurns(
      [
        engineCli(scratch, shape, cli),
        plainScript(scratch, shape, script),
        engineInside(scratch, shape, runner),
        plainInside(scratch, shape),
      ],
      { rounds, budget: 18_000, warmUp: true },
    );
    lines.push(
      line(`${shape.name}, command line`, costs(asCli, asScript)),
      line(`${shape.name}, in process`, costs(inside, plain)),
    );
  }
  return [...lines, ...(await many(scratch, { cli, script }, rounds))];
}

/** What the command line and the runners keep of their own compilation; the first round makes it. */
const keepWithin = (folder: string): void =>
  void Object.assign(process.env, { XDG_CACHE_HOME: folder, LOCALAPPDATA: folder });

async function many(
  scratch: Scratch,
  { cli, script }: { cli: string; script: string },
  rounds: number,
): Promise<Line[]> {
  const tasks = 64;
  const shape = shapeOf(`${tasks} independent tasks`, tasks, 1);
  const [ours, theirs] = await takeTurns([engineCli(scratch, shape, cli), plainScript(scratch, shape, script)], {
    rounds,
    budget: 18_000,
    warmUp: false,
  });
  const each = spreadOf(wallsOf(ours).map((wall) => wall / tasks));
  return [
    line(`${shape.name}, command line`, costs(ours, theirs)),
    { row: ROW, what: `${shape.name}, each`, against: 'the clock', value: each, target: { atMost: 100, unit: 'ms' } },
  ];
}

const line = (what: string, measured: Pick<Line, 'value' | 'cpu'>): Line => ({
  row: ROW,
  what,
  against: 'plain script',
  ...measured,
  target: { atMost: 1.3, unit: 'x' },
});

type Turn = Variant<TemporaryRepository>;

const engineCli = (scratch: Scratch, shape: Shape, cli: string): Turn => ({
  name: 'engine',
  prepare: () => repositoryFor(scratch, shape),
  run: ({ root }) => promisify(execFile)(process.execPath, [FEW_THREADS, cli, 'run', '--yes'], { cwd: root }),
  ...judged('orchestrate/bench'),
});

const plainScript = (scratch: Scratch, shape: Shape, script: string): Turn => ({
  name: 'plain script',
  prepare: () => repositoryFor(scratch, shape),
  run: (repository) =>
    promisify(execFile)(process.execPath, [script, JSON.stringify(plainOrder(shape, repository))], {
      cwd: repository.root,
    }),
  ...judged('main'),
});

const engineInside = (scratch: Scratch, shape: Shape, runner: string): Turn => ({
  name: 'engine in process',
  prepare: () => repositoryFor(scratch, shape),
  run: async ({ root }) => {
    const repository = value(await openRepository(root));
    const ref = value(await createRun(repository, value(await prepareRun(repository, { planFile: PLAN })), 'cli'));
    const session = value(await openSession(ref, { by: 'cli', runner, as: 'drive' }));
    value(await session.order({ type: 'approve', planHash: session.state.planHash }));
    await session.atRest();
    await session.dispose();
    assert.equal(session.state.ended?.outcome, 'merged');
    await repository.chores.take(async () => {});
  },
  ...judged('orchestrate/bench'),
});

const plainInside = (scratch: Scratch, shape: Shape): Turn => ({
  name: 'plain in process',
  prepare: () => repositoryFor(scratch, shape),
  run: (repository) => runPlain(plainOrder(shape, repository)),
  ...judged('main'),
});

const plainOrder = ({ layers }: Shape, repository: TemporaryRepository): PlainOrder => ({
  root: repository.root,
  layers,
  agents: AGENTS,
  state: repository.folder('plain'),
});

/** Every task's file is in the tree, and neither a worktree nor a branch of a task is left. */
const judged = (branch: string): Pick<Turn, 'answer' | 'release'> => ({
  answer: (repository) => {
    const worktrees = repository.git('worktree', 'list', '--porcelain').match(/^worktree /gm)?.length;
    const branches = repository.git('branch', '--list', '*tasks/*');
    return JSON.stringify({ tree: repository.tree(branch), worktrees, branches });
  },
  release: (repository) => repository[Symbol.asyncDispose](),
});

function repositoryFor({ folder }: Scratch, { layers }: Shape): TemporaryRepository {
  const within = join(folder, 'repositories');
  mkdirSync(within, { recursive: true });
  const sources = Array.from({ length: 80 }, (_, at) => [`src/${at % 8}/${at}.txt`, `file ${at}\n`.repeat(20)]);
  const repository = TemporaryRepository.with(
    {
      ...Object.fromEntries(sources),
      [PLAN]: planOf(layers),
      'orchestrate.yaml': `agents: { default: shell }\nlimits: { agents: ${AGENTS} }\n`,
    },
    { within },
  );
  repository.git('config', 'commit.gpgsign', 'false');
  return repository;
}

function planOf(layers: Shape['layers']): string {
  const tasks = layers.flatMap((layer, at) =>
    layer.map(({ id, run }) => {
      const needs = (layers[at - 1] ?? []).map((task) => task.id).join(', ');
      return `  - id: ${id}\n    title: ${id}\n    wave: ${at + 1}\n    scope: [${id}.txt]\n    dependencies: [${needs}]\n    run: ${run}\n`;
    }),
  );
  return `plan_id: bench\nobjective: A bench\ntasks:\n${tasks.join('')}`;
}

/** As one file without anything to look for, like the engine's command line. */
const SCRIPT = `import { runPlain } from './plain.ts';\nvoid runPlain(JSON.parse(process.argv[2] ?? ''));\n`;
