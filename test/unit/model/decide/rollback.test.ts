import { strict as assert } from 'node:assert';
import { refusal } from '../../../../src/model/run/accept.ts';
import { endingOf } from '../../../../src/model/run/diagnosis.ts';
import type { Event } from '../../../../src/model/run/event.ts';
import type { Order, Wish } from '../../../../src/model/run/order.ts';
import { mergedTasks, rollbackOf } from '../../../../src/model/run/rollback.ts';
import { statusOf } from '../../../../src/model/run/view.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

/** `b` and `after` stand on `a`; `beside` began with `a`, and `later` when both were merged. */
const PLAN = [
  task('a'),
  task('beside'),
  task('b', { dependencies: ['a'] }),
  task('after', { dependencies: ['b'] }),
  task('later', { dependencies: ['beside'] }),
];

const FREE = { mode: 'continuous' as const };

const finished = (oracle: Oracle = {}): Simulation => new Simulation(PLAN, FREE, oracle).approve().run();

let said = 0;
function order(simulation: Simulation, wish: Wish): void {
  said += 1;
  const given: Order = { id: `r${said}`, ...wish };
  assert.equal(refusal(simulation.state, given), undefined);
  simulation.tell({ type: 'order.accepted', order: given });
}

const rollback = (simulation: Simulation, ...tasks: string[]): void =>
  order(simulation, { type: 'rollback', tasks, tip: simulation.state.integration });

const agentsOf = ({ events }: Simulation, id: string): number =>
  events.filter((e) => e.type === 'job.intended' && e.purpose.kind === 'agent' && e.purpose.task === id).length;

const members = (simulation: Simulation): string[][] =>
  simulation.state.merges.map((merge) => merge.members.map((member) => member.task));

const last = <T extends Event['type']>({ events }: Simulation, type: T): (Event & { type: T }) | undefined =>
  events.findLast((event): event is Event & { type: T } => event.type === type);

