import { strict as assert } from 'node:assert';
import { progressLine } from '../../../src/cli/asking/view.ts';
import { readConfig } from '../../../src/model/config/reader.ts';
import { Simulation, task } from '../../rig/simulation.ts';

describe('progress reports', () => {
  it('say what is done, at work and failed', () => {
    const simulation = new Simulation([task('a'), task('b')], {
      limits: { agents: 1, gates: 1, retries: 0, conflicts: 0 },
    });
    assert.equal(progressLine(simulation.state), 'progress: 0 %, 0 of 2 done');
    simulation.approve().run();
    assert.equal(progressLine(simulation.state), 'progress: 100 %, 2 of 2 done');
  });

  it('come as often as the configuration says', () => {
    assert.equal(readConfig('progress: 30m\n', 'orchestrate.yaml').config?.progress, 1_800_000);
    assert.equal(readConfig('', 'orchestrate.yaml').config?.progress, undefined);
    assert.equal(readConfig('progress: soon\n', 'orchestrate.yaml').config, undefined);
  });
});
