import { strict as assert } from 'node:assert';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSession } from '../../src/engine/session.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import {
  clicked,
  commit,
  ended,
  eventually,
  flat,
  git,
  on,
  outline,
  planFiles,
  root,
  run,
  start,
  withRepository,
} from './orchestrate.ts';

/** Works until the file `edited` lies beside the checkout. */
const WAIT = 'while [ ! -e ../../../edited ]; do sleep 0.1; done; echo a > a.txt';
const first = { id: 'a', title: 'First', wave: 1, agent: 'shell', run: WAIT, scope: ['a.txt'] };
const second = { id: 'b', title: 'Second', wave: 2, agent: 'shell', run: 'echo old > b.txt', scope: ['b.txt'] };
const better = { ...second, run: 'echo new > b.txt' };

describe('a plan edited while its run stands', function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string => outline(api.rows());
  const waiting = () => flat(api.rows()).find(({ label }) => label === 'Approve the edited plan');
  const page = () => api.pages().find(({ planId }) => planId === 'edited');
  before(async () => {
    api = await withRepository();
  });

  const edit = (...tasks: object[]): void => {
    const file = 'docs/plan/edited/plan.yaml';
    writeFileSync(join(root, file), planFiles('edited', tasks)[file] ?? '');
  };

  it('waits in the tree and on the review page, and is done as it says once it is approved there', async () => {
    commit(planFiles('edited', [first, second]));
    const session: RunSession = await start(api, 'edited');
    await run('orchestrate.approve', on(session));
    await eventually(
      'it works',
      () => existsSync(join(session.state.tasks.get('a')?.attempts[0]?.path ?? '/nowhere', '.git')),
      tree,
    );
    edit(first, better);
    const stale = await eventually('the edit waits', waiting, tree);
    assert.ok(stale.can.includes('approve'), tree());
    assert.deepEqual(page()?.revision?.changes, ['~ b: Second', '    run: echo old > b.txt → echo new > b.txt']);

    edit(first, better, { ...second, id: 'c', title: 'Third', run: 'echo c > c.txt', scope: ['c.txt'] });
    await eventually(
      'the next edit waits',
      () => page()?.revision?.changes.length === 3,
      () => api.pages(),
    );
    await clicked('orchestrate.approve', stale);
    assert.ok(session.state.proposal, 'an answer to the first edit was taken for one to the second');
    await clicked('orchestrate.approve', await eventually('it still waits', waiting, tree));
    await eventually('it is approved', () => session.state.proposal === undefined, tree);
    writeFileSync(join(root, '..', 'edited'), '');
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    assert.equal(git('show', `${session.state.integration}:b.txt`), 'new');
    assert.equal(git('show', `${session.state.integration}:c.txt`), 'c');
  });
});
