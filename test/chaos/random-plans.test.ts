import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { listRuns, readRun } from '../../src/engine/runs.ts';
import { openRepository } from '../../src/git/repository.ts';
import type { RunState } from '../../src/model/run/state.ts';
import { CLI, PLAN, processesOf, RunRig, value, worktrees } from '../rig/run.ts';
import { START, startsIn } from '../rig/starts.ts';

interface RandomTask {
  /** Places of earlier tasks. */
  needs: readonly number[];
  wave: number;
  /** Several tasks may change one file, and those that do not say so meet conflicts. */
  shared: boolean;
  scoped: boolean;
  /** Its gate is red at first. */
  fails: boolean;
}

const randomTask: fc.Arbitrary<RandomTask> = fc.record({
  needs: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { maxLength: 2 }),
  wave: fc.integer({ min: 1, max: 3 }),
  shared: fc.boolean(),
  scoped: fc.boolean(),
  fails: fc.nat(3).map((one) => one === 0),
});

/** What somebody does with the repository while nobody drives the run: git's own words, or where it is moved to. */
const ACTS = [
  'gc --quiet --prune=now',
  'worktree prune',
  'clean -fdxq',
  'branch --quiet -f orchestrate/p main',
  'branch --quiet -D orchestrate/p',
  'move',
] as const;

/** Where the engine is killed, one start after the other: a fault point, and which of its visits. */
const point = fc
  .tuple(
    fc.constantFrom('append.before', 'append.after', 'git.before', 'git.after', 'rename.before', 'rename.after'),
    fc.integer({ min: 1, max: 25 }),
  )
  .map((parts) => parts.join(':'));

const kill = fc.record({ point, acts: fc.subarray([...ACTS], { maxLength: 2 }) });
type Kill = typeof kill extends fc.Arbitrary<infer T> ? T : never;

const world = fc.record({
  tasks: fc.array(randomTask, { minLength: 4, maxLength: 8 }),
  kills: fc.array(kill, { maxLength: 8 }),
  mode: fc.constantFrom('waves', 'continuous', 'adaptive'),
  agents: fc.integer({ min: 1, max: 5 }),
  gateOn: fc.constantFrom('[task]', '[task, wave]', '[task, wave, final]'),
});

/** Each task adds a line with its name to its file, and each agent mends at its second start what it broke at its first. */
function planOf(tasks: readonly RandomTask[]): string {
  return tasks
    .map(({ needs, wave, shared, scoped, fails }, at) => {
      const file = shared ? 'shared.txt' : `f${at}.txt`;
      const good = `rm -f bad-t${at}.txt; echo t${at} >> ${file}`;
      const bad = `echo bad > bad-t${at}.txt`;
      const work = fails ? `if [ -e bad-t${at}.txt ]; then ${good}; else ${bad}; fi` : good;
      const scope = scoped ? `, scope: [${file}${fails ? `, bad-t${at}.txt` : ''}]` : '';
      const dependencies = needs.filter((other) => other < at).map((other) => `t${other}`);
      const fields = `id: t${at}, title: T${at}, wave: ${wave}, dependencies: [${dependencies.join(', ')}]${scope}`;
      return `  - { ${fields}, run: ${JSON.stringify(`${START}; ${work}`)} }\n`;
    })
    .join('');
}

const start = (root: string, env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [CLI, 'run', 'p', '--yes'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

async function stateOf(root: string): Promise<RunState | undefined> {
  const runs = await listRuns(value(await openRepository(root)));
  assert.ok(runs.length < 2, 'one run became two');
  return runs[0] && value(await readRun(runs[0]));
}

/** Started and killed until there are no kills left, or it has ended; the repository is back in its place then. */
async function comeThrough(rig: RunRig, kills: readonly Kill[]): Promise<RunState> {
  let [root, other] = [rig.root, `${rig.root}-moved`];
  for (const { point: at, acts } of [...kills, { point: undefined, acts: [] }]) {
    const ran = start(root, at === undefined ? {} : { ORCHESTRATE_FAULT: `engine/${at}` });
    if (ran.signal !== 'SIGKILL') assert.equal(ran.status, 0, ran.stdout + ran.stderr);
    const state = await stateOf(root);
    if (state?.ended) {
      if (root !== rig.root) renameSync(root, rig.root);
      return state;
    }
    for (const act of acts) {
      if (act === 'move') [root, other] = (renameSync(root, other), [other, root]);
      else spawnSync('git', act.split(' '), { cwd: root });
    }
  }
  return assert.fail('it did not come to an end');
}

/** What the agents wrote that is merged. */
const linesIn = ({ repository }: RunRig, { branch = '' }: RunState): string[] =>
  Object.entries(repository.files(branch))
    .filter(([file]) => file.endsWith('.txt'))
    .flatMap(([, text]) => text.split('\n'))
    .filter((line) => line.startsWith('t') && line !== 'top');

/** A runner whose folder was moved away before it began never does. */
function assertBegunOnce({ root }: RunRig, { tasks }: RunState, isMoved: boolean): void {
  const begun = startsIn(root);
  for (const [id, { attempts }] of tasks) {
    const times = begun[id] ?? 0;
    const isRight = isMoved ? times <= attempts.length : times === attempts.length;
    assert.ok(isRight, `${id} has ${attempts.length} attempts and began ${times} times`);
  }
}

describe('any plan, killed anywhere, in a repository that others work at', () => {
  it('comes to all of its result, each attempt begun once', () =>
    fc.assert(
      fc.asyncProperty(world, async ({ tasks, kills, mode, agents, gateOn }) => {
        const gate = `{ run: "! ls bad-*.txt", on: ${gateOn} }`;
        const config = `mode: ${mode}\nagents: { default: shell }\nlimits: { agents: ${agents}, conflicts: 9 }\ngates:\n  good: ${gate}\n`;
        await using rig = new RunRig({ tasks: planOf(tasks), config, files: { 'shared.txt': 'top\n' } });
        const state = await comeThrough(rig, kills);
        const names = tasks.map((_, at) => `t${at}`);
        assert.deepEqual(linesIn(rig, state).toSorted(), names);
        assertBegunOnce(
          rig,
          state,
          kills.some(({ acts }) => acts.includes('move')),
        );
        const said = readFileSync(join(rig.root, PLAN), 'utf8').match(/status: \w+/g);
        assert.equal(said?.filter((status) => status === 'status: completed').length, tasks.length);
        assert.deepEqual(await processesOf([state.run]), []);
        assert.deepEqual(worktrees(rig.root), []);
        const git = readdirSync(join(rig.root, '.git'), { recursive: true, encoding: 'utf8' });
        assert.deepEqual(
          git.filter((name) => name.endsWith('.lock')),
          [],
        );
      }),
      { numRuns: Number(process.env['RUNS'] ?? 8), endOnFailure: true },
    ));
});
