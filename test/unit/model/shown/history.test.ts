import { strict as assert } from 'node:assert';
import { type PastRun, pastRunOf, trendsOf, trendWords } from '../../../../src/model/shown/history.ts';
import { gate, Simulation, task } from '../../../rig/simulation.ts';

const run = (retries: number, more: Partial<PastRun> = {}): PastRun => ({
  run: 'p-1',
  plan: 'p',
  startedAt: 0,
  outcome: 'merged',
  tasks: 10,
  done: 10,
  failed: 0,
  wall: 1_000,
  speedUp: 2 + retries / 100,
  retries,
  atOnce: 5,
  failures: {},
  ...more,
});

describe('a run in numbers', () => {
  it('counts what was merged, at once or not, what was tried again, and for what', () => {
    const { state } = new Simulation(
      [task('a'), task('b')],
      { gates: [gate('test', 'task')] },
      { gate: (_, tasks, attempt) => !(tasks.includes('b') && attempt === 1), takes: () => 50 },
    )
      .approve()
      .run();
    const { outcome, tasks, done, failed, retries, atOnce, failures } = pastRunOf(state, 99_999);
    assert.deepEqual([outcome, tasks, done, failed, retries, atOnce], ['merged', 2, 2, 0, 1, 1]);
    assert.deepEqual(failures, { 'gate test': 1 });
  });

  it('counts as retries none that began again without a failure of its own', () => {
    const { state } = new Simulation(
      [task('a')],
      {},
      { agent: (_, attempt) => (attempt === 1 ? 'interrupted' : { kind: 'succeeded', summary: '' }) },
    )
      .approve()
      .run();
    assert.equal(pastRunOf(state, 0).retries, 0);
  });
});

describe('a trend', () => {
  for (const [what, retries, told] of [
    ['that rises', [1, 2, 0, 1, 5, 6, 9], 'Retries rise: 0.7 a task over the last three runs, 0.1 before.'],
    ['that falls', [8, 7, 9, 6, 1, 0, 2], 'Retries fall: 0.1 a task over the last three runs, 0.8 before.'],
    ['of too few runs', [1, 1, 1, 9, 9, 9], undefined],
    ['that one of them does not bear', [1, 2, 0, 5, 5, 6, 9], undefined],
    ['of runs that are all the same', [1, 1, 1, 1, 1, 1, 1], undefined],
  ] as const)
    it(`${told === undefined ? 'is not told' : 'is told'} ${what}`, () => {
      const trends = trendsOf(retries.map((one) => run(one, { speedUp: 2 })));
      assert.deepEqual(trends.map(trendWords), told === undefined ? [] : [told]);
    });

  it('says what failed most often where that is more than half, and looks at runs that came to their end alone', () => {
    const before = [1, 2, 0, 1].map((one) => run(one, { speedUp: 2 }));
    const last = [5, 6, 9].map((one) => run(one, { speedUp: 2, failures: { 'gate test': one, agent: 1 } }));
    const stopped = run(0, { outcome: 'cancelled' });
    assert.deepEqual(trendsOf([...before, ...last, stopped]).map(trendWords), [
      'Retries rise: 0.7 a task over the last three runs, 0.1 before; 20 of 23 failures are of gate test.',
    ]);
  });
});
