import { deepEqual, equal, match } from 'node:assert/strict';
import { refusal } from '../../../../src/model/run/accept.ts';
import { decide } from '../../../../src/model/decide/decide.ts';
import type { Happening } from '../../../../src/model/run/event.ts';
import { evolve } from '../../../../src/model/run/evolve.ts';
import type { AgentOutcome, JobExit, Reply } from '../../../../src/model/run/job.ts';
import type { Wish } from '../../../../src/model/run/order.ts';
import { latest, type RunState } from '../../../../src/model/run/state.ts';
import { attention, rest, statusOf } from '../../../../src/model/run/view.ts';
import { Simulation, task } from '../../../rig/simulation.ts';

const DONE: AgentOutcome = { kind: 'succeeded', summary: 'done', session: 's1' };

describe('What is said to an agent', () => {
  it('goes to it at once where it can listen', () => {
    const { state, job } = atWork();
    order(state, { type: 'tell', task: 'a', text: 'use tabs' });
    deepEqual(states(state), ['sending']);
    const [said] = settle(state);
    deepEqual(said?.type === 'steer.intended' && [said.job, said.steering], [
      job,
      { kind: 'message', text: 'use tabs' },
    ]);
    reply(state, said, { kind: 'applied' });
    deepEqual(states(state), ['told']);
    end(state, job, DONE);
    deepEqual(
      settle(state).map(({ type }) => type),
      ['result.intended'],
    );
  });

  it('that it cannot take while it works begins a further turn of its session, and only then', () => {
    const { state, job } = atWork();
    order(state, { type: 'tell', task: 'a', text: 'use tabs' });
    reply(state, settle(state)[0], { kind: 'refused', reason: 'deaf' });
    order(state, { type: 'tell', task: 'a', text: 'and no semicolons' });
    settle(state); // on its way when the turn ends
    end(state, job, DONE);
    deepEqual(states(state), ['waiting', 'waiting']);
    const turn = settle(state).find(({ type }) => type === 'job.intended');
    deepEqual(turn?.type === 'job.intended' && turn.purpose, {
      kind: 'agent',
      task: 'a',
      attempt: 1,
      message: 'use tabs\n\nand no semicolons',
    });
    deepEqual(states(state), ['told', 'told']);
    equal(latest(state.tasks.get('a')!)?.end, undefined);
  });

  for (const [what, outcome, agents] of [
    ['whose agent failed', { ...DONE, kind: 'failed', type: 'fixable', message: 'no' }, { resumes: true }],
    ['whose agent cannot go on with a session', DONE, {}],
  ] as const) {
    it(`waits for the next attempt of a task ${what}`, () => {
      const { state, job } = atWork(agents);
      order(state, { type: 'tell', task: 'a', text: 'use tabs' });
      reply(state, settle(state)[0], { kind: 'refused', reason: 'deaf' });
      end(state, job, outcome);
      equal(settle(state)[0]?.type, 'result.intended');
      tell(state, {
        type: 'result.taken',
        intent: opened(state, 'result.intended'),
        commit: null,
        paths: [],
        findings: [],
      });
      settle(state);
      deepEqual(states(state), ['told']);
      equal(latest(state.tasks.get('a')!)?.number, 2);
    });
  }

  it('after an interruption is what its task waits for', () => {
    const { state, job } = atWork();
    order(state, { type: 'interrupt', task: 'a' });
    reply(state, settle(state)[0], { kind: 'applied' });
    deepEqual(
      attention(state).map(({ id, kind, text }) => [id, kind, text]),
      [['held:a', 'held', '"a" was interrupted: its agent waits for what you say next']],
    );
    deepEqual([statusOf(state, state.tasks.get('a')!), rest(state)], ['waiting', 'waiting']);
    order(state, { type: 'tell', task: 'a', text: 'go on' });
    reply(state, settle(state)[0], { kind: 'applied' });
    deepEqual([attention(state), statusOf(state, state.tasks.get('a')!), rest(state)], [[], 'running', 'working']);
    order(state, { type: 'interrupt', task: 'a' });
    reply(state, settle(state)[0], { kind: 'applied' });
    end(state, job, DONE);
    deepEqual(attention(state), []);
  });

  it('is refused where nobody will ever hear it', () => {
    const { state } = atWork();
    const refused = (wish: Wish): string => refusal(state, { id: 'x', ...wish }) ?? 'taken';
    equal(refused({ type: 'tell', task: 'a', text: ' ' }), 'there is nothing to say');
    order(state, { type: 'skip', task: 'a' });
    match(refused({ type: 'tell', task: 'a', text: 'hello' }), /is over: retry it/);
  });

  it('waits for the first attempt where there is none yet', () => {
    const { state } = new Simulation([task('a')]);
    order(state, { type: 'tell', task: 'a', text: 'early' });
    order(state, { type: 'approve', planHash: 'h' });
    settle(state);
    deepEqual(states(state), ['told']);
  });
});

