import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { measure } from '../../../../src/model/shown/measure.ts';
import { normals, uniforms } from '../../../../src/model/schedule/chance.ts';
import { type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const many = (count: number) => Array.from({ length: count }, (_, index) => task(`t${index}`));
const FAILED = { kind: 'failed' as const, type: 'fixable' as const, message: 'no', summary: '' };
const OK = { kind: 'succeeded' as const, summary: '' };

// What gadugi's OrchestratorAgent promises of itself, held to the rules of a run with a virtual clock.
describe('The targets of an orchestrator:', () => {
  for (const agents of [4, 5])
    it(`independent tasks of very different length are done three to five times as fast by ${agents} agents`, () => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const normal = normals(uniforms(seed));
        const lengths = new Map(many(40).map(({ id }) => [id, Math.round(600_000 * Math.exp(0.5 * normal()))]));
        const world: Oracle = { takes: (id) => lengths.get(id) ?? 0 };
        const limits = { ...DEFAULT_CONFIG.limits, agents };
        const { state } = new Simulation(many(40), { limits }, world).approve().run();
        const alone = [...lengths.values()].reduce((sum, length) => sum + length, 0);
        const faster = alone / measure(state, state.at).wall;
        assert.ok(faster >= 3 && faster <= agents, `seed ${seed}: ${faster}`);
      }
    });

  it('nineteen of twenty tasks are done where two attempts of five fail', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const chance = uniforms(seed);
      const agent: Oracle['agent'] = () => (chance() < 0.4 ? FAILED : OK);
      const limits = { ...DEFAULT_CONFIG.limits, agents: 5 };
      const simulation = new Simulation(many(200), { limits }, { agent }).approve().run();
      const done = Object.values(simulation.statuses()).filter((status) => status === 'done').length;
      assert.ok(done >= 190, `seed ${seed}: ${done} of 200`);
    }
  });
});
