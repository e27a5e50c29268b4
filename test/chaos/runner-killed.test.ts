import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { RunSession } from '../../src/engine/session.ts';
import type { Event, JobPurpose } from '../../src/model/run/event.ts';
import { Children } from '../rig/children.ts';
import { approve, assertEnded, CLI, eventOf, failuresOf, killRunner, RunRig, taskOf, worktrees } from '../rig/run.ts';
import { START, startsIn } from '../rig/starts.ts';

const task = (run: string): string => `  - { id: a, title: A, scope: [a.txt], run: ${JSON.stringify(run)} }\n`;
const gated = (gate: string): string =>
  `agents: { default: shell }\ngates:\n  g: { run: ${JSON.stringify(gate)}, on: task }\n`;

/** Every runner of this kind of job that starts while `work` goes on dies at the point, once. */
async function withFault(session: RunSession, kind: JobPurpose['kind'], point: string): Promise<void> {
  const set = session.subscribe(({ events }) => {
    if (events.some((event) => isStart(event, kind))) process.env['ORCHESTRATE_FAULT'] = `runner/${point}`;
    if (events.some(({ type }) => type === 'job.ended') && process.env['ORCHESTRATE_FAULT']) {
      delete process.env['ORCHESTRATE_FAULT'];
      set[Symbol.dispose]();
    }
  });
  await approve(session);
  await session.atRest();
  delete process.env['ORCHESTRATE_FAULT'];
}

const isStart = (event: Event, kind: JobPurpose['kind']): boolean =>
  event.type === 'job.intended' && event.purpose.kind === kind;

/** Exactly one attempt more, and nobody pays for it. */
function assertInterruptedOnce({ state }: RunSession): void {
  assert.deepEqual(failuresOf(state, 'a'), ['interrupted']);
  assert.equal(taskOf(state, 'a').retries, 0);
}

describe('a runner killed', () => {
  let children: Children;
  before(async () => {
    children = await Children.open();
  });
  after(() => children.close());

  /** Points of the runner, and how often the agent has started in the end; undefined where that is a race. */
  const POINTS: readonly [string, number | undefined, boolean][] = [
    ['claim.before', 1, true],
    ['claim.after', 1, true],
    ['spawn.before', 1, true],
    ['spawn.after', 1, true],
    ['ledger.after', 1, true],
    ['byte.after', undefined, true],
    ['exit.before', 2, true],
    ['rename.before', 2, true],
    ['rename.after', 1, false],
    ['exit.after', 1, false],
  ];
  for (const [point, starts, again] of POINTS) {
    it(`at ${point}, of an agent: ${again ? 'one attempt more' : 'it had said how it ended'}`, async () => {
      await using rig = new RunRig({ tasks: task(`${START}; echo a > a.txt`) });
      const session = await rig.open();
      await withFault(session, 'agent', point);
      assertEnded(session, 'merged');
      if (again) assertInterruptedOnce(session);
      assert.equal(taskOf(session.state, 'a').attempts.length, again ? 2 : 1);
      if (starts !== undefined) assert.deepEqual(startsIn(rig.root), { a: starts });
      assert.deepEqual(worktrees(rig.root), []);
    });

    it(`at ${point}, of a gate: ${again ? 'it is run again' : 'it had said how it ended'}`, async () => {
      await using rig = new RunRig({
        tasks: task(`${START}; echo a > a.txt`),
        config: gated('test ! -e a.txt || cat a.txt'),
      });
      const session = await rig.open();
      await withFault(session, 'taskGate', point);
      assertEnded(session, 'merged');
      assert.deepEqual(startsIn(rig.root), { a: 1 });
      assert.equal(taskOf(session.state, 'a').attempts.length, 1);
    });
  }

  it('in the middle of an agent: its processes end, one attempt more', async () => {
    await using rig = new RunRig({ tasks: task(`${children.line} && echo a > a.txt`) });
    const session = await rig.open();
    await approve(session);
    const first = await children.next();
    await first.fork({ detached: true });
    const stray = await children.next();
    await killRunner(session, 'agent');
    const second = await children.next();
    await Promise.all([first.gone, stray.gone]);
    await second.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
    assertInterruptedOnce(session);
  });

  it('in the middle of a gate: the gate is run again, the attempt goes on', async () => {
    const config = gated(`test ! -e a.txt || ${children.line}`);
    await using rig = new RunRig({ tasks: task(`${START}; echo a > a.txt`), config });
    const session = await rig.open();
    await approve(session);
    const first = await children.next();
    await killRunner(session, 'taskGate');
    const second = await children.next();
    await first.gone;
    await second.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.deepEqual(startsIn(rig.root), { a: 1 });
    assert.equal(taskOf(session.state, 'a').attempts[0]?.gates.length, 1);
  });

  for (const order of ['the engine before it', 'the engine after it', 'both at once'] as const) {
    it(`in the middle of an agent, ${order}: the next session makes one attempt more`, async () => {
      await using rig = new RunRig({ tasks: task(`${START}; ${children.line} && echo a > a.txt`) });
      const ref = await rig.create();
      const engine = spawn(process.execPath, [CLI, 'run', 'p', '--yes'], { cwd: rig.root, stdio: 'ignore' });
      const first = await children.next();
      const follower = await rig.open(ref, 'follow');
      const killEngine = (): Promise<void> => ended(engine, () => engine.kill('SIGKILL'));
      if (order === 'the engine before it') await killEngine();
      await killRunner(follower, 'agent');
      if (order === 'both at once') await killEngine();
      if (order === 'the engine after it') {
        await eventOf(follower, ({ type }) => type === 'attempt.failed');
        await killEngine();
      }
      const session = await rig.open(ref);
      const second = await children.next();
      await first.gone;
      await second.exit(0);
      await session.atRest();
      assertEnded(session, 'merged');
      assertInterruptedOnce(session);
      assert.deepEqual(startsIn(rig.root), { a: 2 });
      assert.deepEqual(worktrees(rig.root), []);
    });
  }
});

describe('a worktree deleted by hand', () => {
  it('in the middle of an agent: one attempt more, no retry spent', async () => {
    const children = await Children.open();
    await using rig = new RunRig({ tasks: task(`${children.line} && echo a > a.txt`) });
    const session = await rig.open();
    await approve(session);
    const first = await children.next();
    rmSync(taskOf(session.state, 'a').attempts[0]?.path ?? '', { recursive: true });
    await first.exit(0);
    await (await children.next()).exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
    assertInterruptedOnce(session);
    await children.close();
  });
});

async function ended(child: ChildProcess, act: () => void): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  act();
  await gone;
}
