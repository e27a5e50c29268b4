import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { defined } from '../../../../src/model/defined.ts';
import { withContestants } from '../../../../src/model/plan/contest.ts';
import type { Task } from '../../../../src/model/plan/plan.ts';
import { refusal } from '../../../../src/model/run/accept.ts';
import { tasksInFile } from '../../../../src/model/run/contest.ts';
import type { Order, Wish } from '../../../../src/model/run/order.ts';
import { trace } from '../../../../src/model/run/trace.ts';
import { attention, statusOf } from '../../../../src/model/run/view.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const AGENTS = ['claude', 'codex', 'gemini'];
const greet = (more: Partial<Task> = {}): Task => task('a', { agents: AGENTS, scope: ['a'], covers: ['R1'], ...more });
const AFTER = task('b', { dependencies: ['a'], scope: ['b'] });
const GATES = { gates: [gate('test', 'task'), gate('whole', 'wave')] };

/** Files that each changes, and how many lines of them; of what is not named a journal of an earlier version tells none. */
const changing = (
  files: Readonly<Record<string, number>>,
  lines: Readonly<Record<string, number>> = {},
): NonNullable<Oracle['closing']> => {
  let commits = 0;
  return (event) =>
    event.type === 'result.intended'
      ? {
          type: 'result.taken',
          commit: `r${(commits += 1)}`,
          paths: Array.from({ length: files[event.task] ?? 1 }, (_, at) => `f${at}`),
          ...defined({ lines: lines[event.task] }),
          findings: [],
        }
      : undefined;
};

const simulated = (tasks: readonly Task[], oracle: Oracle = {}, config: object = GATES): Simulation =>
  new Simulation(withContestants({ id: 'p', objective: '', tasks, contracts: [] }).tasks, config, oracle).approve();

const say = (simulation: Simulation, wish: Wish): Simulation => {
  const order: Order = { ...wish, id: `o${simulation.events.length}` };
  assert.equal(refusal(simulation.state, order), undefined);
  return simulation.tell({ type: 'order.accepted', order }).run();
};

const merged = ({ state }: Simulation): string[] =>
  state.merges.flatMap(({ members }) => members.map((member) => member.task));
const green =
  (...ids: string[]): NonNullable<Oracle['gate']> =>
  (name, tasks) =>
    name !== 'test' || !tasks.some((id) => id.startsWith('a@')) || tasks.some((id) => ids.includes(id));

