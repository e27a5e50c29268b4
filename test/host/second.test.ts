// A second window on the same repository: another session of the same run in all but the process.
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { openSession } from '../../src/engine/open-session.ts';
import type { RunSession } from '../../src/engine/session.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import { writers } from './command-line.ts';
import {
  commit,
  ended,
  eventually,
  flat,
  on,
  withRepository,
  outline,
  planFiles,
  root,
  run,
  start,
} from './orchestrate.ts';

describe('a second window on the same repository', function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string => outline(api.rows());
  before(async () => {
    api = await withRepository();
  });

  it('follows: it shows the same, its orders reach the first, and nothing is started twice', async () => {
    const wait = join(root, '..', 'second-window');
    commit(
      planFiles('twice', [
        {
          id: 'held',
          title: 'Held',
          wave: 1,
          agent: 'shell',
          run: `while [ ! -e '${wait}' ]; do sleep 0.1; done; echo held > held.txt`,
          scope: ['held.txt'],
        },
        { id: 'unwanted', title: 'Unwanted', wave: 1, agent: 'shell', run: 'sleep 600', scope: ['unwanted.txt'] },
      ]),
    );
    const first = await start(api, 'twice');
    const second = await openedAgain(first);
    try {
      assert.deepEqual([first.role, second.role], ['drives', 'follows']);
      await run('orchestrate.approve', on(first));
      await eventually('the second sees both at work', () => second.state.live.size === 2, tree);
      const skipped = await second.order({ type: 'skip', task: 'unwanted' });
      assert.ok(skipped.ok, JSON.stringify(skipped));
      await eventually(
        'the tree of the first shows it',
        () =>
          flat(api.rows()).some(({ label, description }) => label === 'Unwanted' && description?.startsWith('skipped')),
        tree,
      );
      writeFileSync(wait, '');
      await eventually('both see the end', () => ended(first) && ended(second), tree);
      assert.equal(second.state.ended?.outcome, 'merged', tree());
      assert.equal(second.state.integration, first.state.integration);
    } finally {
      await second.dispose();
    }
    const started = writers(first)
      .flatMap(({ events }) => events)
      .flatMap((event) =>
        event.type === 'job.intended' && event.purpose.kind === 'agent' ? [event.purpose.task] : [],
      );
    assert.equal(started.filter((task) => task === 'held').length, 1);
    assert.equal(new Set(started).size, started.length);
  });
});

/** As a window does that opens the repository and finds the run of another. */
async function openedAgain({ ref }: RunSession): Promise<RunSession> {
  const { extensionPath } = vscode.extensions.getExtension('orchestrate.orchestrate')!;
  const opened = await openSession(ref, { by: 'editor', runner: join(extensionPath, 'dist/runner.cjs'), as: 'drive' });
  assert.ok(opened.ok, JSON.stringify(opened));
  return opened.value;
}
