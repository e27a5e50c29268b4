import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaveOrder, removeOrder } from '../../../src/engine/journal/inbox.ts';
import { readJournal } from '../../../src/engine/journal/journal-reader.ts';
import { inboxFolder } from '../../../src/engine/places.ts';
import type { RunSession } from '../../../src/engine/session.ts';
import { describe as say } from '../../../src/model/failure.ts';
import type { Wish } from '../../../src/model/run/order.ts';
import { Children } from '../../rig/children.ts';
import {
  approve,
  assertEnded,
  CLI,
  eventOf,
  failuresOf,
  order,
  RunRig,
  stillness,
  taskOf,
  value,
  worktrees,
} from '../../rig/run.ts';
import { START, startsIn } from '../../rig/starts.ts';

const task = (id: string, more: string): string => `  - { id: ${id}, title: ${id}, ${more} }\n`;
const run = (line: string): string => `run: ${JSON.stringify(line)}`;
const TASK = task('a', run('echo a > a.txt'));

async function refused(session: RunSession, wish: Wish, words: RegExp): Promise<void> {
  const given = await session.order(wish);
  assert.ok(!given.ok, `${wish.type} was taken`);
  assert.match(say(given.failure), words);
}

const ended = async (session: RunSession, outcome: string): Promise<void> => {
  await session.atRest();
  assertEnded(session, outcome);
};

