import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApi } from '../../src/host/test-api.ts';
import {
  commit,
  ended,
  eventually,
  flat,
  git,
  on,
  withRepository,
  outline,
  planFiles,
  root,
  run,
  start,
} from './orchestrate.ts';

describe('a plan from start to merged', () => {
  let api: TestApi;
  before(async () => {
    api = await withRepository();
  });

  it('waits for approval, runs, and its result is taken', async function () {
    this.timeout(60_000);
    commit(
      planFiles('greet', [
        {
          id: 'en',
          title: 'English',
          wave: 1,
          agent: 'shell',
          run: 'echo hello > en.txt; echo said hello',
          scope: ['en.txt'],
        },
        { id: 'de', title: 'German', wave: 1, agent: 'shell', run: 'echo hallo > de.txt', scope: ['de.txt'] },
        {
          id: 'index',
          title: 'Index',
          wave: 2,
          agent: 'shell',
          run: 'cat en.txt de.txt > index.txt',
          scope: ['index.txt'],
          dependencies: ['en', 'de'],
        },
      ]),
    );
    const session = await start(api, 'greet');
    assert.equal(session.role, 'drives');
    await eventually(
      'the approval is on top of the tree',
      () => api.rows()[0]?.children.some(({ can }) => can.includes('approve')),
      () => outline(api.rows()),
    );
    await eventually('the badge counts it', () => api.head().badge === 1, api.head);
    assert.deepEqual(
      api.pages().map(({ phase }) => phase),
      ['approval'],
    );
    await eventually(
      'the page says how long it should take',
      () => api.pages()[0]?.expected?.[0]?.startsWith('Should take '),
      () => api.pages(),
    );
    assert.ok(!existsSync(join(root, '.worktrees')), 'nothing starts before the approval');

    await run('orchestrate.approve', on(session));
    await eventually(
      'the run ends',
      () => ended(session),
      () => outline(api.rows()),
    );
    assert.equal(session.state.ended?.outcome, 'merged', outline(api.rows()));
    const titles = new Set(flat(api.rows()).map(({ label }) => label));
    assert.ok(
      ['Wave 1', 'English', 'German', 'Wave 2', 'Index', 'Take the result'].every((title) => titles.has(title)),
      outline(api.rows()),
    );
    await eventually('the head says so', () => api.head().message?.startsWith('3 of 3 tasks done'), api.head);

    // The editor opens a terminal when it comes to it: a run this short may be over by then.
    const shown = (): string => api.terminals().find(({ name }) => name.includes('English'))?.text ?? '';
    await eventually('the terminal tells what was said', () => shown().includes('said hello'), shown);
    await eventually('the terminal tells that it is over', () => shown().includes('── attempt 1 is done ──'), shown);
    const names = (): string[] => api.terminals().map(({ name }) => name);
    await eventually('its tab says so, where it is not cut', () => names().includes('✓ English'), names);

    api.answer('Merge into');
    await run('orchestrate.takeResult', on(session));
    assert.equal(readFileSync(join(root, 'index.txt'), 'utf8'), 'hello\nhallo\n');
    // Either may be merged before the other.
    const log = git('log', '--oneline');
    assert.ok(log.includes('German') && log.includes('English'), log);

    api.answer(true);
    await run('orchestrate.undoTaking', on(session));
    assert.ok(!existsSync(join(root, 'index.txt')), 'the checkout is where it was');

    api.answer(true);
    await run('orchestrate.rollback', on(session, 'index'));
    await eventually(
      'the run stands still',
      () => session.state.paused !== undefined,
      () => outline(api.rows()),
    );
    assert.equal(session.state.tasks.get('index')?.settled, undefined);
    assert.equal(session.state.published, session.state.integration);
    await run('orchestrate.resume', on(session));
    await eventually(
      'it is done again',
      () => ended(session),
      () => outline(api.rows()),
    );
    assert.equal(session.state.ended?.outcome, 'merged', outline(api.rows()));

    const remote = join(root, '.git', 'remote.git');
    git('init', '--quiet', '--bare', remote);
    git('remote', 'add', 'origin', remote);
    api.answer(true);
    await run('orchestrate.pushResult', on(session));
    assert.equal(git('ls-remote', 'origin', 'refs/heads/orchestrate/greet').split('\t')[0], session.state.integration);
    assert.match(outline(api.rows()), /Take the result.*pushed to origin/);
    git('remote', 'remove', 'origin');

    api.answer('Merge into');
    await run('orchestrate.takeResult', on(session));
    const taken = git('rev-parse', 'HEAD');
    const { run: id } = session.state;
    assert.ok(existsSync(join(root, '.git', 'orchestrate', 'runs', id, 'jobs')));
    api.answer('Delete all that nobody would miss');
    api.answer(true);
    await run('orchestrate.showDiskUse');
    assert.match(api.asked().join('\n'), /Runs take \d+ KB of 5\.0 GB[^]*made room: \d+ run/);
    await eventually(
      'it is not shown any more',
      () => api.sessions().every(({ state }) => state.run !== id),
      () => outline(api.rows()),
    );
    assert.ok(!existsSync(join(root, '.git', 'orchestrate', 'runs', id, 'jobs')));
    assert.equal(git('rev-parse', 'HEAD'), taken, 'what was taken stays');
  });
});
