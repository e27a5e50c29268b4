import { strict as assert } from 'node:assert';
import type { TestApi } from '../../src/host/test-api.ts';
import type { DrawnRow } from '../../src/host/tree.ts';
import {
  clicked,
  commit,
  ended,
  eventually,
  flat,
  on,
  withRepository,
  outline,
  planFiles,
  run,
  start,
} from './orchestrate.ts';

describe('what a run asks', function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string => outline(api.rows());
  const question = (text: RegExp): Promise<DrawnRow> =>
    eventually(
      `the tree asks ${text}`,
      () => flat(api.rows()).find(({ can, label }) => can.includes('question') && text.test(label)),
      tree,
    );
  before(async () => {
    api = await withRepository();
  });

  it('is whether a gate that was red before may stay as red: accepted, the run goes on', async () => {
    commit({
      'old.js': 'fine\nFIXME\n',
      'old.sh': `grep -n FIXME old.js | sed -E 's/^([0-9]+):.*/old.js(\\1,1): error TS1: FIXME is left./' | grep . && exit 1\nexit 0\n`,
      ...planFiles(
        'redbase',
        [{ id: 'more', title: 'More', wave: 1, agent: 'shell', run: 'echo good > more.js', scope: ['more.js'] }],
        { gates: { old: { run: 'sh old.sh', on: ['task', 'final'], problems: ['$tsc'] } } },
      ),
    });
    const session = await start(api, 'redbase');
    await run('orchestrate.approve', on(session));
    const asked = await question(/Gate "old" is red on the base commit: 1 problems/);
    assert.ok(
      flat(api.rows()).some(({ label }) => label === 'Red before the first task'),
      tree(),
    );
    assert.equal(session.state.live.size, 0, 'nothing starts before the answer');
    api.answer('Go on');
    await clicked('orchestrate.answer', asked);
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    assert.equal(
      flat(api.rows()).some(({ can }) => can.includes('question')),
      false,
      tree(),
    );
  });

  it('is whether an agent may change what the gates check: sent back with a comment, it is asked about again', async () => {
    commit(
      planFiles(
        'lax',
        [
          {
            id: 'easy',
            title: 'Takes it easy',
            wave: 1,
            agent: 'shell',
            run: `echo easy > easy.txt; echo '{ "gates": {} }' > orchestrate.yaml`,
            scope: ['easy.txt'],
          },
        ],
        { gates: { none: { run: 'true' } }, limits: { retries: 0 } },
      ),
    );
    const session = await start(api, 'lax');
    await run('orchestrate.approve', on(session));
    const asked = await question(/"Takes it easy": Changes what the gates check: orchestrate\.yaml/);
    await eventually('the badge counts it', () => api.head().badge === 1, api.head);
    api.answer('Reject it', 'The gates stay as they are.');
    await clicked('orchestrate.answer', asked);
    const attempts = () => session.state.tasks.get('easy')?.attempts ?? [];
    await eventually(
      'a second attempt is asked about',
      () => attempts().length === 2 && flat(api.rows()).some(({ can }) => can.includes('question')),
      tree,
    );
    const [stage] = attempts().map((attempt) => attempt.stage);
    assert.ok(stage?.at === 'ended' && stage.failure.kind === 'rejected', tree());
    assert.equal(stage.failure.message, 'The gates stay as they are.');
    api.answer(true);
    await run('orchestrate.skip', on(session, 'easy'));
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.integration, session.state.base, 'nothing of it is merged');
  });

  it('is whether what would be merged may go out: sent back with a comment, then approved', async () => {
    const task = {
      id: 'page',
      title: 'Page',
      wave: 1,
      agent: 'shell',
      run: 'date +%N > page.txt',
      scope: ['page.txt'],
    };
    commit(planFiles('signed', [task], { gates: { sign: { ask: 'Is it well said?', on: ['task'] } } }));
    const session = await start(api, 'signed');
    await run('orchestrate.approve', on(session));
    api.answer('Reject it', 'say more');
    await clicked('orchestrate.answer', await question(/^sign of "Page": Is it well said\?$/));
    const attempts = () => session.state.tasks.get('page')?.attempts ?? [];
    const again = await eventually(
      'the second attempt is asked about',
      () => flat(api.rows()).find(({ can }) => can.includes('question') && attempts().length === 2),
      tree,
    );
    const [first] = attempts();
    assert.deepEqual(first?.stage.at === 'ended' && first.stage.failure.message, 'say more');
    assert.equal(session.state.merges.length, 0);
    api.answer('Approve');
    await clicked('orchestrate.answer', again);
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
  });

  it('is which of several results is taken: each to be looked at, one picked, the others kept', async () => {
    const agents = ['shell', 'shell', 'shell'];
    const line = 'case $ORCHESTRATE_TASK in *shell-3) exit 1;; *) echo $ORCHESTRATE_TASK > word.txt;; esac';
    const task = { id: 'word', title: 'Word', wave: 1, agents, pick: 'person', run: line, scope: ['word.txt'] };
    commit(planFiles('several', [task], { gates: { there: { run: 'test -s word.txt || test ! -e word.txt' } } }));
    const session = await start(api, 'several');
    await run('orchestrate.approve', on(session));
    const asked = await question(/^2 results of "word" pass their gates: which one is taken\?$/);
    const rows = flat(api.rows()).filter(({ label, can }) => label.startsWith('Word (') && can.includes('skippable'));
    assert.deepEqual(
      rows.map(({ label, can }) => [label, can.includes('diff'), can.includes('terminal')]),
      [
        ['Word (shell)', true, true],
        ['Word (shell-2)', true, true],
      ],
      tree(),
    );
    api.answer('Word (shell-2): 1 line in 1 file');
    await clicked('orchestrate.answer', asked);
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    const kinds = [...session.state.tasks.values()].map(({ settled }) => settled?.kind);
    assert.deepEqual(kinds, ['skipped', 'done', 'skipped'], tree());
    const lost = flat(api.rows()).find(({ label }) => label === 'Word (shell)');
    assert.match(lost?.description ?? '', /skipped · not taken/, tree());
    assert.ok(lost?.can.includes('diff'), 'what it made is kept');
  });
});
