import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { gate, Simulation, task } from '../../../rig/simulation.ts';

type Shape = 'continuous' | 'waves of 100' | 'one wave with a gate';

/** CPU milliseconds of this process that a run of so many tasks takes. */
function cost(tasks: number, shape: Shape): number {
  const plan = Array.from({ length: tasks }, (_, index) =>
    task(`t${index}`, { wave: shape === 'waves of 100' ? 1 + Math.floor(index / 100) : 1, scope: [`${index}.txt`] }),
  );
  const mode = shape === 'continuous' ? ('continuous' as const) : ('waves' as const);
  const gates = shape === 'one wave with a gate' ? [gate('test', 'wave')] : [];
  const config = { mode, gates, limits: { ...DEFAULT_CONFIG.limits, agents: 16 } };
  const before = process.cpuUsage();
  const simulation = new Simulation(plan, config).approve().run(10_000_000);
  assert.equal(simulation.state.ended?.outcome, 'merged');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('a run of 10,000 tasks', () => {
  for (const shape of ['continuous', 'waves of 100', 'one wave with a gate'] as const) {
    it(`as ${shape} costs about ten times one of 1,000`, function () {
      this.timeout(120_000);
      cost(500, shape);
      const [small, large] = [cost(1000, shape), cost(10_000, shape)];
      assert.ok(large < 40 * small, `${Math.round(small)} ms and ${Math.round(large)} ms`);
    });
  }
});
