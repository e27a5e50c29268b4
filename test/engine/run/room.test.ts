import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import type { RunSession } from '../../../src/engine/session.ts';
import { heldBack, heldWords } from '../../../src/model/crew/admission.ts';
import type { Event } from '../../../src/model/run/event.ts';
import { MEGABYTE } from '../../../src/model/text/size.ts';
import { type Child, Children } from '../../rig/children.ts';
import { approve, assertEnded, CLI, order, RunRig, settled, stillness, taskOf } from '../../rig/run.ts';

describe('A machine that has to stay usable', () => {
  let children: Children;
  beforeEach(async () => {
    children = await Children.open();
  });
  afterEach(() => children.close());

  const rigOf = (tasks: readonly string[], limits: object): RunRig =>
    new RunRig({
      tasks: tasks
        .map((id) => `  - { id: ${id}, title: ${id}, scope: [${id}.txt], run: ${JSON.stringify(lineOf(id))} }\n`)
        .join(''),
      config: JSON.stringify({ mode: 'continuous', agents: { default: 'shell' }, limits: { agents: 3, ...limits } }),
    });

  const lineOf = (id: string): string => `${children.line} && echo ${id} > ${id}.txt`;
  const taskIn = ({ cwd }: Child): string => basename(cwd).split('-', 1)[0] ?? '';
  const begun = ({ state }: RunSession): string[] =>
    [...state.tasks.values()].flatMap(({ task, attempts }) => (attempts.length > 0 ? [task.id] : []));

  const waitsOf = (session: RunSession, id: string): string => {
    const held = heldBack(session.state, taskOf(session.state, id));
    return held ? heldWords(held) : '';
  };

  /** Its runner looks at it when it prints, at most once a second. */
  async function isMeasured(session: RunSession, child: Child): Promise<number> {
    const seen = { memory: 0 };
    using _ = session.subscribe(({ events }) => {
      seen.memory = Math.max(seen.memory, ...events.map(memoryIn));
    });
    while (seen.memory < 80 * MEGABYTE) await child.write('.\n');
    return seen.memory;
  }

  const memoryIn = (event: Event): number =>
    event.type === 'job.reported' && event.report.type === 'measured' ? (event.report.used.memory ?? 0) : 0;

  // Elsewhere nobody measures what a process takes.
  const itMeasured = process.platform === 'linux' ? it : () => undefined;
  itMeasured(
    'begins as many agents as fit by what they take, says why another waits, and knows it in the next run',
    async () => {
      await using rig = rigOf(['a', 'b', 'c'], { memory: '300MB' });
      const session = await rig.open();
      await approve(session);
      const first = await children.next();
      assert.deepEqual(begun(session), ['a'], 'until one was seen it is taken to need 200 MB');
      assert.equal(waitsOf(session, 'b'), 'waits for memory: 100 MB left, shell takes about 200 MB');
      const status = execFileSync(process.execPath, [CLI, 'status'], { cwd: rig.root, encoding: 'utf8' });
      assert.match(status, /b {2}.*waits for memory: 100 MB left, shell takes about 200 MB/);
      await first.take(80 * MEGABYTE);
      const took = await isMeasured(session, first);
      await first.exit(0);
      const [second, third] = [await children.next(), await children.next()];
      assert.deepEqual([taskIn(second), taskIn(third)].toSorted(), ['b', 'c'], 'two of them fit');
      for (const child of [second, third]) await child.exit(0);
      await session.atRest();
      assertEnded(session, 'merged');
      assert.ok((taskOf(session.state, 'a').attempts[0]?.used?.memory ?? 0) >= took);
      await session.dispose();
      const next = await rig.open(await rig.create(), 'follow');
      assert.ok((next.state.footprints.get('shell') ?? 0) >= 80 * MEGABYTE, 'the next run knows it from the start');
    },
  );

  it('short of memory has one agent at work at a time', async () => {
    await using rig = rigOf(['a', 'b', 'c'], { memory: '1%' });
    const session = await rig.open();
    await approve(session);
    for (const id of ['a', 'b', 'c']) {
      const child = await children.next();
      assert.deepEqual([taskIn(child), begun(session).at(-1)], [id, id]);
      if (id !== 'c') assert.match(waitsOf(session, 'c'), /^waits for memory: \d+ % of it is used$/);
      await child.exit(0);
    }
    await session.atRest();
    assertEnded(session, 'merged');
    assert.ok(session.state.machine?.memory && session.state.machine.disk);
  });

  it('is not asked where nothing is limited', async () => {
    await using rig = rigOf(['a', 'b', 'c'], { memory: 0, cpu: 0, disk: 0 });
    const session = await rig.open();
    await approve(session);
    const all = [await children.next(), await children.next(), await children.next()];
    for (const child of all) await child.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
  });

  it('short of disk begins nothing, and is looked at again when it is resumed', async () => {
    await using rig = rigOf(['a'], { disk: '999999GB' });
    const session = await rig.open();
    const still = stillness(session);
    await approve(session);
    await still;
    const { paused } = session.state;
    assert.match(
      paused?.reason ?? '',
      /are free on the disk of .*, and nothing is begun below .* make room, then resume/,
    );
    await order(session, { type: 'resume' });
    await settled(session, (state) => state.paused && state.paused.at >= (paused?.at ?? 0) && state.paused !== paused);
    assert.equal(children.count, 0);
  });
});
