import { strict as assert } from 'node:assert';
import type { Config } from '../../../../src/model/config/config.ts';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import type { AgentOutcome } from '../../../../src/model/run/job.ts';
import type { Order } from '../../../../src/model/run/order.ts';
import { attention, rest } from '../../../../src/model/run/view.ts';
import { defined } from '../../../../src/model/defined.ts';
import type { Gate } from '../../../../src/model/gate.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const FAILED: AgentOutcome = { kind: 'failed', type: 'fixable', message: 'cannot', summary: '' };
const tasks = [task('a'), task('b'), task('c', { wave: 2 }), task('d', { wave: 3 })];

/** `a` always fails, and one agent works at a time, so that `b` of its wave has not begun by then. */
function failing(
  more: Partial<Config>,
  agent: Oracle['agent'] = (id) => (id === 'a' ? FAILED : succeeded),
): Simulation {
  const limits = { ...DEFAULT_CONFIG.limits, agents: 1, retries: 0 };
  return new Simulation(tasks, { limits, ...more }, { agent }).approve().run();
}

const succeeded: AgentOutcome = { kind: 'succeeded', summary: '' };
const said = (order: Order): { type: 'order.accepted'; order: Order } => ({ type: 'order.accepted', order });

describe('on_failure', () => {
  const cases: [Config['onFailure'], Config['mode'], string][] = [
    ['continue', 'waves', 'a b c d'],
    ['pause', 'waves', 'a'],
    ['pause', 'continuous', 'a c d'],
    ['stop', 'waves', 'a'],
    ['stop', 'continuous', 'a'],
  ];
  for (const [onFailure, mode, started] of cases) {
    it(`${onFailure}, in ${mode}: begins ${started}`, () => {
      const { started: begun } = failing({ onFailure, mode });
      assert.equal(begun.toSorted().join(' '), started);
    });
  }

  it('of a gate counts for what fails at it, and that of the run for all else', () => {
    const ends = (onFailure: Config['onFailure'], gates: readonly Gate[], world: Oracle): string => {
      const limits = { ...DEFAULT_CONFIG.limits, agents: 1, retries: 0 };
      const { state, events } = new Simulation(tasks, { limits, onFailure, gates }, world).approve().run();
      const told = events.flatMap(({ type }) => (type === 'wave.failed' || type === 'run.paused' ? type : []));
      return `${rest(state)} ${told.join(' ')} ${[...state.tasks.values()].filter(({ attempts }) => attempts.length > 0).length}`;
    };
    const red: Oracle = { gate: (_, of) => !of.includes('a') };
    const broken: Oracle = { agent: (id) => (id === 'a' ? FAILED : succeeded) };
    for (const on of ['task', 'wave'] as const) {
      const saying = (onFailure: Gate['onFailure']): Gate[] => [{ ...gate('test', on), ...defined({ onFailure }) }];
      assert.equal(ends('continue', saying('pause'), red), ends('pause', saying(undefined), red));
      assert.equal(ends('pause', saying('continue'), red), ends('continue', saying(undefined), red));
      assert.equal(ends('continue', saying('stop'), red), ends('stop', saying(undefined), red));
      assert.equal(ends('continue', saying('rollback'), red), ends('rollback', saying(undefined), red));
      assert.equal(ends('continue', saying('pause'), broken), ends('continue', saying(undefined), broken));
    }
    const outcomes = (['continue', 'pause', 'stop', 'rollback'] as const).map((one) =>
      ends(one, [gate('test', 'wave')], red),
    );
    assert.equal(new Set(outcomes).size, 4, outcomes.join(', '));
  });

  it('pause asks a person, keeps the worktree, and takes the wave up again when it is said how', () => {
    const answers: Order[] = [
      { id: '1', type: 'skip', task: 'a' },
      { id: '1', type: 'retry', task: 'a' },
      { id: '1', type: 'answer', question: 'escalated:a:1', choice: 'skip' },
    ];
    for (const answer of answers) {
      const simulation = failing({ onFailure: 'pause' }, (id, attempt) =>
        id === 'a' && attempt === 1 ? FAILED : succeeded,
      );
      assert.equal(rest(simulation.state), 'waiting');
      assert.deepEqual(
        attention(simulation.state).map(({ id }) => id),
        ['escalated:a:1'],
      );
      assert.equal(simulation.state.tasks.get('a')?.attempts[0]?.worktree, 'there');
      simulation.tell(said(answer)).run();
      assert.equal(simulation.state.ended?.outcome, 'merged', JSON.stringify(answer));
      assert.equal(simulation.statuses()['d'], 'done');
    }
  });

  it('pause lets the retries of what was begun go on', () => {
    const agent: Oracle['agent'] = (id, attempt) => (id === 'a' || (id === 'b' && attempt < 3) ? FAILED : succeeded);
    const limits = { ...DEFAULT_CONFIG.limits, agents: 2, retries: 3 };
    const simulation = new Simulation(tasks, { limits, onFailure: 'pause' }, { agent }).approve().run();
    assert.equal(simulation.statuses()['b'], 'done');
    assert.equal(rest(simulation.state), 'waiting');
  });
});