describe('an order', () => {
  let children: Children;
  before(async () => {
    children = await Children.open();
  });
  after(() => children.close());

  it('given to a driver that failed right at its start is refused with the reason, and taken once that is mended', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await rig.create();
    writeFileSync(inboxFolder(ref), 'in the way');
    const session = await rig.open(ref);
    await refused(session, { type: 'approve', planHash: session.state.planHash }, /inbox/);
    await stillness(session);
    assert.match(session.state.paused?.reason ?? '', /inbox/);
    rmSync(inboxFolder(ref));
    await approve(session);
    await ended(session, 'merged');
  });

  it('reaches a driver in another process, whatever it is', async () => {
    const tasks =
      task('a', run(`${children.line} && echo a > a.txt`)) +
      task('b', 'agent: manual') +
      task('c', `${run('echo c > c.txt')}, dependencies: [a]`);
    await using rig = new RunRig({ tasks });
    const ref = await rig.create();
    const driver = spawn(process.execPath, [CLI, 'run', 'p', '--wait'], { cwd: rig.root, stdio: 'ignore' });
    const over = new Promise((resolve) => driver.once('exit', resolve));
    while ((await readJournal(ref.folder)).ok && value(await readJournal(ref.folder)).header.epoch < 2)
      await new Promise(setImmediate);
    const session = await rig.open(ref, 'follow');
    await approve(session);
    const child = await children.next();
    await order(session, { type: 'pause' });
    await refused(session, { type: 'pause' }, /paused already/);
    await order(session, { type: 'resume' });
    await order(session, { type: 'skip', task: 'c' });
    if (!session.state.live.size) await eventOf(session, ({ type }) => type === 'attempt.handed');
    writeFileSync(join(taskOf(session.state, 'b').attempts[0]?.path ?? '', 'b.txt'), 'b\n');
    await order(session, { type: 'done', task: 'b' });
    await child.exit(0);
    await eventOf(session, ({ type }) => type === 'run.ended');
    assertEnded(session, 'merged');
    assert.equal(await over, 0, 'a driver that is followed ends all the same');
    assert.equal(taskOf(session.state, 'c').settled?.kind, 'skipped');
    assert.equal(rig.merged(session, 'b.txt'), 'b\n');
  });

  it('is written down alone when nobody drives, and followed by who drives next', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const alone = await rig.open(await rig.create(), 'follow');
    await approve(alone);
    await refused(alone, { type: 'approve', planHash: alone.state.planHash }, /approved already/);
    assert.equal(alone.state.approval.kind, 'given');
    assert.deepEqual(readdirSync(inboxFolder(alone.ref)), []);
    await ended(await rig.open(alone.ref), 'merged');
  });

  it('given twice with the same id is one order', async () => {
    await using rig = new RunRig({ tasks: task('a', 'agent: manual') });
    const session = await rig.open();
    await approve(session);
    for (let times = 0; times < 2; times += 1) {
      value(await leaveOrder(session.ref, { id: 'same', type: 'pause' }));
      if (times === 0) await eventOf(session, (event) => 'order' in event && event.order.id === 'same');
      await session.dispose();
      await (await rig.open(session.ref)).dispose();
    }
    const said = value(await readJournal(session.ref.folder)).events.filter(
      (event) => 'order' in event && event.order.id === 'same',
    );
    assert.equal(said.length, 1);
    assert.deepEqual(readdirSync(inboxFolder(session.ref)), []);
  });

  it('that answers what is no longer asked is refused in words', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const session = await rig.open();
    await refused(session, { type: 'approve', planHash: 'another' }, /the plan changed/);
    await refused(session, { type: 'answer', question: 'flaky:1', choice: 'accept' }, /no longer asked/);
    await refused(session, { type: 'retry', task: 'a' }, /not over/);
    await refused(session, { type: 'done', task: 'a' }, /not waiting/);
    await refused(session, { type: 'skip', task: '../b' }, /there is no task/);
    await refused(session, { type: 'resume' }, /not paused/);
    await approve(session);
    await ended(session, 'merged');
    await refused(session, { type: 'cancel' }, /has ended/);
    await refused(session, { type: 'retry', task: 'a' }, /done and merged/);
    await refused(session, { type: 'resume' }, /has ended/);
    await refused(session, { type: 'pause' }, /has ended/);
  });

  it('that cannot be taken away stops nobody', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await rig.create();
    mkdirSync(join(inboxFolder(ref), 'stays.json', 'in the way'), { recursive: true });
    await removeOrder(ref, 'stays');
    assert.deepEqual(readdirSync(inboxFolder(ref)), ['stays.json']);
  });

  it('that is half written, hostile or not an order is put aside and disturbs nothing', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await rig.create();
    const inbox = inboxFolder(ref);
    mkdirSync(join(inbox, 'folder.json'), { recursive: true });
    writeFileSync(join(inbox, 'half.json'), '{"id":"half","type":"appr');
    writeFileSync(join(inbox, 'other.json'), '{"id":"../../escape","type":"cancel"}');
    writeFileSync(join(inbox, 'unknown.json'), '{"id":"unknown","type":"explode"}');
    writeFileSync(join(inbox, 'nothing.json'), 'null');
    writeFileSync(join(inbox, 'ghost.json'), '{"id":"ghost","type":"skip","task":"__proto__"}');
    symlinkSync('/dev/zero', join(inbox, 'endless.json'));
    const session = await rig.open(ref);
    await approve(session);
    await ended(session, 'merged');
    const left = readdirSync(inbox).toSorted();
    assert.deepEqual(left, [
      '.refused-half.json',
      '.refused-nothing.json',
      '.refused-other.json',
      '.refused-unknown.json',
      'endless.json',
      'folder.json',
    ]);
  });

  it('to cancel ends an agent that ignores signals and one that left its session; resuming starts anew', async () => {
    await using rig = new RunRig({ tasks: task('a', run(`${children.line} && echo a > a.txt`)) });
    const session = await rig.open();
    await approve(session);
    const first = await children.next();
    await first.ignore('SIGTERM');
    await first.fork({ detached: true });
    const stray = await children.next();
    await stray.ignore('SIGTERM');
    await order(session, { type: 'cancel' });
    await Promise.all([first.gone, stray.gone]);
    await ended(session, 'cancelled');
    await order(session, { type: 'resume' });
    await (await children.next()).exit(0);
    await ended(session, 'merged');
    assert.deepEqual(failuresOf(session.state, 'a'), ['cancelled']);
    assert.equal(taskOf(session.state, 'a').retries, 0);
  });

  it('to leave lets the agent go on; the next session finds it and starts nothing again', async () => {
    await using rig = new RunRig({ tasks: task('a', run(`${START}; ${children.line} && echo a > a.txt`)) });
    const session = await rig.open();
    await approve(session);
    const child = await children.next();
    await session.dispose();
    const again = await rig.open(session.ref);
    await child.exit(0);
    await ended(again, 'merged');
    assert.deepEqual(startsIn(rig.root), { a: 1 });
  });

  it('to pause lets what runs end and starts nothing more until resumed', async () => {
    const tasks =
      task('a', run(`${children.line} && echo a > a.txt`)) +
      task('b', `${run(`${START}; echo b > b.txt`)}, dependencies: [a]`);
    await using rig = new RunRig({ tasks });
    const session = await rig.open();
    await approve(session);
    const child = await children.next();
    await order(session, { type: 'pause' });
    await child.exit(0);
    await session.atRest();
    assert.equal(taskOf(session.state, 'a').settled?.kind, 'done');
    assert.deepEqual(startsIn(rig.root), {});
    await order(session, { type: 'resume' });
    await ended(session, 'merged');
  });

  it('to skip stops a running task, frees what waits for it, and can be taken back', async () => {
    const tasks =
      task('a', run(`${children.line} && echo a > a.txt`)) +
      task('b', `${run('echo b > b.txt')}, dependencies: [a]`) +
      task('c', `${run('echo c > c.txt')}, dependencies: [b]`);
    await using rig = new RunRig({ tasks });
    const session = await rig.open();
    await approve(session);
    const child = await children.next();
    await order(session, { type: 'skip', task: 'c' });
    await order(session, { type: 'skip', task: 'a' });
    await child.gone;
    await ended(session, 'merged');
    assert.deepEqual(
      [...session.state.tasks.values()].map(({ settled }) => settled?.kind),
      ['skipped', 'done', 'skipped'],
    );
    await order(session, { type: 'retry', task: 'a' });
    await (await children.next()).exit(0);
    await ended(session, 'merged');
    assert.equal(rig.merged(session, 'a.txt'), 'a\n');
    assert.deepEqual(worktrees(rig.root), []);
  });

  it('to retry after the end gives a failed task and what it blocked another chance', async () => {
    const tasks =
      task('a', run('test -e ../../../fixed && echo a > a.txt')) +
      task('b', `${run('echo b > b.txt')}, dependencies: [a]`);
    await using rig = new RunRig({ tasks, config: 'agents: { default: shell }\nlimits: { retries: 0 }\n' });
    const session = await rig.run();
    assertEnded(session, 'failed');
    writeFileSync(join(rig.root, '..', 'fixed'), '');
    await order(session, { type: 'retry', task: 'a', comment: 'mended' });
    await ended(session, 'merged');
    assert.ok(existsSync(session.ref.folder));
    assert.equal(rig.merged(session, 'b.txt'), 'b\n');
  });
});
