import { strict as assert } from 'node:assert';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, processesOf, RunRig, worktrees } from '../rig/run.ts';
import { Starts } from '../rig/starts.ts';

/** Four tasks in two waves; `b` fails its gate at first and mends it on its retry. */
const tasks = (starts: Starts): string => {
  const line = (id: string, run: string, more = ''): string =>
    `  - { id: ${id}, title: ${id}, scope: [${id}.txt], run: ${JSON.stringify(`${starts.line}; ${run}`)}${more} }\n`;
  return (
    line('a', 'echo a > a.txt') +
    line('b', 'if [ -e b.txt ]; then echo good > b.txt; else echo bad > b.txt; fi') +
    line('c', 'cat a.txt b.txt > c.txt', ', dependencies: [a, b]') +
    line('d', 'cat c.txt > d.txt', ', dependencies: [c]')
  );
};

const CONFIG = 'agents: { default: shell }\ngates:\n  good: { run: "! grep -rqx bad --include=b.txt .", on: [task, wave] }\n';
const EXPECTED = { a: 1, b: 2, c: 1, d: 1 };

const cli = (rig: RunRig, words: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [CLI, ...words], { cwd: rig.root, encoding: 'utf8', env: { ...process.env, ...env } });

/** Runs once undisturbed and says how often each fault point is passed. */
async function visits(): Promise<Map<string, number>> {
  using starts = new Starts();
  await using rig = new RunRig({ tasks: tasks(starts), config: CONFIG });
  const file = join(starts.folder, 'points');
  const done = cli(rig, ['run', 'p', '--yes'], { ORCHESTRATE_FAULT_COUNT: file });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  const counts = new Map<string, number>();
  for (const point of readFileSync(file, 'utf8').split('\n').filter(Boolean)) counts.set(point, (counts.get(point) ?? 0) + 1);
  return counts;
}

async function killedAt(point: string, nth: number): Promise<void> {
  using starts = new Starts();
  await using rig = new RunRig({ tasks: tasks(starts), config: CONFIG });
  const killed = cli(rig, ['run', 'p', '--yes'], { ORCHESTRATE_FAULT: `engine/${point}:${nth}` });
  if (killed.signal !== 'SIGKILL') assert.equal(killed.status, 0, killed.stdout + killed.stderr);
  const again = cli(rig, ['run', 'p', '--yes']);
  assert.equal(again.status, 0, `${again.stdout}${again.stderr}`);
  assert.equal(rig.repository.show('orchestrate/p', 'd.txt'), 'a\ngood\n');
  assert.deepEqual(starts.counts(), EXPECTED, 'an agent started twice, or never');
  assert.deepEqual(await processesOf(['p-f50c43ef-1']), []);
  assert.deepEqual(worktrees(rig.root), []);
  assert.deepEqual(locks(join(rig.root, '.git')), []);
}

const locks = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lock'));

/**
 * All points with CHAOS=all; else those around every kind of intent, and of the many spawns of git, renames and
 * appends every seventh, so that the suite takes minutes.
 */
const chosen = (point: string, nth: number): boolean =>
  process.env['CHAOS'] === 'all' || !/^(git|rename|append|runner)\./.test(point) || nth % 7 === (point.endsWith('before') ? 1 : 4);

describe('the engine killed', function () {
  it('at any point goes on to the same result with the same starts', async function () {
    const points = [...(await visits())].flatMap(([point, count]) =>
      Array.from({ length: count }, (_, index) => [point, index + 1] as const).filter(([, nth]) => chosen(point, nth)));
    assert.ok(points.length > 30, `${points.length} points`);
    const failed: string[] = [];
    const work = points.values();
    const worker = async (): Promise<void> => {
      for (const [point, nth] of work) {
        await killedAt(point, nth).catch((error: unknown) => failed.push(`${point}:${nth} ${String(error)}`));
      }
    };
    await worker();
    console.log(`      ${points.length} kills, ${failed.length} not recovered`);
    assert.deepEqual(failed, []);
  });
});