describe('a task that several agents do at once', () => {
  it('is begun by all of them at once, and what waits for it starts from the one that passes', () => {
    const simulation = simulated([greet(), AFTER], { gate: green('a@codex') }).run();
    assert.deepEqual(simulation.started, ['a@claude', 'a@codex', 'a@gemini', 'b']);
    assert.deepEqual(merged(simulation), ['a@codex', 'b']);
    assert.deepEqual(simulation.statuses(), {
      'a@claude': 'skipped',
      'a@codex': 'done',
      'a@gemini': 'skipped',
      b: 'done',
    });
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('is, where several pass, the one with the fewest changed files, then the first in the plan', () => {
    const few = simulated([greet()], { closing: changing({ 'a@claude': 3, 'a@codex': 2, 'a@gemini': 2 }) }).run();
    assert.deepEqual(merged(few), ['a@codex']);
    const stage = few.state.tasks.get('a@gemini')?.attempts[0]?.stage;
    assert.equal(stage?.at === 'ended' && stage.failure.message, 'the result of "a@codex" was taken');
    assert.deepEqual(merged(simulated([greet()]).run()), ['a@claude']);
  });

  it('is, where several pass, the one with the fewest changed lines, whatever the number of files', () => {
    const files = { 'a@claude': 1, 'a@codex': 3, 'a@gemini': 2 };
    const picks = (lines: Record<string, number>): string[] =>
      merged(simulated([greet()], { closing: changing(files, lines) }).run());
    assert.deepEqual(picks({ 'a@claude': 500, 'a@codex': 4, 'a@gemini': 9 }), ['a@codex']);
    assert.deepEqual(picks({ 'a@claude': 9, 'a@codex': 4, 'a@gemini': 4 }), ['a@gemini']);
    assert.deepEqual(picks({ 'a@gemini': 9 }), ['a@gemini']);
    const asked = simulated([greet({ pick: 'person' })], { closing: changing(files, { 'a@codex': 1 }) }).run();
    const labels = attention(asked.state)[0]?.choices.map(({ label }) => label);
    assert.deepEqual(labels, ['a (claude): 1 file', 'a (codex): 1 line in 3 files', 'a (gemini): 2 files']);
  });

  it('waits for who is slow, and holds no place of an agent meanwhile', () => {
    const limits = { ...DEFAULT_CONFIG.limits, agents: 1, batch: 1 };
    const simulation = simulated([greet(), task('z', { priority: 'low' })], {}, { ...GATES, limits }).run();
    assert.deepEqual(simulation.started, ['a@claude', 'a@codex', 'a@gemini', 'z']);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('is tried again by the last of them alone where all fail', () => {
    const oracle: Oracle = {
      takes: (id) => AGENTS.indexOf(id.slice(2)) + 1,
      gate: (name, _, attempt) => name !== 'test' || attempt !== 1,
    };
    const simulation = simulated([greet()], oracle).run();
    assert.deepEqual(simulation.started, ['a@claude', 'a@codex', 'a@gemini', 'a@gemini']);
    assert.deepEqual(merged(simulation), ['a@gemini']);
  });

  it('has failed when the last has, also where all fail at once; tried again by another, it is done', () => {
    const [rounds, limits] = [{ now: 1 }, { ...DEFAULT_CONFIG.limits, retries: 0 }];
    const gate_: Oracle['gate'] = (name, tasks) => name !== 'test' || tasks.length === 0 || rounds.now > 1;
    const simulation = simulated([greet(), AFTER], { gate: gate_ }, { ...GATES, limits, onFailure: 'continue' }).run();
    assert.equal(simulation.state.ended?.outcome, 'failed');
    assert.equal(statusOf(simulation.state, simulation.state.tasks.get('b')!), 'blocked');
    assert.equal(tasksInFile(simulation.state).get('a')?.settled?.kind, 'failed');
    rounds.now = 2;
    say(simulation, { type: 'retry', task: 'a@claude' });
    assert.deepEqual(merged(simulation), ['a@claude', 'b']);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('asks a person where the plan says so and more than one passes', () => {
    const asking = (oracle: Oracle): Simulation => simulated([greet({ pick: 'person' }), AFTER], oracle).run();
    assert.deepEqual(merged(asking({ gate: green('a@gemini') })), ['a@gemini', 'b']);
    const simulation = asking({ gate: green('a@claude', 'a@gemini') });
    const [item, ...others] = attention(simulation.state);
    assert.deepEqual(others, []);
    assert.equal(item?.text, '2 results of "a" pass their gates: which one is taken?');
    assert.deepEqual(
      item.choices.map(({ id }) => id),
      ['a@claude', 'a@gemini'],
    );
    const status = (id: string): string => statusOf(simulation.state, simulation.state.tasks.get(id)!);
    assert.deepEqual([status('a@claude'), status('a@gemini')], ['waiting', 'waiting']);
    say(simulation, { type: 'answer', question: item.id, choice: 'a@gemini' });
    assert.deepEqual(merged(simulation), ['a@gemini', 'b']);
    assert.equal(simulation.state.questions.size, 0);
  });

  it('does not ask about a result that was skipped, and asks again with one that came later', () => {
    const simulation = simulated([greet({ pick: 'person' })], {
      gate: (name, tasks, attempt) => attempt === 2 || green('a@claude', 'a@codex')(name, tasks),
    }).run();
    const choices = (): string[] => attention(simulation.state).flatMap((item) => item.choices.map(({ id }) => id));
    assert.deepEqual(choices(), ['a@claude', 'a@codex']);
    say(simulation, { type: 'retry', task: 'a@gemini' });
    assert.deepEqual(choices(), ['a@claude', 'a@codex', 'a@gemini']);
    say(simulation, { type: 'skip', task: 'a@gemini' });
    assert.deepEqual(choices(), ['a@claude', 'a@codex']);
    say(simulation, { type: 'skip', task: 'a@claude' });
    assert.deepEqual(merged(simulation), ['a@codex']);
    assert.match(refusal(simulation.state, { id: 'x', type: 'retry', task: 'a@claude' }) ?? '', /"a@codex" was taken/);
  });

  it('stops who is still at it when a person has picked', () => {
    const oracle: Oracle = {
      agent: (id, attempt) =>
        id === 'a@gemini' && attempt === 1
          ? { kind: 'failed', type: 'fixable', message: 'no', summary: '' }
          : { kind: 'succeeded', summary: '' },
      takes: (id, attempt) => (id === 'a@gemini' && attempt > 1 ? 1_000 : 10),
    };
    const simulation = simulated([greet({ pick: 'person' })], oracle).run();
    const question = attention(simulation.state)[0]?.id ?? '';
    const order = (wish: Wish) => ({
      type: 'order.accepted' as const,
      order: { ...wish, id: JSON.stringify(wish) },
    });
    simulation.tell(order({ type: 'retry', task: 'a@gemini' })).run(100, simulation.now + 20);
    assert.equal(statusOf(simulation.state, simulation.state.tasks.get('a@gemini')!), 'running');
    simulation.tell(order({ type: 'answer', question, choice: 'a@codex' })).run();
    assert.deepEqual(merged(simulation), ['a@codex']);
    assert.ok(simulation.events.some(({ type }) => type === 'cancel.intended'));
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('is mended by who is sent back by a person, as ever', () => {
    const gates = [{ ...gate('sign', 'task'), command: { ask: 'Is it well said?' } }];
    const simulation = simulated([greet()], {}, { gates }).run();
    const asked = (id: string): string =>
      attention(simulation.state).find((item) => item.task === id)?.id ?? assert.fail(`nothing is asked of ${id}`);
    say(simulation, { type: 'answer', question: asked('a@claude'), choice: 'reject', comment: 'shorter' });
    say(simulation, { type: 'answer', question: asked('a@codex'), choice: 'accept' });
    say(simulation, { type: 'answer', question: asked('a@gemini'), choice: 'accept' });
    assert.equal(simulation.started.filter((id) => id === 'a@claude').length, 2);
    say(simulation, { type: 'answer', question: asked('a@claude'), choice: 'accept' });
    assert.deepEqual(merged(simulation), ['a@claude']);
  });

  it('has its wave gate on the one that was picked, in every mode', () => {
    for (const mode of ['waves', 'continuous'] as const) {
      const simulation = simulated([greet()], {}, { ...GATES, mode }).run();
      assert.deepEqual(
        simulation.state.merges.map(({ gates }) => gates.map((run) => run.gate)),
        [['whole']],
      );
    }
  });

  it('meets its requirement with one result', () => {
    const { state } = simulated([greet()], { gate: green('a@codex') }).run();
    assert.deepEqual(
      trace(state).map(({ standing, tasks }) => [standing, tasks.map((one) => one.task.id)]),
      [['met', ['a@codex']]],
    );
  });

  it('lets a task go first that an agent which has not begun waits for, though it conflicts with a result', () => {
    const early = task('early', { scope: ['a'] });
    const red = task('red', { dependencies: ['early'] });
    let isEarlyBroken = true;
    const simulation = simulated(
      [early, red, greet({ dependencies: ['early'] })],
      {
        agent: (id) =>
          id === 'early' && isEarlyBroken
            ? { kind: 'failed', type: 'fixable', message: 'no', summary: '' }
            : { kind: 'succeeded', summary: '' },
        gate: (_, tasks) => !tasks.includes('red'),
      },
      {
        mode: 'continuous',
        onFailure: 'pause',
        gates: [gate('whole', 'merge')],
        limits: { ...DEFAULT_CONFIG.limits, agents: 2, batch: 1, retries: 1 },
      },
    ).run();
    const skip = (id: string): Simulation =>
      say(simulation, { type: 'answer', question: `escalated:${id}:2`, choice: 'skip' });
    skip('early');
    // Each time that the red one waits to be merged, another agent may begin; the last one is held by what is asked.
    assert.deepEqual(simulation.started, ['early', 'early', 'red', 'a@claude', 'red', 'a@codex']);
    isEarlyBroken = false;
    say(simulation, { type: 'retry', task: 'early' });
    skip('red');
    assert.deepEqual(simulation.started.slice(6), ['early', 'a@gemini']);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });
});
