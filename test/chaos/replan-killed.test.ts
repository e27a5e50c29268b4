import { strict as assert } from 'node:assert';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { listRuns, readRun } from '../../src/engine/runs.ts';
import { openRepository } from '../../src/git/repository.ts';
import { DONE, ScriptedPlanner } from '../rig/planner.ts';
import { read, TemporaryRepository } from '../rig/repository.ts';
import { CLI, processesOf, value, worktrees } from '../rig/run.ts';
import { chosenOf, killAtEach, type Point, pointsIn } from './points.ts';

const FILE = 'docs/plan/greet/plan.yaml';
const FORMER = `plan_id: greet
objective: There is a greeting
tasks:
  - { id: hello, title: Write it, agent: shell, run: "echo hello > hello.txt", scope: [hello.txt] }
`;
const ANEW = `${FORMER}  - { id: bye, title: Say goodbye, agent: shell, run: "echo bye > bye.txt", scope: [bye.txt] }\n`;

const cli = (root: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [CLI, ...words], { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });

const ASK = ['reject', 'greet', '--revise', '--write', '-m', 'Say goodbye as well'];
const WAITS = 3;

/** A plan in the checkout that waits for approval, and a planner who makes it anew once. */
function rigged() {
  const repository = TemporaryRepository.with({ 'README.md': '# Example\n' });
  const planner = new ScriptedPlanner(repository.folder('planner'), [{ files: { [FILE]: ANEW }, says: DONE }]);
  repository.commit({ 'orchestrate.yaml': planner.config });
  repository.write({ [FILE]: FORMER });
  assert.equal(cli(repository.root, ['run']).status, WAITS);
  return { root: repository.root, planner, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() };
}

async function undisturbed(): Promise<Point[]> {
  await using rig = rigged();
  const file = join(rig.root, '..', 'points');
  const done = cli(rig.root, ASK, { ORCHESTRATE_FAULT_COUNT: file });
  assert.equal(done.status, WAITS, done.stdout + done.stderr);
  assert.equal(read(rig.root, FILE), ANEW);
  return pointsIn(file);
}

async function killedAt([point, nth]: Point): Promise<void> {
  await using rig = rigged();
  const { root } = rig;
  const killed = cli(root, ASK, { ORCHESTRATE_FAULT: `engine/${point}:${nth}` });
  assert.ok(killed.signal === 'SIGKILL' || killed.status === WAITS, killed.stdout + killed.stderr);
  await goOn(root);
  assert.equal(read(root, FILE), ANEW);
  assert.equal(rig.planner.prompts().length, 1, 'the planner was asked twice, or never');
  const runs = await runsOf(root);
  assert.equal(runs.filter(({ run }) => run.startsWith('planning-')).length, 1);
  assert.deepEqual(await processesOf(runs.map(({ run }) => run)), []);
  const merged = cli(root, ['run', '--yes']);
  assert.equal(merged.status, 0, merged.stdout + merged.stderr);
  assert.deepEqual(worktrees(root), []);
}

/** As a person does: what was begun is taken up, and what was not is asked for again. */
async function goOn(root: string): Promise<void> {
  const begun = (await runsOf(root)).find(({ run }) => run.startsWith('planning-'));
  if (begun && !begun.ended) cli(root, ['resume', begun.run]);
  if (read(root, FILE) === ANEW) return;
  const made = cli(root, begun ? ['plan', '--run', begun.run, '--write'] : ASK);
  assert.equal(made.status, WAITS, made.stdout + made.stderr);
}

async function runsOf(root: string): Promise<{ run: string; ended: boolean }[]> {
  const refs = await listRuns(value(await openRepository(root)));
  return Promise.all(refs.map(async (ref) => ({ run: ref.run, ended: value(await readRun(ref)).ended !== undefined })));
}

const KILLS = 8;

describe('a plan that is made anew, killed', () => {
  it('at any point is made once and written once', async () => {
    const points = await undisturbed();
    await killAtEach(chosenOf(points, KILLS), points, killedAt);
  });
});
