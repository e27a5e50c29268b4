import { withContestants } from '../../../../src/model/plan/contest.ts';
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { type Config, DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import type { Task } from '../../../../src/model/plan/plan.ts';
import { begin } from '../../../../src/model/run/begin.ts';
import type { Event } from '../../../../src/model/run/event.ts';
import { evolve } from '../../../../src/model/run/evolve.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const wave = (number: number, id: string, more: Partial<Task> = {}): Task =>
  task(id, { wave: number, scope: [`${id}.txt`], ...more });
const adaptive = (agents: number, more: Partial<Config> = {}): Partial<Config> => ({
  mode: 'adaptive',
  limits: { ...DEFAULT_CONFIG.limits, agents },
  ...more,
});
const played = (tasks: readonly Task[], config: Partial<Config>, oracle: Oracle = {}): Simulation =>
  new Simulation(tasks, config, { foresees: () => [], ...oracle }).approve().run();

type Decided = Event & { type: 'waves.adapted' };
const adapted = ({ events }: Simulation): Decided[] => events.filter((event) => event.type === 'waves.adapted');
/** The folds of a journal, one by one, come to the same state. */
function again({ events }: Simulation) {
  const [first, ...rest] = events;
  if (first?.type !== 'run.started') assert.fail('a journal begins with run.started');
  return rest.reduce(evolve, begin(first));
}

describe('mode adaptive', () => {
  const three = [wave(1, 'a'), wave(2, 'b'), wave(3, 'c'), wave(3, 'd', { dependencies: ['b'] })];

  it('fills a wave that would leave agents idle with what is ready of the next, and says why', () => {
    const run = played(three, adaptive(3));
    assert.equal(run.state.ended?.outcome, 'merged');
    const [first] = adapted(run);
    assert.deepEqual([first?.after, first?.wave, first?.moves], [1, 2, ['c']]);
    assert.deepEqual(first?.reasons, ['wave 2 now has c of the next, because agents would be idle (3 at once)']);
    assert.deepEqual(run.started, ['a', 'b', 'c', 'd']);
    const [b, c] = ['b', 'c'].map((id) => run.state.tasks.get(id)?.attempts[0]?.startedAt);
    assert.equal(b, c, 'they ran side by side');
    assert.equal(run.state.tasks.get('c')?.wave, 2);
    assert.equal(played(three, { ...adaptive(3), mode: 'waves' }).state.tasks.get('c')?.wave, 3);
  });

  it('leaves waves alone that a person signs, and tasks without an idle agent', () => {
    const signs = { name: 'sign', command: { ask: 'May it?' }, on: ['wave' as const], problems: [] };
    const run = new Simulation(three, adaptive(3, { gates: [signs] }), { foresees: () => [] }).approve();
    for (let n = 0; n < 9 && !run.state.ended; n += 1) {
      run.run();
      for (const { id } of run.state.questions.values())
        run.tell({
          type: 'order.accepted',
          order: { id: `${n}${id}`, type: 'answer', question: id, choice: 'accept' },
        });
    }
    assert.ok(adapted(run).every(({ moves }) => moves.length === 0));
    assert.ok(adapted(played(three, adaptive(1))).every(({ moves }) => moves.length === 0));
  });

  it('leaves those that are at one task at once beside each other, in one wave', () => {
    const open = (number: number, id: string, more: Partial<Task> = {}): Task => task(id, { wave: number, ...more });
    const agents = ['claude', 'codex'];
    const tasks = [open(1, 'a'), open(1, 'b'), open(2, 'c', { agents }), open(2, 'd'), wave(3, 'f', { agents })];
    const { tasks: each } = withContestants({ id: 'p', objective: '', tasks, contracts: [] });
    const oracle: Oracle = {
      conflicts: (members) =>
        members.length > 1 && members.some(({ task: id }) => id === 'b') && members[0]?.task === 'a' ? 'b' : undefined,
    };
    const run = played(each, adaptive(4, { gates: [gate('test', 'wave')] }), oracle);
    assert.deepEqual(adapted(run)[0]?.apart, ['c@claude', 'c@codex', 'd']);
    assert.equal(run.state.ended?.outcome, 'merged');
    const at = (id: string) => run.state.tasks.get(id)?.attempts[0]?.startedAt;
    assert.equal(at('c@claude'), at('c@codex'));
    assert.ok((at('d') ?? 0) > (at('c@claude') ?? 0));
  });

  it('puts tasks without a scope apart after such met a conflict', () => {
    const open = (number: number, id: string): Task => task(id, { wave: number });
    const tasks = [open(1, 'a'), open(1, 'b'), open(2, 'c'), open(2, 'd'), wave(2, 'e'), wave(3, 'f')];
    const oracle: Oracle = {
      conflicts: (members) =>
        members.length > 1 && members.some(({ task: id }) => id === 'b') && members[0]?.task === 'a' ? 'b' : undefined,
    };
    const run = played(tasks, adaptive(4, { gates: [gate('test', 'wave')] }), oracle);
    assert.equal(run.state.ended?.outcome, 'merged');
    const [first] = adapted(run);
    assert.deepEqual(first?.apart, ['c', 'd']);
    assert.match(first?.reasons[0] ?? '', /^c, d of wave 2 go one after the other, because .* met conflicts \(b/);
    const attempt = (id: string) => run.state.tasks.get(id)?.attempts[0];
    assert.equal(attempt('c')?.startedAt, attempt('e')?.startedAt);
    assert.notEqual(attempt('d')?.base, attempt('c')?.base, 'the second starts from what the first made');
  });

  it('begins with the longest chain by what tasks took, not by what was estimated', () => {
    const tasks = [
      wave(1, 'x', { estimate: 'large' }),
      wave(1, 'y', { estimate: 'small' }),
      wave(2, 'short', { estimate: 'large' }),
      wave(2, 'long', { estimate: 'small' }),
      wave(3, 's2', { estimate: 'large', dependencies: ['short'] }),
    ];
    const oracle: Oracle = { takes: (id) => (id === 'y' || id === 'long' ? 9_000 : 100) };
    const run = played(tasks, adaptive(1), oracle);
    const { small = 0, large = 0 } = adapted(run)[0]?.pace ?? {};
    assert.ok(small > 10 * large && large > 0);
    assert.deepEqual(run.started.slice(2), ['long', 'short', 's2']);
    assert.deepEqual(played(tasks, { ...adaptive(1), mode: 'waves' }, oracle).started.slice(2), [
      'short',
      'long',
      's2',
    ]);
  });

  it('stands still before the next wave where what failed lies in the plan', () => {
    const oracle: Oracle = {
      agent: (id) =>
        id === 'b'
          ? { kind: 'failed', type: 'needs_replan', message: 'there is no such module', summary: '' }
          : { kind: 'succeeded', summary: '' },
    };
    const tasks = [wave(1, 'a'), wave(1, 'b'), wave(2, 'c')];
    const run = played(tasks, adaptive(2), oracle);
    const asked = [...run.state.questions.values()];
    for (const { id } of asked)
      run.tell({ type: 'order.accepted', order: { id, type: 'answer', question: id, choice: 'skip' } });
    if (asked.length > 0) run.run();
    assert.match(run.state.paused?.reason ?? '', /wave 1 is over, and what failed in it lies in the plan \(b\)/);
    assert.equal(run.state.tasks.get('c')?.attempts.length, 0);
    run.tell({ type: 'order.accepted', order: { id: 'on', type: 'resume' } }).run();
    assert.equal(run.state.tasks.get('c')?.settled?.kind, 'done');
  });

  const plans = fc
    .array(
      fc.record({
        wave: fc.integer({ min: 1, max: 4 }),
        needs: fc.nat(),
        has: fc.boolean(),
        conflicts: fc.nat(),
        estimate: fc.constantFrom('small' as const, 'medium' as const, 'large' as const),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((all) =>
      all.map(({ wave: number, needs, has, conflicts, estimate }, index) =>
        wave(number, `t${index}`, {
          estimate,
          dependencies: has && index > 0 ? [`t${needs % index}`] : [],
          conflictsWith: index > 2 && conflicts % 3 === 0 ? [`t${conflicts % index}`] : [],
        }),
      ),
    );

  it('never goes against dependencies or conflicts, ends, and is folded to the same again', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 5 }), (tasks, agents) => {
        const run = played(tasks, adaptive(agents));
        assert.equal(run.state.ended?.outcome, 'merged');
        const at = (id: string) => run.state.tasks.get(id)?.attempts[0];
        const mergedAt = (id: string): number => at(id)?.stretches.at(-1)?.from ?? Infinity;
        for (const { id, dependencies, conflictsWith } of tasks) {
          for (const before of dependencies) assert.ok((at(id)?.startedAt ?? 0) >= mergedAt(before), `${id} ${before}`);
          for (const other of conflictsWith) {
            const [first = '', second = ''] = [id, other].toSorted(
              (a, b) => (at(a)?.startedAt ?? 0) - (at(b)?.startedAt ?? 0),
            );
            assert.ok((at(second)?.startedAt ?? 0) >= mergedAt(first), `${first} beside ${second}`);
          }
        }
        const { frontier: ours, ...state } = run.state;
        const { frontier, ...folded } = again(run);
        assert.deepEqual(folded, state);
        assert.deepEqual(frontier.ready(), ours.ready());
      }),
      { numRuns: 60 },
    );
  });
});