describe('a rollback', () => {
  it('says what goes, what is merged again as it is, and what is brought to the new tip', () => {
    const { state } = finished();
    assert.deepEqual(rollbackOf(state, ['a']), {
      from: state.integration,
      to: 'base',
      stay: 0,
      gone: ['a', 'b', 'after'],
      kept: state.merges.flatMap((merge) => merge.members.filter((member) => member.task === 'beside')),
      brought: ['later'],
    });
    assert.deepEqual(rollbackOf(state, ['later']).gone, ['later']);
    const before = state.merges.findIndex((merge) => merge.members.some((member) => member.task === 'later'));
    assert.equal(rollbackOf(state, ['later']).to, state.merges[before - 1]?.commit);
  });

  it('of a run that has ended takes back the result branch and stands still until a person says so', () => {
    const simulation = finished();
    rollback(simulation, 'a');
    simulation.run();
    const { state } = simulation;
    assert.match(state.paused?.reason ?? '', /taken back by a person: a/);
    assert.equal(state.published, 'base');
    assert.deepEqual(members(simulation), [['beside']], 'what stays is merged again meanwhile');
    assert.equal(statusOf(state, state.tasks.get('a')!), 'ready');
    order(simulation, { type: 'resume' });
    simulation.run();
    assert.equal(state.ended?.outcome, 'merged');
    assert.equal(state.published, state.integration);
    assert.deepEqual(
      ['a', 'b', 'after', 'beside', 'later'].map((id) => agentsOf(simulation, id)),
      [2, 2, 2, 1, 1],
      'what stays needs no agent',
    );
  });

  it('begins what goes from the start, with the words of the person', () => {
    const simulation = finished();
    const { state } = simulation;
    order(simulation, { type: 'rollback', tasks: ['a'], tip: state.integration, comment: 'not like this' });
    simulation.run();
    assert.equal(state.tasks.get('a')?.comment, 'not like this');
    order(simulation, { type: 'resume' });
    simulation.run();
    assert.equal(state.tasks.get('a')?.attempts[1]?.carry, undefined);
    assert.notEqual(state.tasks.get('later')?.attempts[1]?.carry, undefined);
  });

  it('in the middle stops who stands on what goes, and lets the others work on and be tried on the new tip', () => {
    const simulation = new Simulation(PLAN, FREE, { takes: (id) => (id === 'after' || id === 'later' ? 1_000 : 10) });
    const { state } = simulation;
    simulation.approve().run(100_000, 1_500);
    assert.deepEqual([...state.live].map((attempt) => attempt.task).toSorted(), ['after', 'later']);
    rollback(simulation, 'b');
    simulation.run();
    assert.equal(agentsOf(simulation, 'later'), 1);
    order(simulation, { type: 'resume' });
    simulation.run();
    assert.equal(state.ended?.outcome, 'merged');
    assert.equal(agentsOf(simulation, 'later'), 1, 'its change is tried without an agent');
    assert.deepEqual([agentsOf(simulation, 'b'), agentsOf(simulation, 'after')], [2, 2]);
    assert.ok(simulation.events.some((event) => event.type === 'cancel.intended'));
  });

  it('gives up what is being tried together, with what was asked about it', () => {
    const sign = { name: 'sign', on: ['wave' as const], command: { ask: 'May it go?' }, problems: [] };
    const simulation = new Simulation(PLAN, { gates: [sign] }).approve().run();
    const [question] = simulation.state.questions.values();
    order(simulation, { type: 'answer', question: question?.id ?? '', choice: 'accept' });
    simulation.run();
    assert.ok(simulation.state.candidate);
    rollback(simulation, ...mergedTasks(simulation.state).slice(0, 1));
    simulation.run();
    assert.equal(last(simulation, 'candidate.dissolved')?.reason, 'results are taken back');
    assert.equal(simulation.state.questions.size, 0);
    assert.equal(simulation.state.rollbacks.length, 1);
  });

  it('is refused where nothing is merged, where more was merged since, and for what is unknown', () => {
    const { state } = finished();
    const refused = (tasks: string[], tip = state.integration): string | undefined =>
      refusal(state, { id: 'x', type: 'rollback', tasks, tip });
    assert.match(refused(['nobody']) ?? '', /no task "nobody"/);
    assert.match(refused(['a'], 'c0') ?? '', /merged after this was asked/);
    assert.equal(refused(['a']), undefined);
    const begun = new Simulation(PLAN).approve();
    const none = refusal(begun.state, { id: 'x', type: 'rollback', tasks: ['a'], tip: 'base' });
    assert.match(none ?? '', /nothing of "a" is merged/);
  });

  it('of everything with a cancel leaves the base, no worktree and tasks that are to do', () => {
    const simulation = new Simulation(PLAN, FREE, { takes: (id) => (id === 'after' ? 1_000 : 10) });
    const { state } = simulation;
    simulation.approve().run(100_000, 1_500);
    assert.notEqual(state.integration, 'base');
    order(simulation, { type: 'cancel', rollback: true });
    simulation.run();
    assert.deepEqual([state.ended?.outcome, state.integration], ['cancelled', 'base']);
    assert.match(state.ended?.reason ?? '', /rolled back/);
    for (const { attempts, settled } of state.tasks.values()) {
      assert.equal(settled, undefined);
      for (const { worktree } of attempts) assert.equal(worktree, 'removed');
    }
    order(simulation, { type: 'resume' });
    assert.equal(simulation.run().state.ended?.outcome, 'merged');
  });

  it('ends the bars of what it takes back as stopped, not as failed', () => {
    const simulation = finished();
    rollback(simulation, 'b');
    const endings = simulation.run().state.tasks.get('b')?.attempts.map(endingOf);
    assert.deepEqual(endings, ['stopped']);
    const beside = simulation.state.tasks.get('beside')?.attempts.map(endingOf);
    assert.deepEqual(beside, ['merged']);
  });
});

describe('on_failure: rollback', () => {
  it('gives the wave one more chance from before it, then asks a person', () => {
    const fails = { agent: (id: string) => (id === 'b' ? FAILED : OK) };
    const simulation = new Simulation(PLAN, { onFailure: 'rollback' }, fails).approve().run();
    const { state, events } = simulation;
    assert.equal(events.filter(({ type }) => type === 'wave.failed').length, 1);
    assert.deepEqual(last(simulation, 'wave.failed')?.tasks.toSorted(), ['b', 'later']);
    assert.deepEqual([agentsOf(simulation, 'later'), agentsOf(simulation, 'a')], [2, 1]);
    assert.equal(agentsOf(simulation, 'b'), 2 * (1 + state.config.limits.retries));
    assert.deepEqual(
      [...state.questions.values()].map(({ kind, task: about }) => [kind, about]),
      [['escalated', 'b']],
    );
  });

  it('leaves alone a failure that needs a person', () => {
    const asks = { agent: (id: string) => (id === 'b' ? { ...FAILED, type: 'escalate' as const } : OK) };
    const { events, state } = new Simulation(PLAN, { onFailure: 'rollback' }, asks).approve().run();
    assert.ok(!events.some(({ type }) => type === 'wave.failed'));
    assert.equal(state.questions.size, 1);
  });

  it('goes on where the second chance goes well', () => {
    const attempts = (id: string, attempt: number) => (id === 'b' && attempt < 6 ? FAILED : OK);
    const gates = [gate('wave', 'wave')];
    const { state } = new Simulation(PLAN, { onFailure: 'rollback', gates }, { agent: attempts }).approve().run();
    assert.equal(state.ended?.outcome, 'merged');
  });
});

const OK = { kind: 'succeeded' as const, summary: '' };
const FAILED = { kind: 'failed' as const, message: 'no', summary: '', type: 'fixable' as const };