describe('on_conflict', () => {
  const conflicting = (onConflict: Config['onConflict']): Simulation =>
    new Simulation(
      [task('a'), task('b')],
      { onConflict },
      { conflicts: (members) => members.find(({ task: id, attempt }) => id === 'b' && attempt === 1)?.task },
    )
      .approve()
      .run();

  it('revise has it made anew on top of what is merged', () => {
    const { state } = conflicting('revise');
    assert.equal(state.ended?.outcome, 'merged');
    assert.equal(state.tasks.get('b')?.attempts.length, 2);
  });

  it('ask lets a person say what becomes of it: another attempt on top, going on without it, or the end', () => {
    for (const [choice, outcome, attempts] of [
      ['retry', 'merged', 2],
      ['skip', 'merged', 1],
      ['stop', 'cancelled', 1],
    ] as const) {
      const simulation = conflicting('ask');
      const [asked] = attention(simulation.state);
      assert.match(asked?.text ?? '', /^"b": merge conflict in f/);
      assert.equal(simulation.statuses()['a'], 'done', 'the other is merged meanwhile');
      simulation.tell(said({ id: '1', type: 'answer', question: asked?.id ?? '', choice })).run();
      assert.equal(simulation.state.ended?.outcome, outcome, choice);
      assert.equal(simulation.state.tasks.get('b')?.attempts.length, attempts, choice);
    }
  });
});

describe('a task that needs leave', () => {
  const plan = [task('a'), task('deploy', { wave: 2, leave: 'acts on production' }), task('c', { wave: 3 })];
  const asked = (simulation: Simulation) => attention(simulation.state).map(({ text }) => text);

  it('begins when a person says so, and its retries then too; nothing else is held up before its wave', () => {
    const agent: Oracle['agent'] = (id, attempt) => (id === 'deploy' && attempt === 1 ? FAILED : succeeded);
    const simulation = new Simulation(plan, {}, { agent }).approve().run();
    assert.deepEqual(asked(simulation), ['"deploy" acts on production: may it begin?']);
    assert.deepEqual(simulation.started, ['a']);
    simulation.tell(said({ id: '1', type: 'answer', question: 'leave:deploy', choice: 'accept' })).run();
    assert.deepEqual(simulation.started, ['a', 'deploy', 'deploy', 'c']);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('is gone on without when they say no, and is not asked about where they do it themselves', () => {
    const without = new Simulation(plan).approve().run();
    without.tell(said({ id: '1', type: 'answer', question: 'leave:deploy', choice: 'reject' })).run();
    assert.deepEqual(without.started, ['a', 'c']);
    assert.equal(without.statuses()['deploy'], 'skipped');
    const own = new Simulation(plan, {}, {}, { deploy: { manual: true } }).approve().run();
    assert.deepEqual(own.started, ['a', 'deploy']);
  });
});
