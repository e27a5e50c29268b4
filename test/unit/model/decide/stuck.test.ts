import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import type { AgentOutcome } from '../../../../src/model/run/job.ts';
import { attention, rest } from '../../../../src/model/run/view.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const SUCCEEDED: AgentOutcome = { kind: 'succeeded', summary: '' };
const says = (message: string, type: 'fixable' | 'transient' = 'fixable'): AgentOutcome => ({
  kind: 'failed',
  type,
  message,
  summary: '',
});
const limits = { ...DEFAULT_CONFIG.limits, retries: 6 };

/** What follows each attempt at task `a`. */
const followed = ({ events }: Simulation): string[] =>
  events.flatMap((event) =>
    event.type === 'attempt.failed' && event.task === 'a'
      ? [event.next.kind === 'retry' && event.next.stuck !== undefined ? event.next.stuck : event.next.kind]
      : [],
  );

describe('A task that is stuck', () => {
  const stuckA: Oracle = {
    agent: (id, attempt) => (id === 'a' ? says(`port ${3000 + attempt} is taken after ${attempt} s`) : SUCCEEDED),
  };

  it('takes one other way after the same failure three times, then asks a person; the others go on', () => {
    const simulation = new Simulation([task('a'), task('b')], { limits, mode: 'continuous' }, stuckA).approve().run();
    assert.deepEqual(followed(simulation), ['retry', 'retry', 'the same failure 3 times in a row', 'giveUp']);
    const begun = simulation.events.filter((event) => event.type === 'worktree.intended' && event.task === 'a');
    assert.equal(begun.length, 4);
    assert.equal(simulation.statuses()['b'], 'done');
    const [asked] = attention(simulation.state);
    assert.match(asked?.text ?? '', /is stuck \(the same failure 3 times in a row\), and another way failed too: port/);
    assert.deepEqual(
      asked?.choices.map(({ id }) => id),
      ['retry', 'skip', 'stop'],
    );
    assert.equal(rest(simulation.state), 'waiting');
  });

  it('takes another way at once after an attempt that went round in circles by itself', () => {
    const exit = { code: null, signal: 'SIGTERM', startedAt: 0, endedAt: 0, strays: 0, bytes: 0, dropped: 0 };
    const because = 'The same error came 10 times: not found';
    const oracle: Oracle = {
      closing: (intent) =>
        intent.type === 'job.intended' && intent.purpose.kind === 'agent'
          ? { type: 'job.ended', end: { kind: 'exited', exit: { ...exit, stopped: 'noEffect', because } } }
          : undefined,
    };
    const simulation = new Simulation([task('a')], { limits }, oracle).approve().run();
    assert.deepEqual(followed(simulation), ['the same error came 10 times: not found', 'giveUp']);
    assert.match(attention(simulation.state)[0]?.text ?? '', /is stuck \(the same error came 10 times: not found\)/);
  });

  it('begins the other way without the former change', () => {
    const oracle: Oracle = { gate: (_, tasks) => !tasks.includes('a') };
    const gates = [gate('test', 'task')];
    const simulation = new Simulation([task('a')], { limits, gates }, oracle).approve().run();
    const carried = simulation.events.flatMap((event) =>
      event.type === 'worktree.intended' ? [event.carry !== undefined] : [],
    );
    assert.deepEqual(carried.slice(0, 4), [false, true, true, false]);
  });

  it('gets all its tries again when a person says so', () => {
    const simulation = new Simulation([task('a')], { limits }, stuckA).approve().run();
    simulation
      .tell({ type: 'order.accepted', order: { id: 'r', type: 'retry', task: 'a', comment: 'use port 0' } })
      .run();
    assert.equal(followed(simulation).length, 8);
  });

  it('is one whose result is that of an attempt before the last again', () => {
    const trees = ['one', 'two', 'one', 'three'];
    const oracle: Oracle = {
      gate: (_, tasks, attempt) => !tasks.includes('a') || (attempt ?? 4) > 3,
      closing: (intent) =>
        intent.type === 'result.intended'
          ? {
              type: 'result.taken',
              commit: `c${intent.attempt}`,
              tree: trees[intent.attempt - 1] ?? '',
              paths: [`f${intent.attempt}`],
              findings: [],
            }
          : undefined,
    };
    const gates = [gate('test', 'task')];
    const simulation = new Simulation([task('a')], { limits: { ...limits, stuck: 9 }, gates }, oracle).approve().run();
    assert.deepEqual(followed(simulation), ['retry', 'retry', 'its result is that of attempt 1 again']);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  for (const [what, messages] of [
    ['fails in another way each time', ['red', 'blue', 'green', 'grey', 'pink', 'gold', 'lime']],
    ['fails in two ways by turns', ['red', 'red', 'blue', 'red', 'red', 'blue', 'red']],
  ] as const) {
    it(`is none that ${what}`, () => {
      const agent: Oracle['agent'] = (_, attempt) => says(messages[attempt - 1] ?? '');
      const simulation = new Simulation([task('a')], { limits }, { agent }).approve().run();
      assert.deepEqual(followed(simulation), [...Array.from({ length: 6 }, () => 'retry'), 'giveUp']);
    });
  }

  it('is none whose failures pass by themselves, and none where nobody looks for it', () => {
    const passing: Oracle = { agent: () => says('overloaded', 'transient') };
    assert.ok(
      !followed(new Simulation([task('a')], { limits }, passing).approve().run()).some((next) =>
        next.startsWith('the'),
      ),
    );
    const { stuck: _, ...blind } = limits;
    assert.equal(followed(new Simulation([task('a')], { limits: blind }, stuckA).approve().run()).length, 7);
  });
});
