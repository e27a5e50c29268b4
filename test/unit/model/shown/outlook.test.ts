import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { type Outlook, outlookOf } from '../../../../src/model/shown/outlook.ts';
import { outlookLines } from '../../../../src/model/shown/outlook-words.ts';
import type { Duration } from '../../../../src/model/schedule/duration.ts';
import { type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const slots = (agents: number) => ({ limits: { ...DEFAULT_CONFIG.limits, agents } });
const takes = (p50: number): Duration => ({ p50, spread: 0.3, doubt: 0.1, group: '' });
const known = (...ids: string[]): Map<string, Duration> => new Map(ids.map((id) => [id, takes(100)]));
const until = (run: Simulation, time: number): Outlook => {
  run.approve().run(10_000, 1_000 + time);
  return outlookOf(run.state, 1_000 + time, known('a', 'b', 'c', 'd'));
};
const clocks = { clock: (at: number) => `@${Math.round(at)}`, span: (time: number) => `${Math.round(time)} ms` };

describe('what comes next in a run', () => {
  const chain = [task('a'), task('b', { dependencies: ['a'] }), task('c', { dependencies: ['b'] })];
  const hundred: Oracle = { takes: () => 100 };

  it('is a range of ends, the wider the less is known, and none where nothing is', () => {
    const run = new Simulation(chain, {}, hundred).approve();
    assert.equal(outlookOf(run.state, run.now).ending, undefined);
    assert.match(outlookLines(outlookOf(run.state, run.now), clocks)[0] ?? '', /when it ends is not known/);
    const { early, likely, late } = outlookOf(run.state, run.now, known('a', 'b', 'c')).ending ?? assert.fail();
    assert.equal(likely, run.now + 300);
    assert.ok(early < likely - 20 && late > likely + 20, `${early} ${likely} ${late}`);
    const vague = new Map([...known('a', 'b', 'c')].map(([id, one]) => [id, { ...one, spread: 1 }]));
    assert.ok((outlookOf(run.state, run.now, vague).ending?.late ?? 0) > late);
    run.run();
    assert.equal(outlookOf(run.state, run.now).ending, undefined, 'it is over');
  });

  it('is no time where it waits for a person, but for what they are waited for', () => {
    const run = new Simulation([task('a'), task('b', { agent: 'manual' }), task('c', { wave: 2 })], {}, hundred);
    const beside = until(run, 50);
    assert.deepEqual([beside.ending, beside.wait], [undefined, { tasks: ['b'], stands: false }]);
    assert.match(outlookLines(beside, clocks)[0] ?? '', /1 of 4 agents at work; ends once you are done with b\.$/);
    run.run();
    const alone = outlookOf(run.state, run.now + 1_000, known('a', 'b', 'c'));
    assert.deepEqual([alone.ending, alone.wait], [undefined, { tasks: ['b'], stands: true }]);
    assert.equal(alone.progress, 1 / 3);
    assert.match(outlookLines(alone, clocks)[0] ?? '', /; waits for you: b\.$/);
    run.tell({ type: 'order.accepted', order: { id: 'o', type: 'done', task: 'b' } });
    const again = outlookOf(run.state, run.now, known('a', 'b', 'c'));
    assert.ok(again.ending && !again.wait);
  });

  it('is a range for thousands of tasks too, within a moment', () => {
    const tasks = Array.from({ length: 3_000 }, (_, at) => task(`t${at}`));
    const durations = known(...tasks.map(({ id }) => id));
    const run = new Simulation(tasks, slots(10), hundred).approve();
    const { early, likely, late } = outlookOf(run.state, run.now, durations).ending ?? assert.fail();
    assert.equal(likely - run.now, 30_000);
    assert.ok(early < likely && likely < late && late - early < 10_000, `${early} ${likely} ${late}`);
  });

  it('names the task that the longest chain waits for, with those behind it', () => {
    assert.deepEqual(until(new Simulation([...chain, task('d')], {}, hundred), 20).bottleneck, {
      task: 'a',
      waiting: ['b', 'c'],
    });
  });

  it('is the mean of how far tasks are, and what is not over is never told as done', () => {
    const { progress } = until(
      new Simulation([task('a'), task('b')], slots(1), { takes: (id) => (id === 'a' ? 50 : 1_000) }),
      600,
    );
    assert.ok(progress > 0.9 && progress <= 0.95, `${progress}`);
  });

  it('tells what is at work for longer than nine of ten like it', () => {
    const slow = until(new Simulation([task('a')], {}, { takes: () => 10_000 }), 1_000);
    assert.deepEqual(
      slow.slow.map((one) => one.task),
      ['a'],
    );
    assert.match(
      outlookLines(slow, clocks)[1] ?? '',
      /^a is at work for 1000 ms; nine of ten like it end within 1\d\d ms/,
    );
    assert.deepEqual(until(new Simulation([task('a')], {}, { takes: () => 10_000 }), 100).slow, []);
  });

  for (const [what, tasks, mode, because, words] of [
    [
      'a conflict',
      [task('a', { scope: ['x'] }), task('b', { scope: ['x'] })],
      'waves',
      { of: 'conflict', task: 'b', with: 'a' },
      /b may not run beside a/,
    ],
    [
      'a wave, and which mode would not wait',
      [task('a'), task('b', { wave: 2 })],
      'waves',
      { of: 'wave', waitsFor: ['a'], could: ['b'] },
      /b could begin, and its wave waits for a; in the mode "continuous"/,
    ],
    ['what all that is left needs', chain, 'continuous', { of: 'needs', waitsFor: ['a'] }, /all that is left needs a/],
    ['no reason where nothing is left', [task('a')], 'waves', undefined, /./],
  ] as const)
    it(`says of a free place: ${what}`, () => {
      const outlook = until(new Simulation(tasks, { ...slots(2), mode }, { takes: () => 1_000 }), 50);
      assert.deepEqual(outlook.agents, { atWork: 1, limit: 2 });
      assert.deepEqual(outlook.idle?.because, because);
      assert.match(outlookLines(outlook, clocks).join('\n'), words);
    });

  it('warns of what fails in several tasks, of a last try, and of none when all goes well', () => {
    const tasks = ['a', 'b', 'c'].map((id) => task(id));
    const agent: Oracle['agent'] = (id) =>
      id === 'c'
        ? { kind: 'succeeded', summary: '' }
        : { kind: 'failed', type: 'fixable', message: 'no database', summary: '' };
    const limits = { ...DEFAULT_CONFIG.limits, retries: 1 };
    const run = new Simulation(tasks, { limits }, { agent, takes: () => 100 }).approve().run(10_000, 1_150);
    const { risks } = outlookOf(run.state, run.now);
    assert.deepEqual(risks, [
      { of: 'common', tasks: ['a', 'b'], message: 'no database' },
      { of: 'lastTry', task: 'a', message: 'no database' },
      { of: 'lastTry', task: 'b', message: 'no database' },
    ]);
    const named = outlookLines(outlookOf(run.state, run.now), { ...clocks, name: (id) => `"Task ${id}"` }).join('\n');
    assert.match(named, /The same fails in "Task a", "Task b": .*\n"Task a" has no retry left/);
    assert.deepEqual(until(new Simulation(tasks, {}, hundred), 150).risks, []);
  });
});
