import { deepEqual, equal, match, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { askedOf, pullRequestOf, pullRequestUrl } from '../../../../src/model/shown/pull-request.ts';
import { pushWish } from '../../../../src/model/run/push.ts';
import { describe as describeFailure } from '../../../../src/model/failure.ts';
import { refusal } from '../../../../src/model/run/accept.ts';
import { eventWords } from '../../../../src/model/shown/event-words.ts';
import type { AgentOutcome } from '../../../../src/model/run/job.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const REQUEST = { head: 'orchestrate/p', base: 'main', title: 'Say hello & bye', body: 'All.\n- a' };
const push = { remote: 'origin', branches: ['orchestrate/{plan_id}', '{run}'] };
const DONE: AgentOutcome = { kind: 'succeeded', summary: '' };
const API = 'https://api.github.com';
const FAILED: AgentOutcome = { kind: 'failed', type: 'escalate', message: 'no', summary: '' };

describe('The page of a pull request', () => {
  const github = 'https://github.com/o/r/compare/main...orchestrate/p?expand=1&title=Say+hello+%26+bye&body=All.%0A-+a';
  for (const [remote, url] of [
    ['https://github.com/o/r.git', github],
    ['https://token:x@github.com/o/r', github],
    ['git@github.com:o/r.git', github],
    ['ssh://git@github.com:22/o/r.git/', github],
    [
      'https://gitlab.example.org/g/sub/r.git',
      'https://gitlab.example.org/g/sub/r/-/merge_requests/new?merge_request%5Bsource_branch%5D=orchestrate%2Fp&merge_request%5Btarget_branch%5D=main&merge_request%5Btitle%5D=Say+hello+%26+bye&merge_request%5Bdescription%5D=All.%0A-+a',
    ],
    ['git@bitbucket.org:o/r.git', 'https://bitbucket.org/o/r/pull-requests/new?source=orchestrate%2Fp&dest=main'],
    ['https://example.org/o/r.git', undefined],
    ['/srv/github/r.git', undefined],
    ['../github.git', undefined],
    ['C:\\github\\r.git', undefined],
    ['https://github.com/o/r" onclick="x', undefined],
  ] as const)
    it(`of ${remote} is ${url ?? 'not known'}`, () => equal(pullRequestUrl(remote, REQUEST), url));

  it('is an https address of that host whatever the texts are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 9000 }), fc.string(), (title, body, branch) => {
        const page = pullRequestUrl('git@github.com:o/r.git', { head: branch, base: 'main', title, body });
        const url = new URL(page ?? '');
        deepEqual([url.protocol, url.host], ['https:', 'github.com']);
        ok(url.pathname.startsWith('/o/r/compare/'));
      }),
    );
  });
});

describe('Pushing', () => {
  const tasks = [task('a'), task('b')];
  const pushes = ({ events }: Simulation) => events.filter(({ type }) => type === 'push.intended');

  it('is the last thing of a run that has passed, once, with its own names', () => {
    const simulation = new Simulation(tasks, { push }).approve().run();
    equal(simulation.state.ended?.outcome, 'merged');
    const [first, ...more] = pushes(simulation);
    deepEqual(more, []);
    ok(first?.type === 'push.intended');
    deepEqual(first.branches, ['orchestrate/p', 'p-1']);
    equal(first.commit, simulation.state.integration);
    equal(simulation.events.at(-1)?.type, 'run.ended');
    match(eventWords(first, simulation.state), /to be pushed to origin/);
    equal(simulation.state.push?.kind, 'pushed');
    equal(pullRequestOf(simulation.state), undefined);
  });

  it('does not happen where something failed, nor for a cancelled run, nor twice', () => {
    const failed = new Simulation(tasks, { push }, { agent: (id) => (id === 'a' ? FAILED : DONE) }).approve().run();
    deepEqual(pushes(failed), []);
    const done = new Simulation(tasks, { push }).approve().run();
    match(refusal(done.state, { id: 'x', ...pushWish(done.state) }) ?? '', /on origin already/);
    equal(refusal(done.state, { id: 'x', ...pushWish(done.state, { branch: 'other' }) }), undefined);
    match(refusal(done.state, { id: 'x', ...pushWish(done.state, { branch: '../x' }) }) ?? '', /no name/);
    match(refusal(done.state, { id: 'x', ...pushWish(done.state, { remote: '--mirror' }) }) ?? '', /no name/);
  });

  it('offers a pull request that says what was done, fulfilled, tried and left, and whose titles are only text', () => {
    const work = [task('a', { title: '# Price [x](http://y)', covers: ['R1'] }), task('b')];
    const url = 'git@github.com:o/r.git';
    const closing: Oracle['closing'] = ({ type }) =>
      type === 'push.intended' ? { type: 'push.done', url } : undefined;
    const { state } = new Simulation(work, { push, gates: [gate('test', 'task')] }, { closing }).approve().run();
    const page = pullRequestOf({ ...state, baseBranch: 'main' }) ?? '';
    equal(
      new URL(page).searchParams.get('body'),
      [
        'Tasks:',
        String.raw`- \# Price \[x\]\(http:\//y) (a)`,
        '- b (b)',
        '',
        'Requirements:',
        '- R1',
        '',
        'Unresolved:',
        '- Merged untested: no gate ran on the merged tree.',
      ].join('\n'),
    );
  });

  it('asks GitHub for one with the whole story, and only GitHub', () => {
    const work = [task('a', { title: 'Price @all', covers: ['R1'] })];
    const pushedTo = (url: string) => {
      const closing: Oracle['closing'] = ({ type }) =>
        type === 'push.intended' ? { type: 'push.done', url } : undefined;
      return new Simulation(work, { push, gates: [gate('test', 'task')] }, { closing }).approve().run().state;
    };
    const state = pushedTo('git@github.com:o/r.git');
    const asked = askedOf({ ...state, baseBranch: 'main' }, {});
    ok(asked.ok);
    deepEqual([asked.value.head, asked.value.base, asked.value.on.api], ['orchestrate/p', 'main', API]);
    match(asked.value.body, /\| R1 \| met \| a `\w+` test ✓ \|[^]*- Price @&#8203;all: a `\w+` test ✓/);
    const why = (one: typeof state): string => {
      const told = askedOf(one, {});
      return told.ok ? '' : describeFailure(told.failure);
    };
    match(why(state), /began on no branch/);
    match(why({ ...state, baseBranch: 'orchestrate/p' }), /was pushed itself/);
    match(why({ ...pushedTo('git@gitlab.com:o/r'), baseBranch: 'main' }), /Make it there: https:\/\/gitlab\.com/);
    match(why({ ...pushedTo('git@example.org:o/r'), baseBranch: 'main' }), /not known to be one/);
    match(why(new Simulation(work).approve().run().state), /is not pushed: orchestrate push --run p-1/);
  });

  it('of a run that has ended leaves it ended', () => {
    const simulation = new Simulation(tasks).approve().run();
    simulation.tell({ type: 'order.accepted', order: { id: 'x', ...pushWish(simulation.state) } }).run();
    equal(pushes(simulation).length, 1);
    equal(simulation.state.ended?.outcome, 'merged');
    equal(simulation.events.filter(({ type }) => type === 'run.ended').length, 1);
    equal(simulation.state.push?.kind, 'pushed');
  });
});
