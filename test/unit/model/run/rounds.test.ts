import { strict as assert } from 'node:assert';
import { foundOf, roundAfter } from '../../../../src/model/run/rounds.ts';
import type { RunState } from '../../../../src/model/run/state.ts';
import { Simulation, task } from '../../../rig/simulation.ts';

const run = (more: Partial<RunState> = {}): RunState => ({ ...new Simulation([task('a')]).state, ...more });
const merged = { outcome: 'merged', reason: '', at: 0 } as const;
const planning = (startedAt: number, comments: readonly string[] = [], ended: RunState['ended'] = merged): RunState => {
  const revises = comments.length > 0 ? { revises: { round: comments.length, comments } } : {};
  return run({ startedAt, planning: { id: 'p', file: 'plan.yaml', ...revises }, ...(ended ? { ended } : {}) });
};
const approved = (at: number): RunState => run({ approval: { kind: 'given', baseline: false, at } });

describe('roundAfter', () => {
  for (const [what, earlier, round, comments] of [
    ['a plan that nobody made is in its first round', [run()], 1, ['now']],
    ['the making itself is no round', [planning(1), run()], 1, ['now']],
    [
      'what was said before is kept',
      [planning(1), planning(2, ['one']), planning(3, ['one', 'two'])],
      3,
      ['one', 'two', 'now'],
    ],
    ['with an approval the rounds begin anew', [planning(1, ['one']), approved(2)], 1, ['now']],
    ['those after an approval count', [approved(2), planning(3, ['one'])], 2, ['one', 'now']],
    [
      'what was cancelled or came to nothing is no round',
      [
        planning(1, ['one'], { ...merged, outcome: 'cancelled' }),
        planning(2, ['two'], { ...merged, outcome: 'failed' }),
      ],
      1,
      ['now'],
    ],
  ] as const)
    it(what, () => assert.deepEqual(roundAfter(earlier, ' now ', 3), { ok: true, value: { round, comments } }));

  it('ends with the most there may be, and does not begin while a plan is being made', () => {
    const spent = roundAfter([planning(1, ['one', 'two', 'three'])], 'now', 3);
    assert.deepEqual(spent, { ok: false, failure: { kind: 'roundsSpent', rounds: 3 } });
    assert.equal(roundAfter([planning(1, ['one', 'two', 'three'])], 'now', Infinity).ok, true);
    const busy = roundAfter([{ ...planning(1, ['one']), ended: undefined } as unknown as RunState], 'now', 3);
    assert.ok(!busy.ok && busy.failure.kind === 'refused');
  });
});

describe('foundOf', () => {
  it('says what became of the tasks of the latest run, and nothing of those that have not begun', () => {
    const failing = new Simulation(
      [task('a'), task('b'), task('c', { dependencies: ['b'] })],
      { limits: limits(0) },
      {
        agent: (id) =>
          id === 'b'
            ? { kind: 'failed', type: 'fixable', message: 'no way', summary: '' }
            : { kind: 'succeeded', summary: '' },
      },
    )
      .approve()
      .run(1000);
    assert.deepEqual(foundOf([run(), failing.state]), ['task a is merged', 'task b failed: no way']);
  });
});

const limits = (retries: number): RunState['config']['limits'] => ({ ...run().config.limits, retries });
