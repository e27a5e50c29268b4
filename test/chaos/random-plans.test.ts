import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

/** Where the engine is killed, one start after the other: a fault point, and which of its visits. */
const kill = fc
  .tuple(
    fc.constantFrom('append.before', 'append.after', 'git.before', 'git.after', 'rename.before', 'rename.after'),
    fc.integer({ min: 1, max: 25 }),
  )
  .map((point) => point.join(':'));

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

const start = (rig: RunRig, env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [CLI, 'run', 'p', '--yes'], {
    cwd: rig.root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

async function stateOf({ root }: RunRig): Promise<RunState | undefined> {
  const runs = await listRuns(value(await openRepository(root)));
  assert.ok(runs.length < 2, 'one run became two');
  return runs[0] && value(await readRun(runs[0]));
}

/** Started and killed until there are no kills left, or it has ended. */
async function comeThrough(rig: RunRig, kills: readonly string[]): Promise<RunState> {
  for (const point of [...kills, undefined]) {
    const ran = start(rig, point === undefined ? {} : { ORCHESTRATE_FAULT: `engine/${point}` });
    if (ran.signal !== 'SIGKILL') assert.equal(ran.status, 0, ran.stdout + ran.stderr);
    const state = await stateOf(rig);
    if (state?.ended) return state;
  }
  return assert.fail('it did not come to an end');
}

/** What the agents wrote that is merged. */
const linesIn = ({ repository }: RunRig): string[] =>
  Object.entries(repository.files('orchestrate/p'))
    .filter(([file]) => file.endsWith('.txt'))
    .flatMap(([, text]) => text.split('\n'))
    .filter((line) => line.startsWith('t') && line !== 'top');

describe('any plan, killed anywhere', () => {
  it('comes to all of its result, each attempt begun once', () =>
    fc.assert(
      fc.asyncProperty(world, async ({ tasks, kills, mode, agents, gateOn }) => {
        const gate = `{ run: "! ls bad-*.txt", on: ${gateOn} }`;
        const config = `mode: ${mode}\nagents: { default: shell }\nlimits: { agents: ${agents}, conflicts: 9 }\ngates:\n  good: ${gate}\n`;
        await using rig = new RunRig({ tasks: planOf(tasks), config, files: { 'shared.txt': 'top\n' } });
        const state = await comeThrough(rig, kills);
        const names = tasks.map((_, at) => `t${at}`);
        assert.deepEqual(linesIn(rig).toSorted(), names);
        const attempts = names.map((id) => [id, state.tasks.get(id)?.attempts.length]);
        assert.deepEqual(startsIn(rig.root), Object.fromEntries(attempts), 'an attempt began twice, or never');
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
