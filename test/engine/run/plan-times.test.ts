import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectedTimes, measuredTasks } from '../../../src/engine/past-runs.ts';
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
});
