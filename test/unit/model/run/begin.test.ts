import { strict as assert } from 'node:assert';
import { begin } from '../../../../src/model/run/begin.ts';
import type { Event, Started } from '../../../../src/model/run/event.ts';
import { evolve } from '../../../../src/model/run/evolve.ts';
import { Simulation, task } from '../../../rig/simulation.ts';

describe('the first event of a run', () => {
  const [started, ...rest] = new Simulation([task('a')], {}).approve().run().events;
  const first = started as Event & Started;

  // An earlier version left out what there was none of.
  for (const field of ['reviewers', 'containment', 'notes', 'requirements', 'times', 'footprints'] as const)
    it(`may say nothing of ${field}`, () => {
      const { [field]: _, ...said } = first;
      const state = rest.reduce(evolve, begin(said as Event & Started));
      assert.equal(state.ended?.outcome, 'merged');
    });
});
