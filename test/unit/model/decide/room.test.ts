import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DEFAULT_CONFIG, type Config } from '../../../../src/model/config/config.ts';
import { heldBack, heldLines, heldWords } from '../../../../src/model/crew/admission.ts';
import type { Event } from '../../../../src/model/run/event.ts';
import type { Machine } from '../../../../src/model/machine.ts';
import { isNewsOf } from '../../../../src/model/run/machine.ts';
import { attention, rest } from '../../../../src/model/run/view.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const GB = 1024 ** 3;
const limits = (more: Partial<Config['limits']> = {}): Config['limits'] => ({
  ...DEFAULT_CONFIG.limits,
  agents: 6,
  ...more,
});
const memory = (free: number, total = 16): Machine => ({ memory: { free: free * GB, total: total * GB } });
const seen = (machine: Machine): { type: 'machine.seen'; machine: Machine } => ({ type: 'machine.seen', machine });
const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => task(id, { agent: 'claude' }));

/** The most agents that were at work at once. */
function peak(events: readonly Event[]): number {
  const open = new Set<string>();
  let most = 0;
  for (const event of events) {
    if (event.type === 'worktree.intended') open.add(event.task);
    if (event.type === 'result.intended') open.delete(event.task);
    most = Math.max(most, open.size);
  }
  return most;
}

function started(machine: Machine, config: Partial<Config> = {}, oracle: Oracle = {}): Simulation {
  const simulation = new Simulation(many, { mode: 'continuous', limits: limits(), ...config }, oracle);
  simulation.state.footprints.set('claude', GB);
  return simulation.approve().tell(seen(machine));
}

