import { deepEqual } from 'node:assert/strict';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { weightBy, weightIn } from '../../../../src/model/schedule/pace.ts';
import { Simulation, task } from '../../../rig/simulation.ts';

describe('The weight of a task', () => {
  const small = task('s', { estimate: 'small' });
  const large = task('l', { estimate: 'large' });

  const tables: [name: string, times: [string, number][], weights: number[]][] = [
    ['is its estimate where nothing was measured', [], [1, 2, 4]],
    [
      'is its time where that is known',
      [
        ['s', 50],
        ['m', 70],
        ['l', 10],
      ],
      [50, 70, 10],
    ],
    ['is in proportion to those that are known where its own is not', [['s', 50]], [50, 100, 200]],
    [
      'is so by all that are known',
      [
        ['s', 50],
        ['m', 300],
      ],
      [50, 300, 400],
    ],
    ['is not changed by tasks that are not in the plan', [['gone', 9]], [1, 2, 4]],
  ];
  for (const [name, times, weights] of tables)
    it(name, () => {
      const tasks = [small, task('m'), large];
      deepEqual(tasks.map(weightIn(new Map(times), tasks)), weights);
    });

  it('is in proportion to what others of this run took', () => {
    deepEqual([small, task('m'), large].map(weightBy({ small: 50 })), [50, 100, 200]);
  });

  it('decides what a run begins first, also when its plan is edited', () => {
    const tasks = [task('quick'), task('slow'), task('after', { dependencies: ['quick'] })];
    const config = { mode: 'continuous' as const, limits: { ...DEFAULT_CONFIG.limits, agents: 1 } };
    deepEqual(new Simulation(tasks, config).approve().run().started, ['quick', 'slow', 'after']);
    const measured = { ...config, times: { quick: 1_000, slow: 9_000, after: 1_000 } };
    deepEqual(new Simulation(tasks, measured).approve().run().started, ['slow', 'quick', 'after']);
    const edited = [...tasks, task('more', { estimate: 'large', dependencies: ['quick'] })];
    const approve = { id: 'a', type: 'approve' as const, planHash: 'h2' };
    const run = new Simulation(tasks, measured)
      .edit(edited, 'h2')
      .tell({ type: 'order.accepted', order: approve })
      .run();
    deepEqual(run.started, ['slow', 'quick', 'more', 'after']);
  });
});
