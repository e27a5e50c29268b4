import { deepEqual, equal } from 'node:assert/strict';
import { refusal } from '../../../../src/model/run/accept.ts';
import type { Report } from '../../../../src/model/run/job.ts';
import { choicesOf, permissionText, type Permission } from '../../../../src/model/crew/permission.ts';
import { attention, rest, statusOf } from '../../../../src/model/run/view.ts';
import { Simulation, task } from '../../../rig/simulation.ts';
import { evolve } from '../../../../src/model/run/evolve.ts';
import { decide } from '../../../../src/model/decide/decide.ts';
import type { Happening } from '../../../../src/model/run/event.ts';
import type { RunState } from '../../../../src/model/run/state.ts';

const PERMISSION: Permission = {
  id: 'p1',
  tool: 'execute',
  title: 'npm test',
  detail: 'npm test -- --all',
  paths: [],
  options: [
    { id: 'no', kind: 'reject_once', name: 'No' },
    { id: 'ever', kind: 'allow_always', name: 'Always allow npm' },
    { id: 'yes', kind: 'allow_once', name: 'Yes' },
  ],
};

describe('A permission', () => {
  it('has the same words for every agent, in a steady order', () => {
    const twice = { ...PERMISSION, options: [...PERMISSION.options, { ...PERMISSION.options[1]!, id: 'more' }] };
    deepEqual(
      choicesOf(twice).map(({ id, label, option }) => [id, label, option]),
      [
        ['allow', 'Allow once', 'yes'],
        ['always', 'Always allow npm', 'ever'],
        ['always-2', 'Always allow npm', 'more'],
        ['reject', 'Reject', 'no'],
      ],
    );
  });

  it('says how much of it does not fit in a line', () => {
    const of = (detail: string): string => permissionText({ ...PERMISSION, title: 'cd src', detail });
    deepEqual(['cd src', 'cd src\nrm *', 'cd src\nls\nrm *', ''].map(of), [
      'cd src',
      'cd src (and 1 more line)',
      'cd src (and 2 more lines)',
      'cd src',
    ]);
  });

  it('waits for a person, once, and its task with it', () => {
    const { state, job } = atWork();
    ask(state, job);
    deepEqual(
      attention(state).map(({ id, kind, detail, choices }) => [id, kind, detail, choices.map((one) => one.id)]),
      [[`permission:${job}:p1`, 'permission', 'npm test -- --all', ['allow', 'always', 'reject']]],
    );
    equal(statusOf(state, state.tasks.get('a')!), 'waiting');
    equal(rest(state), 'waiting');
    deepEqual(decide(state, { now: 1 }).events, []);
    match(refusal(state, { id: 'o', type: 'answer', question: `permission:${job}:p1`, choice: 'perhaps' }));
  });

  it('is answered with the option a person chose, and not asked again on the way', () => {
    const { state, job } = atWork();
    ask(state, job);
    tell(state, answer(job, 'allow'));
    const events = settle(state);
    deepEqual(
      events.map((event) => (event.type === 'steer.intended' ? [event.job, event.steering] : event.type)),
      [[job, { kind: 'answer', permission: 'p1', option: 'yes' }]],
    );
    equal(attention(state).length, 0);
    report(state, job, 2, { type: 'permissionSettled', permission: 'p1', option: 'yes' });
    deepEqual(settle(state), []);
  });

  it('that the agent takes back is no longer asked', () => {
    const { state, job } = atWork();
    ask(state, job);
    report(state, job, 2, { type: 'permissionSettled', permission: 'p1' });
    deepEqual([attention(state).length, rest(state)], [0, 'working']);
  });

  it('is forgotten with its job, and what was to be said to it', () => {
    const { state, job } = atWork();
    ask(state, job);
    tell(state, answer(job, 'reject'));
    tell(state, { type: 'job.ended', intent: job, end: { kind: 'interrupted', reason: 'killed' } });
    equal(
      settle(state).some(({ type }) => type === 'steer.intended' || type === 'question.asked'),
      false,
    );
    equal(attention(state).length, 0);
  });

  it('read again after a restart is the same', () => {
    const { state, job } = atWork();
    ask(state, job);
    report(state, job, 1, { type: 'permissionAsked', permission: { ...PERMISSION, id: 'p2' } });
    equal(state.reports.get(job)?.permissions.size, 1);
  });

  it('of a run that is being cancelled is not asked', () => {
    const { state, job } = atWork();
    tell(state, { type: 'order.accepted', order: { id: 'stop', type: 'cancel' } });
    ask(state, job);
    equal(attention(state).length, 0);
  });
});

/** A run whose only agent is at work. */
function atWork(): { state: RunState; job: string } {
  const { state } = new Simulation([task('a')]).approve();
  settle(state);
  tell(state, { type: 'worktree.created', intent: 'i1', path: '/w', carried: 'none', warnings: [] });
  const started = settle(state).find(({ type }) => type === 'job.intended');
  return { state, job: started?.type === 'job.intended' ? started.intent : '' };
}

function ask(state: RunState, job: string): void {
  report(state, job, 1, { type: 'permissionAsked', permission: PERMISSION });
  settle(state);
}

const report = (state: RunState, job: string, line: number, one: Report): void =>
  tell(state, { type: 'job.reported', job, line, report: one });

const answer = (job: string, choice: string): Happening => ({
  type: 'order.accepted',
  order: { id: `o-${choice}`, type: 'answer', question: `permission:${job}:p1`, choice },
});

const tell = (state: RunState, happening: Happening): void => void evolve(state, { at: state.at + 1, ...happening });

/** Decides until nothing follows. */
function settle(state: RunState): Happening[] {
  const events: Happening[] = [];
  for (;;) {
    const decided = decide(state, { now: state.at }).events;
    if (decided.length === 0) return events;
    for (const event of decided) tell(state, event);
    events.push(...decided);
  }
}

const match = (text: string | undefined): void => equal(text, '"perhaps" is not one of allow, always, reject');
