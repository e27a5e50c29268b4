import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal } from '../../../src/engine/journal/journal-reader.ts';
import { readRun } from '../../../src/engine/runs.ts';
import type { RunRef, RunSession } from '../../../src/engine/session.ts';
import { hashInQuestion } from '../../../src/model/run/view.ts';
import { Children } from '../../rig/children.ts';
import { approve, assertEnded, CLI, eventOf, order, PLAN, RunRig, value } from '../../rig/run.ts';
import { START, startsIn } from '../../rig/starts.ts';

const task = (id: string, run: string, more = ''): string =>
  `  - { id: ${id}, title: ${id}, scope: [${id}.txt], run: ${JSON.stringify(`${START}; ${run}`)}${more} }\n`;
const plan = (tasks: string): string => `plan_id: p\nobjective: An example\ntasks:\n${tasks}`;
const AFTER_A = ', dependencies: [a]';

const agree = (session: RunSession): Promise<void> =>
  order(session, { type: 'approve', planHash: hashInQuestion(session.state) });

describe('a plan edited while its run stands', () => {
  let children: Children;
  before(async () => {
    children = await Children.open();
  });
  after(() => children.close());

  const waiting = (): string => task('a', `${children.line} && echo a > a.txt`);
  const before_ = (): string => waiting() + task('b', 'echo old > b.txt', AFTER_A);
  const after_ = (): string =>
    `${waiting()}  # b was too old\n${task('b', 'echo new > b.txt', AFTER_A)}${task('c', 'echo c > c.txt', AFTER_A)}`;

  const edit = ({ repository }: RunRig, text: string): void => void repository.write({ [PLAN]: text });
  const proposed = (session: RunSession): Promise<unknown> => eventOf(session, ({ type }) => type === 'plan.proposed');

  it('is done as it says once a person agrees, and its states are written back', async () => {
    await using rig = new RunRig({ tasks: before_() });
    const session = await rig.open();
    await approve(session);
    const agent = await children.next();
    const heard = proposed(session);
    edit(rig, plan(after_()));
    await heard;
    await agree(session);
    await agent.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'b.txt') + rig.merged(session, 'c.txt'), 'new\nc\n');
    assert.deepEqual(startsIn(rig.root), { a: 1, b: 1, c: 1 });
    await session.dispose();
    const text = readFileSync(join(rig.root, PLAN), 'utf8');
    assert.match(text, /# b was too old/);
    assert.equal(text.match(/status: completed/g)?.length, 3, text);
    assert.deepEqual(await editsIn(session), ['plan.proposed']);
  });

  it('is not done when a person says no, and nothing that it touches begins before', async () => {
    await using rig = new RunRig({ tasks: before_() });
    const session = await rig.open();
    await approve(session);
    const agent = await children.next();
    const heard = proposed(session);
    edit(rig, plan(waiting()));
    await heard;
    await agent.exit(0);
    await session.atRest();
    assert.deepEqual(startsIn(rig.root), { a: 1 });
    await order(session, { type: 'reject', planHash: hashInQuestion(session.state), comment: 'keep b' });
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'b.txt'), 'old\n');
  });

  it('is no edit when the run itself wrote its states, or on another branch', async () => {
    await using rig = new RunRig({ tasks: before_() });
    const session = await rig.open();
    await approve(session);
    const agent = await children.next();
    rig.repository.git('stash', '--quiet');
    rig.repository.git('switch', '--quiet', '--create', 'other');
    edit(rig, plan(after_()));
    await agent.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.deepEqual(await editsIn(session), []);
  });

  it('with mistakes is not asked about: they are told with their place, and the run goes on', async () => {
    await using rig = new RunRig({ tasks: before_() });
    edit(rig, plan(before_()));
    const ref = await rig.create();
    edit(rig, plan(task('a', 'true') + task('a', 'true')));
    const session = await rig.open(ref);
    assert.match(session.findings.join('\n'), /plan\.yaml:\d+:\d+: .*"a".*the run goes on with the plan it has/s);
    assert.equal(session.state.proposal, undefined);
    await approve(session);
    await (await children.next()).exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
  });

  for (const answered of [false, true])
    it(`outlives a crash ${answered ? 'after' : 'before'} the answer`, async () => {
      await using rig = new RunRig({ tasks: before_() });
      const ref = await rig.create();
      const engine = spawn(process.execPath, [CLI, 'run', 'p', '--yes'], { cwd: rig.root, stdio: 'ignore' });
      const agent = await children.next();
      const follower = await rig.open(ref, 'follow');
      const heard = proposed(follower);
      edit(rig, plan(after_()));
      await heard;
      if (answered) await agree(follower);
      engine.kill('SIGKILL');
      await once(engine, 'exit');
      await follower.dispose();
      const session = await rig.open(ref);
      if (!answered) await agree(session);
      await agent.exit(0);
      await session.atRest();
      assertEnded(session, 'merged');
      assert.equal(rig.merged(session, 'b.txt') + rig.merged(session, 'c.txt'), 'new\nc\n');
      assert.deepEqual(startsIn(rig.root), { a: 1, b: 1, c: 1 });
      assert.equal((await stateOf(ref)).planHash, session.state.planHash);
    });

  it('while nobody drives is found by the next, and --yes says yes to what the file says then', async () => {
    await using rig = new RunRig({ tasks: task('a', 'echo a > a.txt') });
    const ref = await rig.create();
    const first = await rig.open(ref);
    await order(first, { type: 'pause' });
    await approve(first);
    await first.dispose();
    edit(rig, plan(task('z', 'echo z > z.txt')));
    const engine = spawn(process.execPath, [CLI, 'resume', '--yes'], { cwd: rig.root, stdio: 'ignore' });
    assert.deepEqual(await once(engine, 'exit'), [0, null]);
    assert.deepEqual(startsIn(rig.root), { z: 1 });
  });
});

async function editsIn({ ref }: RunSession): Promise<string[]> {
  const { events } = value(await readJournal(ref.folder));
  return events.map(({ type }) => type).filter((type) => type.startsWith('plan.'));
}

const stateOf = async (ref: RunRef) => value(await readRun(ref));