describe('A person who takes over', () => {
  it('gets the worktree once the agent is stopped, and hands it back', () => {
    const { state, job } = atWork();
    order(state, { type: 'takeover', task: 'a' });
    deepEqual(
      settle(state).map((event) => event.type === 'cancel.intended' && event.job),
      [job],
    );
    equal(refusal(state, { id: 'x', type: 'takeover', task: 'a' }), 'the agent of "a" is being stopped already');
    deepEqual(attention(state), []);
    end(state, job, { ...DONE, kind: 'failed', type: 'transient', message: 'cancelled' }, { stopped: 'cancelled' });
    deepEqual(settle(state), []);
    deepEqual(
      attention(state).map(({ kind, id }) => [kind, id]),
      [['taken', 'manual:a']],
    );
    equal(statusOf(state, state.tasks.get('a')!), 'waiting');
    equal(latest(state.tasks.get('a')!)?.session, 's1');
    match(refusal(state, { id: 'x', type: 'tell', task: 'a', text: 'hi' }) ?? '', /hand it back first/);
    order(state, { type: 'done', task: 'a' });
    deepEqual(
      settle(state).map(({ type }) => type),
      ['result.intended'],
    );
    tell(state, {
      type: 'result.taken',
      intent: opened(state, 'result.intended'),
      commit: 'c',
      paths: ['x'],
      findings: [],
    });
    equal(settle(state)[0]?.type, 'attempt.accepted');
  });

  it('may cancel the run instead', () => {
    const { state, job } = atWork();
    order(state, { type: 'takeover', task: 'a' });
    settle(state);
    end(state, job, DONE, { stopped: 'cancelled' });
    settle(state);
    order(state, { type: 'cancel' });
    equal(settle(state)[0]?.type, 'result.intended');
  });

  it('finds nothing to take where no agent is at work', () => {
    const { state } = new Simulation([task('a')]).approve();
    equal(refusal(state, { id: 'x', type: 'takeover', task: 'a' }), '"a" has no agent at work now');
    equal(refusal(state, { id: 'x', type: 'interrupt', task: 'a' }), '"a" has no agent at work now');
  });
});

/** A run whose only agent is at work; it can go on with its session unless told otherwise. */
function atWork(agent: { resumes?: true } = { resumes: true }): { state: RunState; job: string } {
  const { state } = new Simulation([task('a')], {}, {}, { a: agent }).approve();
  settle(state);
  tell(state, { type: 'worktree.created', intent: 'i1', path: '/w', carried: 'none', warnings: [] });
  settle(state);
  return { state, job: opened(state, 'job.intended') };
}

const states = (state: RunState): string[] => latest(state.tasks.get('a')!)?.messages.map((one) => one.state) ?? [];

const opened = (state: RunState, type: string): string =>
  [...state.open.values()].find((intent) => intent.type === type)?.intent ?? '';

let orders = 0;
const order = (state: RunState, wish: Wish): void =>
  tell(state, { type: 'order.accepted', order: { id: `o${(orders += 1)}`, ...wish } });

function reply(state: RunState, said: Happening | undefined, one: Reply): void {
  if (said?.type === 'steer.intended') tell(state, { type: 'steer.replied', intent: said.intent, reply: one });
}

function end(state: RunState, job: string, agent: AgentOutcome, more: Partial<JobExit> = {}): void {
  const exit = { code: 0, signal: null, startedAt: 1, endedAt: 2, strays: 0, bytes: 0, dropped: 0, agent, ...more };
  tell(state, { type: 'job.ended', intent: job, end: { kind: 'exited', exit } });
}

const tell = (state: RunState, happening: Happening): void => void evolve(state, { at: state.at + 1, ...happening });

/** Decides until nothing follows. */
function settle(state: RunState): Happening[] {
  const events: Happening[] = [];
  for (;;) {
    const decided = decide(state, { now: state.at + 100_000 }).events;
    if (decided.length === 0) return events;
    for (const event of decided) tell(state, event);
    events.push(...decided);
  }
}
