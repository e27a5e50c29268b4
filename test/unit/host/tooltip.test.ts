import { equal } from 'node:assert/strict';
import { tooltipOf } from '../../../src/host/rows/tooltip.ts';
import { DEFAULT_CONFIG } from '../../../src/model/config/config.ts';
import { Simulation, task } from '../../rig/simulation.ts';

describe('Hovering over a wave of the tree', () => {
  it('says why it is another than the plan has', () => {
    const tasks = [1, 2, 3].map((wave) => task(`t${wave}`, { wave, scope: [`${wave}.txt`] }));
    const limits = { ...DEFAULT_CONFIG.limits, agents: 3 };
    const { state } = new Simulation(tasks, { mode: 'adaptive', limits }, { foresees: () => [] }).approve().run();
    const said = (wave: number) => tooltipOf(state, { run: state.run, wave }, state.at).lines[0];
    equal(said(2), 'wave 2 now has t3 of the next, because agents would be idle (3 at once)');
    equal(said(1), state.plan.objective);
  });
});
