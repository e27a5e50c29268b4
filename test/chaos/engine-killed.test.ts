import { strict as assert } from 'node:assert';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listRuns, readRun } from '../../src/engine/runs.ts';
import { openRepository } from '../../src/git/repository.ts';
import { CLI, PLAN, processesOf, RunRig, value, worktrees } from '../rig/run.ts';
import { START, startsIn } from '../rig/starts.ts';
import { chosenOf, killAtEach, type Point, pointsIn } from './points.ts';

const line = (id: string, run: string, more = ''): string =>
  `  - { id: ${id}, title: ${id}, scope: [${id}.txt], run: ${JSON.stringify(`${START}; ${run}`)}${more} }\n`;
/** Four tasks; `b` fails its gate at first and mends it on its retry. */
const TASKS =
  line('a', 'echo a > a.txt') +
  line('b', 'if [ -e b.txt ]; then echo good > b.txt; else echo bad > b.txt; fi') +
  line('c', 'cat a.txt b.txt > c.txt', ', dependencies: [a, b]') +
  line('d', 'cat c.txt > d.txt', ', dependencies: [c]');

const CONFIG =
  'agents: { default: shell }\ngates:\n  good: { run: "! grep -rqx bad --include=b.txt .", on: [task, wave] }\n';
const FOUR: Story = { tasks: TASKS, config: CONFIG, starts: { a: 1, b: 2, c: 1, d: 1 } };

/** Three agents at `e`: one fails its gate, two pass, and the second of these changes less; `f` stands on it. */
const CONTEST: Story = {
  tasks: `  - { id: e, agents: [shell, shell, shell], scope: [e.txt, more.txt], run: ${JSON.stringify(
    `${START}; case $ORCHESTRATE_TASK in e@shell) echo bad > e.txt;; e@shell-2) echo 2 > e.txt; echo > more.txt;; *) echo 3 > e.txt;; esac`,
  )} }\n${line('f', 'cat e.txt > f.txt', ', agent: shell, dependencies: [e]')}`,
  config: 'agents: { default: shell }\ngates: { good: { run: "! grep -qx bad e.txt", on: task } }\n',
  starts: { 'e@shell': 1, 'e@shell-2': 1, 'e@shell-3': 1, f: 1 },
};

/** A plan, and how often each of its agents starts, whatever happens to the engine. */
interface Story {
  tasks: string;
  config: string;
  starts: Readonly<Record<string, number>>;
}

const cli = (rig: RunRig, words: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [CLI, ...words], { cwd: rig.root, encoding: 'utf8', env: { ...process.env, ...env } });

/** What a run comes to: the tree of its result, and the text of its plan. */
interface Outcome {
  tree: string;
  plan: string;
}

const outcomeOf = ({ root, repository }: RunRig): Outcome => ({
  tree: repository.tree('orchestrate/p'),
  plan: readFileSync(join(root, PLAN), 'utf8'),
});

/** Runs once undisturbed: what it comes to, and each visit of a fault point. */
async function undisturbed({ tasks, config }: Story): Promise<{ outcome: Outcome; points: Point[] }> {
  await using rig = new RunRig({ tasks, config });
  const file = join(rig.root, '..', 'points');
  const done = cli(rig, ['run', 'p', '--yes'], { ORCHESTRATE_FAULT_COUNT: file });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  return { outcome: outcomeOf(rig), points: pointsIn(file) };
}

async function killedAt([point, nth]: Point, outcome: Outcome, { tasks, config, starts }: Story): Promise<void> {
  await using rig = new RunRig({ tasks, config });
  const killed = cli(rig, ['run', 'p', '--yes'], { ORCHESTRATE_FAULT: `engine/${point}:${nth}` });
  if (killed.signal !== 'SIGKILL') assert.equal(killed.status, 0, killed.stdout + killed.stderr);
  if (!(await hasEnded(rig))) {
    const again = cli(rig, ['run', 'p', '--yes']);
    assert.equal(again.status, 0, `${again.stdout}${again.stderr}`);
  }
  assert.deepEqual(outcomeOf(rig), outcome, 'another result');
  assert.deepEqual(startsIn(rig.root), starts, 'an agent started twice, or never');
  assert.deepEqual(await processesOf(['p-f50c43ef-1']), []);
  assert.deepEqual(worktrees(rig.root), []);
  assert.deepEqual(locks(join(rig.root, '.git')), []);
}

/** Killed after its last event there is nothing to go on with: another start would be another run. */
async function hasEnded({ root }: RunRig): Promise<boolean> {
  const [ref] = await listRuns(value(await openRepository(root)));
  return ref !== undefined && value(await readRun(ref)).ended !== undefined;
}

const locks = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lock'));

const KILLS = 32;
/** Most points are those of any task. */
const KILLS_OF_CONTEST = 16;

describe('the engine killed', () => {
  it('at any point goes on to the same result with the same starts', () => kills(FOUR, KILLS));

  it('does so where several agents are at a task, and the same result is picked', () =>
    kills(CONTEST, KILLS_OF_CONTEST));
});

async function kills(story: Story, most: number): Promise<void> {
  const { outcome, points } = await undisturbed(story);
  await killAtEach(chosenOf(points, most), points, (point) => killedAt(point, outcome, story));
}