describe('the room on a machine', () => {
  const cases: [string, Machine, Partial<Config>, number][] = [
    ['nothing is known of it', {}, {}, 6],
    ['it has plenty', memory(14), {}, 6],
    ['as many as fit are begun, and 15 % are left to others', memory(5), {}, 2],
    ['one always is', memory(0.1), {}, 1],
    ['it is looked at no more', memory(0.1), { limits: limits({ memory: {} }) }, 6],
    ['the run may take only so much itself', memory(14), { limits: limits({ memory: { size: 3 * GB } }) }, 3],
    [
      'nobody measures it, but the run may take only so much',
      {},
      { limits: limits({ memory: { size: 2.5 * GB } }) },
      2,
    ],
    ['room is left for the gates of those at work', memory(6.5), { gates: [gate('test', 'task')] }, 3],
    ['the processors are busy and may be', { cpu: 0.99 }, {}, 6],
    ['the processors are busier than they may be', { cpu: 0.99 }, { limits: limits({ cpu: 0.9 }) }, 3],
  ];
  for (const [when, machine, config, most] of cases) {
    it(`where ${when}: ${most} at once`, () => {
      const simulation = started(machine, config);
      if (config.gates) simulation.state.footprints.set('gate test', 0.4 * GB);
      simulation.run();
      assert.equal(peak(simulation.events), most);
      assert.equal(simulation.state.ended?.outcome, 'merged');
    });
  }

  it('counts what those at work take already, and what they are still going to', () => {
    const simulation = started(memory(5), {}, { takes: () => 1_000 }).run(100_000, simulationStart);
    const job = [...simulation.state.open.values()].find(({ type }) => type === 'job.intended');
    assert.ok(job);
    simulation.tell({
      type: 'job.reported',
      job: job.intent,
      line: 1,
      report: { type: 'measured', used: { memory: GB } },
    });
    simulation.tell(seen(memory(4.6))).run(100_000, simulationStart);
    assert.equal(simulation.state.active.size, 3, 'what one took is no longer in what is free');
  });

  it('expects of the next what one at work takes more than was known', () => {
    const simulation = started(memory(5), {}, { takes: () => 1_000 }).run(100_000, simulationStart);
    const job = [...simulation.state.open.values()].find(({ type }) => type === 'job.intended');
    simulation.tell({
      type: 'job.reported',
      job: job?.intent ?? '',
      line: 1,
      report: { type: 'measured', used: { memory: 3 * GB } },
    });
    assert.match(wordsOf(simulation), /^waits for memory: nothing left, claude takes about 3\.0 GB$/);
  });

  it('is said of a task that could begin, with the reason, and looked at again by and by', () => {
    const simulation = started(memory(4), {}, { takes: () => 500_000 }).run(100_000, simulationStart);
    assert.equal(wordsOf(simulation), 'waits for memory: 614 MB left, claude takes about 1.0 GB');
    assert.match(
      heldLines(simulation.state)[0] ?? '',
      /^Nothing more is begun at once: the next task waits for memory/,
    );
    const { state } = simulation;
    assert.equal(isNewsOf(state, memory(4), state.at + 500), false);
    assert.equal(isNewsOf(state, memory(4), state.at + 1_000), true, 'whoever waits wants to know');
    simulation
      .run(100_000, 21_005)
      .tell(seen(memory(14)))
      .run(100_000, 21_006);
    assert.equal(simulation.state.active.size, 6);
  });

  it('is news when it changes what may be begun or is far from what it was, and not more often', () => {
    const { state } = started(memory(14), {}, { takes: () => 1_000 }).run(100_000, simulationStart);
    assert.equal(isNewsOf(state, memory(13), state.at + 60_000), true);
    assert.equal(isNewsOf(state, memory(13.5), state.at + 60_000), false);
    assert.equal(isNewsOf(state, memory(10), state.at + 500), false);
    assert.equal(isNewsOf(state, memory(1), state.at + 500), true);
  });

  it('on a disk that is nearly full: what is at work goes on, folders whose work is a commit go, and a person is told', () => {
    const agent: Oracle['agent'] = (id) =>
      id === 'a'
        ? { kind: 'failed', type: 'escalate', message: 'no', summary: '' }
        : { kind: 'succeeded', summary: '' };
    const simulation = started({ disk: GB }, { limits: limits({ agents: 2, disk: GB }) }, { agent }).run(
      100_000,
      1_005,
    );
    simulation.tell(seen({ disk: GB / 2 })).run();
    const { state } = simulation;
    assert.equal(simulation.started.length, 2);
    simulation.tell({ type: 'order.accepted', order: { id: 's', type: 'skip', task: 'a' } }).run();
    const told = attention(state).map(({ text }) => text);
    assert.match(told.join('\n'), /Paused: 512 MB are free on the disk of \/r.* make room, then resume/);
    assert.equal(rest(state), 'waiting');
    simulation
      .tell({ type: 'order.accepted', order: { id: 'r', type: 'resume' } })
      .tell(seen({ disk: 9 * GB }))
      .run();
    assert.equal(state.ended?.outcome, 'merged');
  });

  it('on a disk that is nearly full needs no folder of a failed task whose work is a commit', () => {
    const removed = (disk: number): string[] => {
      const oracle: Oracle = { gate: (_, tasks) => !tasks.includes('a'), takes: (id) => (id === 'a' ? 10 : 5_000) };
      const config = { limits: limits({ retries: 0, disk: GB }), gates: [gate('test', 'task')] };
      const simulation = started({ disk: 2 * GB }, config, oracle).run(100_000, 1_500);
      simulation.tell(seen({ disk })).run(100_000, 2_000);
      return simulation.events.flatMap((event) => (event.type === 'removal.intended' ? [event.task] : []));
    };
    assert.deepEqual([removed(2 * GB).includes('a'), removed(GB / 2).includes('a')], [false, true]);
  });

  it('never keeps a run from its end, whatever is seen, takes how much, and fails', () => {
    const machines = fc.record(
      {
        memory: fc.record({ free: fc.integer({ min: 0, max: 16 }), total: fc.constant(16) }),
        cpu: fc.constantFrom(0, 0.5, 0.99),
      },
      { requiredKeys: [] },
    );
    const world = fc.record({
      facts: fc.array(fc.record({ after: fc.nat(300), machine: machines }), { maxLength: 8 }),
      footprint: fc.integer({ min: 1, max: 64 }),
      size: fc.option(fc.integer({ min: 1, max: 16 }), { nil: undefined }),
      took: fc.array(fc.nat(200), { minLength: 6, maxLength: 6 }),
      gates: fc.subarray([gate('task', 'task'), gate('wave', 'wave')]),
      mode: fc.constantFrom('waves' as const, 'continuous' as const, 'adaptive' as const),
    });
    fc.assert(
      fc.property(world, ({ facts, footprint, size, took, gates, mode }) => {
        const own = limits({ cpu: 0.9, memory: { share: 0.85, ...(size === undefined ? {} : { size: size * GB }) } });
        const takes: Oracle['takes'] = (id) => took['abcdef'.indexOf(id)] ?? 1;
        const simulation = new Simulation(many, { mode, gates, limits: own }, { takes });
        simulation.state.footprints.set('claude', (footprint * GB) / 4);
        simulation.approve();
        let at = simulation.now;
        for (const { after, machine } of facts) {
          simulation.run(100_000, (at += after));
          simulation.tell(seen(inBytes(machine)));
        }
        assert.equal(simulation.run().state.ended?.outcome, 'merged');
      }),
      { numRuns: 40 },
    );
  });
});

/** Everything that takes no time has happened; agents that take longer are at work. */
const simulationStart = 1_100;

const inBytes = (machine: { memory?: { free: number; total: number }; cpu?: number }): Machine => ({
  ...(machine.memory ? memory(machine.memory.free, machine.memory.total) : {}),
  ...(machine.cpu === undefined ? {} : { cpu: machine.cpu }),
});

function wordsOf({ state }: Simulation): string {
  const held = [...state.tasks.values()].flatMap((one) => heldBack(state, one) ?? []);
  return held[0] ? heldWords(held[0]) : '';
}
