import { strict as assert } from 'node:assert';
import type { Order } from '../../../../src/model/run/order.ts';
import { attention, rest } from '../../../../src/model/run/view.ts';
import { type Closing, Simulation, task } from '../../../rig/simulation.ts';

const FULL: Closing = { type: 'intent.failed', failure: { kind: 'diskFull', path: '/r' } };
let orders = 0;
const order = (type: 'cancel' | 'resume'): { type: 'order.accepted'; order: Order } => ({
  type: 'order.accepted',
  order: { id: `o${(orders += 1)}`, type },
});

describe('what cannot be done', () => {
  it('while a run is cancelled is tried once, said, and tried again when a person cancels again', () => {
    let full = true;
    const simulation = new Simulation(
      [task('a')],
      {},
      {
        takes: () => 1e9,
        closing: ({ type }) => {
          if (type === 'cancel.intended') return undefined;
          return type === 'result.intended' && full ? FULL : undefined;
        },
      },
    );
    simulation.approve().tell(order('cancel')).run(1000);
    simulation.run(1000);
    assert.ok(simulation.state.ended || rest(simulation.state) === 'waiting');
    full = false;
    if (!simulation.state.ended) simulation.tell(order('cancel')).run(1000);
    assert.equal(simulation.state.ended?.outcome, 'cancelled');
  });

  it('to end the attempts of a cancelled run does not go round and round', () => {
    const simulation = new Simulation(
      [task('a')],
      {},
      { closing: ({ type }) => (type === 'result.intended' ? FULL : undefined) },
    );
    simulation.approve().run(1000);
    assert.match(
      attention(simulation.state)
        .map(({ text }) => text)
        .join(),
      /disk is full/,
    );
    simulation.tell(order('cancel')).run(1000);
    assert.equal(simulation.state.ended, undefined);
    assert.match(
      attention(simulation.state)
        .map(({ text }) => text)
        .join(),
      /disk is full/,
    );
  });

  it('to start an agent is no interruption: it is started when that is possible', () => {
    let full = true;
    const simulation = new Simulation(
      [task('a')],
      {},
      {
        closing: (intent) => (intent.type === 'job.intended' && full ? FULL : undefined),
      },
    );
    simulation.approve().run(1000);
    assert.equal(rest(simulation.state), 'waiting');
    full = false;
    simulation.tell(order('resume')).run(1000);
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.equal(simulation.state.tasks.get('a')?.attempts.length, 1);
  });
});
