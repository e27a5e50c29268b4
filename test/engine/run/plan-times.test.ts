import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectedTimes, measuredTasks } from '../../../src/engine/past/past-runs.ts';
import { segmentFile, segments, tookFile } from '../../../src/engine/places.ts';
import { p90 } from '../../../src/model/schedule/duration.ts';
import { orchestrate } from '../cli/command-line.ts';
import { assertEnded, PLAN, RunRig } from '../../rig/run.ts';

const TASKS = ['a', 'b', 'c', 'd']
  .map(
    (id) =>
      `  - { id: ${id}, title: Add ${id}, run: "echo ${id} > ${id}.txt", scope: [${id}.txt], estimated_effort: large }\n`,
  )
  .join('');

describe('How long a plan should take', () => {
  it('is a guess the first time, and the second time told by the first', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    const text = readFileSync(join(rig.root, PLAN), 'utf8');
    const asked = await orchestrate(rig.root, 'run');
    assert.equal(asked.code, 3, asked.stderr);
    assert.match(asked.stderr, /Should take \d\d min, nine times out of ten at most \d/);
    assert.match(asked.stderr, /Nothing was measured here yet/);
    const first = await rig.run();
    assertEnded(first, 'merged');
    await first.dispose();
    const past = await measuredTasks(first.ref.repository);
    assert.equal(past.length, 4);
    for (const { took, toldAt, doneAt } of past) assert.ok(took > 0 && took <= doneAt - toldAt, `${took}`);

    writeFileSync(join(rig.root, PLAN), text);
    const second = await rig.open();
    assert.notEqual(second.ref.run, first.ref.run);
    const told = await expectedTimes(second.ref.repository, second.state, second.ref.run);
    assert.equal(told.measured, 4);
    const longest = Math.max(...past.map(({ took }) => took));
    for (const { by, samples, duration } of told.tasks.values()) {
      assert.deepEqual([by, samples], ['tasks of its type and complexity by its agent', 4]);
      assert.ok(duration.p50 <= longest && p90(duration) > duration.p50);
    }
    assert.ok(told.run.p50 < 60_000, `${told.run.p50}`);
    // What was said of them was far too much, so all of them ended within it.
    assert.deepEqual(told.accuracy, { of: 4, within: 4 });
    await second.dispose();

    const status = await orchestrate(rig.root, 'status');
    assert.match(status.stdout, /Should take \d+ s, nine times out of ten at most \d+ s, with 4 agents/);
    assert.match(status.stdout, /Measured here: 4 tasks\. Of the last 4, 4 ended within/);
    const json = JSON.parse((await orchestrate(rig.root, 'status', '--json')).stdout) as {
      expected: { p50: number; tasks: { id: string; samples: number }[] };
    };
    assert.ok(json.expected.p50 < 60_000);
    assert.deepEqual(
      json.expected.tasks.map(({ samples }) => samples),
      [4, 4, 4, 4],
    );
    const analysis = await orchestrate(rig.root, 'analyze');
    assert.match(
      analysis.stdout,
      /takes +\d+ s, nine times out of ten at most \d+ s, by 4 tasks of its type and complexity by its agent/,
    );
  });

  it('is not said where the answer was given with the call', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    const done = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(done.code, 0, done.stderr);
    assert.doesNotMatch(done.stderr, /Should take/);
  });

  it('decides what begins first where others like them were done before', async () => {
    const config = 'agents: { default: shell }\nlimits: { agents: 1 }\nmode: continuous\n';
    await using rig = new RunRig({ tasks: TASKS, config });
    const first = await rig.run();
    assertEnded(first, 'merged');
    await first.dispose();
    assert.equal(first.state.times.size, 0);

    const words = {
      small: 'Fix a typo in the documentation',
      big: 'Implement authentication with database migration, security review and concurrent sessions',
    };
    const line = (id: keyof typeof words): string =>
      `  - { id: ${id}, title: "${words[id]}", run: "echo ${id} > ${id}.txt", scope: [${id}.txt] }\n`;
    writeFileSync(join(rig.root, PLAN), `plan_id: p\nobjective: More\ntasks:\n${line('small')}${line('big')}`);
    const second = await rig.run();
    assertEnded(second, 'merged');
    const { times, tasks } = second.state;
    assert.ok((times.get('big') ?? 0) > (times.get('small') ?? Infinity), JSON.stringify([...times]));
    const began = (id: string): number => tasks.get(id)?.attempts[0]?.startedAt ?? 0;
    assert.ok(began('big') < began('small'));
  });

  it('is kept beside each journal, and found out again where that is not what it was', async () => {
    const before = process.env['ORCHESTRATE_BUILD'];
    process.env['ORCHESTRATE_BUILD'] = 'test';
    try {
      await using rig = new RunRig({ tasks: TASKS });
      const session = await rig.run();
      assertEnded(session, 'merged');
      const { ref } = session;
      await session.dispose();
      const told = await measuredTasks(ref.repository);
      assert.equal(told.length, 4);
      const kept = readFileSync(tookFile(ref.folder));
      // The copy is what is read: what it is a copy of is not there any more.
      const last = segments(ref.folder).at(-1) ?? 0;
      const journal = readFileSync(segmentFile(ref.folder, last), 'utf8');
      assert.match(journal, /job\.ended/);
      writeFileSync(segmentFile(ref.folder, last), journal.replaceAll('job.ended', 'job.xnded'));
      assert.deepEqual(await measuredTasks(ref.repository), told);
      writeFileSync(segmentFile(ref.folder, last), journal);
      for (const spoiled of [kept.subarray(0, kept.length - 3), Buffer.from(`${kept.toString('utf8')}]`)]) {
        writeFileSync(tookFile(ref.folder), spoiled);
        assert.deepEqual(await measuredTasks(ref.repository), told);
        assert.deepEqual(readFileSync(tookFile(ref.folder)), kept);
      }
      // A journal that went on.
      writeFileSync(segmentFile(ref.folder, last), '{"half of a li', { flag: 'a' });
      assert.deepEqual(await measuredTasks(ref.repository), told);
      assert.notDeepEqual(readFileSync(tookFile(ref.folder)), kept);
    } finally {
      if (before === undefined) delete process.env['ORCHESTRATE_BUILD'];
      else process.env['ORCHESTRATE_BUILD'] = before;
    }
  });
});
