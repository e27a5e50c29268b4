import { strict as assert } from 'node:assert';
import type { Event } from '../../../../src/model/run/event.ts';
import { Simulation, task } from '../../../rig/simulation.ts';

const of = <T extends Event['type']>({ events }: Simulation, type: T): (Event & { type: T })[] =>
  events.filter((event): event is Event & { type: T } => event.type === type);

/** `a` works for long, the others end one after the other. */
const run = (agent: string, conflicting: readonly string[]): Simulation =>
  new Simulation(
    [task('a', { agent }), ...['b', 'c', 'd'].map((id) => task(id))],
    {},
    {
      takes: (id) => ({ a: 1000, b: 10, c: 200, d: 400 })[id] ?? 1,
      foresees: ({ beside }) =>
        beside.filter(({ task: id }) => conflicting.includes(id)).map((member) => ({ ...member, paths: ['x.ts'] })),
    },
  )
    .approve()
    .run();

describe('Results beside an agent at work', () => {
  it('are compared with what it has made each time one is accepted', () => {
    const simulation = run('claude', []);
    assert.deepEqual(
      of(simulation, 'forecast.intended').map(({ task: id, beside }) => [id, beside.map((other) => other.task)]),
      [
        ['a', ['b']],
        ['a', ['b', 'c']],
        ['a', ['b', 'c', 'd']],
      ],
    );
    assert.deepEqual(of(simulation, 'conflict.foreseen'), []);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('are told it once for each that conflicts, in words that name task, file and commit', () => {
    const simulation = run('claude', ['b', 'd']);
    const told = of(simulation, 'conflict.foreseen');
    assert.deepEqual(
      told.map(({ conflicts }) => conflicts.map((other) => other.task)),
      [['b'], ['d']],
    );
    assert.match(told[0]?.text ?? '', /^- "b" in x\.ts \(commit c\d+\)$/m);
    assert.deepEqual(
      of(simulation, 'steer.intended').map(({ steering }) => steering.kind === 'message' && steering.text),
      told.map(({ text }) => text),
    );
  });

  it('are not looked at for a program that only runs', () =>
    assert.deepEqual(of(run('shell', ['b', 'c', 'd']), 'forecast.intended'), []));
});
