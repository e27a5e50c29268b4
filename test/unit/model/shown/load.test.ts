import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { loadOf } from '../../../../src/model/shown/load.ts';
import type { Used } from '../../../../src/model/run/job.ts';
import { type Oracle, Simulation, task } from '../../../rig/simulation.ts';

/** Agents that took so much memory, for 100 ms each. */
const taking =
  (used: Readonly<Record<string, Used>>): NonNullable<Oracle['closing']> =>
  (intent) => {
    if (intent.type !== 'job.intended' || intent.purpose.kind !== 'agent') return undefined;
    const exit = { code: 0, signal: null, startedAt: 0, endedAt: 0, strays: 0, bytes: 0, dropped: 0 };
    const agent = { kind: 'succeeded' as const, summary: '' };
    return {
      type: 'job.ended',
      end: { kind: 'exited', exit: { ...exit, agent, used: used[intent.purpose.task] ?? {} } },
    };
  };

describe('what a run takes of the machine', () => {
  it('is not told where nothing was measured', () => {
    const { state } = new Simulation([task('a')]).approve().run();
    assert.equal(loadOf(state, state.at), undefined);
  });

  it('is what agents that are at work together take, each with its most, and what the machine has in use', () => {
    const world = {
      closing: taking({ a: { memory: 100 }, b: { memory: 30 } }),
      takes: (id: string) => (id === 'a' ? 100 : 50),
    };
    const run = new Simulation([task('a'), task('b')], {}, world).approve();
    run.tell({ type: 'machine.seen', machine: { memory: { total: 400e9, free: 100e9 }, cpu: 0.5 } }).run();
    const { agents, memory, cpu, total } = loadOf(run.state, run.state.at) ?? assert.fail();
    assert.deepEqual([total, memory.map(([, share]) => share), cpu.map(([, share]) => share)], [400e9, [0.75], [0.5]]);
    assert.equal(Math.max(...agents.map(([, bytes]) => bytes)), 130);
    assert.equal(agents.at(-1)?.[1], 0, 'nobody is at work any more');
  });

  it('is told in as many points as a screen has room for, in order, with its peak and its end', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 500 }), (shares) => {
        const { state } = new Simulation([task('a')]).approve();
        state.seen.push(...shares.map((cpu, index) => ({ at: 1_000 + index * 10, cpu })));
        const { cpu } = loadOf(state, 9_000) ?? assert.fail();
        assert.ok(cpu.length <= 122);
        assert.equal(Math.max(...cpu.map(([, share]) => share)), Math.max(...shares));
        assert.equal(cpu.at(-1)?.[1], shares.at(-1));
        for (const [index, [at]] of cpu.entries()) assert.ok(index === 0 || at > (cpu[index - 1]?.[0] ?? 0));
      }),
    );
  });
});
