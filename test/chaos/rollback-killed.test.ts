import { strict as assert } from 'node:assert';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { CLI, processesOf, RunRig, worktrees } from '../rig/run.ts';
import { START, startsIn } from '../rig/starts.ts';

const line = (id: string, run: string, more = ''): string =>
  `  - { id: ${id}, title: ${id}, scope: [${id}.txt], run: ${JSON.stringify(`${START}; ${run}`)}${more} }\n`;
/** `b` stands on `a`, and `c` comes after it. */
const TASKS =
  line('a', 'echo a > a.txt') +
  line('b', 'cat a.txt > b.txt', ', dependencies: [a]') +
  line('c', 'echo c > c.txt', ', wave: 3');

const cli = (rig: RunRig, words: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [CLI, ...words], { cwd: rig.root, encoding: 'utf8', env: { ...process.env, ...env } });

async function killedAt(fault: string): Promise<void> {
  await using rig = new RunRig({ tasks: TASKS });
  assert.equal(cli(rig, ['run', 'p', '--yes']).status, 0);
  const tree = rig.repository.tree('orchestrate/p');
  const before = rig.repository.git('rev-parse', 'orchestrate/p');
  const killed = cli(rig, ['rollback', 'b', '--yes'], { ORCHESTRATE_FAULT: `engine/${fault}` });
  assert.equal(killed.signal, 'SIGKILL', `${killed.stdout}${killed.stderr}`);
  // Taken up, it is seen through and stands still; then it goes on.
  const seen = cli(rig, ['resume']);
  const done = seen.status === 0 ? seen : cli(rig, ['resume']);
  assert.equal(done.status, 0, `${seen.stdout}${seen.stderr}${done.stdout}${done.stderr}`);
  assert.equal(rig.repository.tree('orchestrate/p'), tree);
  assert.equal(rig.repository.git('rev-parse', 'refs/orchestrate/runs/p-f50c43ef-1/undone/1'), before);
  assert.deepEqual(startsIn(rig.root), { a: 1, b: 2, c: 1 });
  assert.deepEqual(await processesOf(['p-f50c43ef-1']), []);
  assert.deepEqual(worktrees(rig.root), []);
}

describe('a rollback killed', () => {
  for (const fault of ['rollback.intended.before:1', 'rollback.intended.after:1'])
    it(`at ${fault} is seen through, and nothing is taken back twice`, () => killedAt(fault));
});
