import { strict as assert } from 'node:assert';
import type { RunSession } from '../../../src/engine/session.ts';
import { attention } from '../../../src/model/run/view.ts';
import { Children } from '../../rig/children.ts';
import { approve, assertEnded, order, RunRig, stillness } from '../../rig/run.ts';
import { itMayMount, SmallDisk } from '../../rig/small-disk.ts';
import { orchestrate } from '../cli/command-line.ts';

const task = (id: string, run: string, more = ''): string =>
  `  - { id: ${id}, title: ${id}, scope: [${id}.txt], run: ${JSON.stringify(run)}${more} }\n`;

const asked = ({ state, findings }: RunSession): string =>
  [...attention(state).map(({ text }) => text), ...findings].join('\n');

describe('a disk that is full in the middle of a run', () => {
  let children: Children;
  before(async () => {
    children = await Children.open();
  });
  after(() => children.close());

  // Otherwise nothing would be begun on a disk of this size.
  const config = 'agents: { default: shell }\nlimits: { disk: 0 }\n';

  /** The disk is filled but for `left` bytes while the first agent is at work, freed when the run stands still. */
  async function filled(left: number): Promise<void> {
    using disk = new SmallDisk(8);
    // Only the first attempt waits for the test: it may be cut off, and then another follows.
    const first = `! mkdir ../../../first 2>/dev/null || ${children.line}`;
    const tasks = task('a', `{ ${first}; } && echo a > a.txt`) + task('b', 'cat a.txt > b.txt', ', dependencies: [a]');
    await using rig = new RunRig({ tasks, config, repository: { within: disk.path } });
    const session = await rig.open();
    await approve(session);
    const agent = await children.next();
    disk.fill(left);
    const still = stillness(session);
    await agent.exit(0);
    await still;
    assert.match(asked(session), /The disk is full .*Free some space, then try again: nothing was lost/);
    disk.free();
    await order(session, { type: 'resume' });
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'b.txt'), 'a\n');
  }

  for (const left of [0, 8_000, 64_000]) {
    itMayMount(`with ${left} bytes left stands still, says so, and goes on when there is room again`, () =>
      filled(left),
    );
  }

  itMayMount(
    'with less than is to be left begins nothing more, says so, and goes on when there is room again',
    async () => {
      using disk = new SmallDisk(16);
      const tasks =
        task('a', `${children.line} && echo a > a.txt`) + task('b', 'cat a.txt > b.txt', ', dependencies: [a]');
      const wants = 'agents: { default: shell }\nlimits: { disk: 4MB }\n';
      await using rig = new RunRig({ tasks, config: wants, repository: { within: disk.path } });
      const session = await rig.open();
      await approve(session);
      const agent = await children.next();
      disk.fill(2_000_000);
      const still = stillness(session);
      await agent.exit(0);
      await still;
      assert.match(asked(session), /[12] MB are free on the disk of .* make room, then resume/);
      assert.equal(rig.merged(session, 'a.txt'), 'a\n', 'what was at work is merged');
      const again = stillness(session);
      await order(session, { type: 'resume' });
      await again;
      disk.free();
      await order(session, { type: 'resume' });
      await session.atRest();
      assertEnded(session, 'merged');
      assert.equal(rig.merged(session, 'b.txt'), 'a\n');
    },
  );

  itMayMount('before an order is written down refuses it, and takes it when there is room again', async () => {
    using disk = new SmallDisk(8);
    await using rig = new RunRig({ tasks: task('a', 'echo a > a.txt'), config, repository: { within: disk.path } });
    const session = await rig.open();
    disk.fill();
    const wish = { type: 'reject' as const, planHash: session.state.planHash, comment: 'no '.repeat(10_000) };
    const still = stillness(session);
    const given = await session.order(wish);
    assert.ok(!given.ok && given.failure.kind === 'diskFull', JSON.stringify(given));
    await still;
    assert.match(asked(session), /The disk is full .*Free some space/);
    assert.equal(session.state.ended, undefined);
    disk.free();
    await approve(session);
    await session.atRest();
    assertEnded(session, 'merged');
  });

  itMayMount('before a run is made says so, and makes none', async () => {
    using disk = new SmallDisk(8);
    await using rig = new RunRig({ tasks: task('a', 'echo a > a.txt'), config, repository: { within: disk.path } });
    disk.fill();
    const full = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(full.code, 1, full.stdout);
    assert.match(
      full.stderr,
      /^orchestrate: The disk is full \(\S+\)\. Free some space, then try again: nothing was lost\.\n$/,
    );
    assert.match((await orchestrate(rig.root, 'status')).stderr, /There is no run/);
    disk.free();
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 0);
  });
});
