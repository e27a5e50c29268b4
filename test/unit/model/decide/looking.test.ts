import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { APPROVAL, type Gate } from '../../../../src/model/gate.ts';
import { attention, rest } from '../../../../src/model/run/view.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const look = (...on: Gate['on']): Gate => ({
  ...gate('look', ...on),
  command: { ask: 'Is the page as it should be?' },
});
const TASKS = [task('a'), task('b', { wave: 2 })];

const begun = (gates: readonly Gate[], oracle: Oracle = {}): Simulation =>
  new Simulation(TASKS, { gates }, oracle).approve().run();

const answer = (simulation: Simulation, choice: string, comment?: string): Simulation => {
  const [item] = attention(simulation.state);
  assert.ok(item, 'nobody is asked');
  const order = { id: `${item.id} ${choice}`, type: 'answer' as const, question: item.id, choice };
  return simulation
    .tell({ type: 'order.accepted', order: comment === undefined ? order : { ...order, comment } })
    .run();
};
const asked = ({ state }: Simulation): string[] => attention(state).map(({ text }) => text);
const gatesRun = ({ events }: Simulation): string[] =>
  events.flatMap((event) => (event.type === 'job.intended' && 'gate' in event.purpose ? event.purpose.gate : []));

describe('A gate that is a person', () => {
  it('holds each wave until they approve, and their word stands as a run of the gate', () => {
    const simulation = begun([look('wave')]);
    assert.deepEqual(asked(simulation), ['look of "a": Is the page as it should be?']);
    assert.equal(rest(simulation.state), 'waiting');
    assert.equal(simulation.state.merges.length, 0);
    answer(simulation, 'accept', 'nice');
    assert.deepEqual(asked(simulation), ['look of "b": Is the page as it should be?']);
    answer(simulation, 'accept');
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.deepEqual(
      simulation.state.merges.map(({ gates }) => gates.map(({ gate: name, result, tail }) => [name, result, tail])),
      [[['look', 'passed', 'nice']], [['look', 'passed', '']]],
    );
    assert.deepEqual(gatesRun(simulation), [], 'no program is started for it, on the base neither');
  });

  it('sends a task back with what they say, and asks about the next attempt', () => {
    const simulation = begun([look('task')]);
    answer(simulation, 'reject', 'too blue');
    assert.equal(simulation.state.tasks.get('a')?.attempts.length, 2);
    const [first] = simulation.state.tasks.get('a')?.attempts ?? [];
    assert.deepEqual(first?.stage.at === 'ended' && [first.stage.failure.kind, first.stage.failure.message], [
      'rejected',
      'too blue',
    ]);
    answer(simulation, 'accept');
    answer(simulation, 'accept');
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('sends it back with its change and without a retry of the agent, as often as a plan is, and then asks', () => {
    const simulation = new Simulation([task('a')], {
      gates: [look('task')],
      limits: { ...DEFAULT_CONFIG.limits, retries: 0 },
    });
    simulation.approve().run();
    for (const round of [1, 2, 3]) {
      answer(simulation, 'reject', `not yet ${round}`);
      assert.deepEqual(asked(simulation), ['look of "a": Is the page as it should be?']);
    }
    answer(simulation, 'reject', 'still not');
    assert.deepEqual(asked(simulation), ['"a" was made anew 3 times: still not']);
    assert.equal(simulation.state.tasks.get('a')?.attempts.length, 4);
    const attempts = simulation.events.filter((event) => event.type === 'worktree.intended');
    assert.deepEqual(
      attempts.map(({ carry }) => carry !== undefined),
      [false, true, true, true],
    );
    answer(simulation, 'retry', 'think again');
    answer(simulation, 'accept');
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('is asked only about what the programs found good, and anew where one was taken out', () => {
    const red: Oracle = { gate: (_, tasks) => !tasks.includes('b') };
    const wave = [task('a'), task('b')];
    const gates = [gate('test', 'wave'), look('wave')];
    const simulation = new Simulation(wave, { gates }, red).approve().run();
    assert.deepEqual(asked(simulation), ['look of "a": Is the page as it should be?']);
    answer(simulation, 'accept');
    assert.equal(simulation.state.tasks.get('b')?.settled?.kind, 'failed');
    assert.equal(simulation.state.tasks.get('a')?.settled?.kind, 'done');
  });

  it('that a task names as "approval" is asked beside the gates of all tasks, and not of tasks that do not name it', () => {
    const tasks = [task('a', { gates: ['approval'] }), task('b'), task('c', { gates: [] })];
    const simulation = new Simulation(tasks, { gates: [gate('test', 'task'), APPROVAL] }).approve().run();
    const { attempts = [] } = simulation.state.tasks.get('a') ?? {};
    assert.deepEqual(
      attempts.flatMap(({ gates }) => gates.map((run) => run.gate)),
      ['test'],
    );
    assert.deepEqual(asked(simulation), ['approval of "a": Is it as it should be?']);
    answer(simulation, 'accept');
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.equal(gatesRun(simulation).length, 3, 'on the base, of a and of b');
  });

  it('stops the run where they say so', () => {
    const simulation = answer(begun([look('final')]), 'stop');
    assert.equal(simulation.state.ended?.outcome, 'cancelled');
  });
});
