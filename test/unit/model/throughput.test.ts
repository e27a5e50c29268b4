import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../src/model/config.ts';
import { Simulation, task } from '../../rig/simulation.ts';

/** CPU milliseconds of this process that a run of so many tasks takes. */
function cost(tasks: number, mode: 'continuous' | 'waves'): number {
  const plan = Array.from({ length: tasks }, (_, index) =>
    task(`t${index}`, { wave: 1 + Math.floor(index / 100), scope: [`${index}.txt`] }),
  );
  const config = { mode, limits: { ...DEFAULT_CONFIG.limits, agents: 16 } };
  const before = process.cpuUsage();
  const simulation = new Simulation(plan, config).approve().run(10_000_000);
  assert.equal(simulation.state.ended?.outcome, 'merged');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('a run of 10,000 tasks', () => {
  for (const mode of ['continuous', 'waves'] as const) {
    it(`in ${mode} costs about ten times one of 1,000`, function () {
      this.timeout(120_000);
      cost(500, mode);
      const [small, large] = [cost(1000, mode), cost(10_000, mode)];
      assert.ok(large < 40 * small, `${Math.round(small)} ms and ${Math.round(large)} ms`);
    });
  }
});
