import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunSession } from '../../src/engine/session.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import { commit, ended, eventually, on, outline, planFiles, root, run, start, withRepository } from './orchestrate.ts';

describe('the page of a run', function () {
  this.timeout(90_000);
  let api: TestApi;
  before(async () => {
    api = await withRepository();
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const board = () => {
    const [first] = api.boards();
    assert.ok(first);
    return { hear: first.hear, ...first.shown };
  };
  const head = () => {
    const shown = board().head;
    assert.ok(shown);
    return shown;
  };
  const seen = () => JSON.stringify(head());
  const barsOf = (id: string) => line(id)?.attempts.flatMap(({ bars }) => bars) ?? [];
  const line = (id: string) => board().lines?.find((one) => one.id === id);
  const gone = join(root, '..', 'board-goes-on');
  let session: RunSession;

  it('is opened from a row, and follows the run', async () => {
    commit(
      planFiles('shown', [
        { id: 'a', title: 'First', wave: 1, agent: 'shell', run: 'echo a > a.txt', scope: ['a.txt'] },
        {
          id: 'b',
          title: 'Second',
          wave: 2,
          agent: 'shell',
          run: `while [ ! -e '${gone}' ]; do sleep 0.1; done; echo b > b.txt`,
          scope: ['b.txt'],
          dependencies: ['a'],
        },
      ]),
    );
    session = await start(api, 'shown');
    await run('orchestrate.showRun', on(session));
    assert.deepEqual(
      head().waiting.map(({ todo }) => todo),
      [['review']],
    );
    assert.deepEqual(board().order, ['a', 'b']);

    await run('orchestrate.approve', on(session));
    await eventually('the second task is at work', () => barsOf('b').at(-1)?.kind === 'agent', seen);
    assert.equal(line('a')?.attempts[0]?.end, 'merged');
    assert.equal(head().tasks.byStatus.done, 1);
    assert.ok(line('a')?.isCritical && head().isLive);
  });

  it('goes back to its moments, where nobody is asked, and to the present', async () => {
    const merged = barsOf('a').at(-1)?.to ?? 0;
    await board().hear({ kind: 'step', by: -1e9 });
    assert.equal(head().moment?.event, 1, seen());
    assert.equal(head().tasks.byStatus.done, 0);
    assert.deepEqual(line('a')?.attempts, []);
    assert.deepEqual(
      head().waiting.map(({ todo }) => todo),
      [[]],
      'nobody answers the past',
    );
    await board().hear({ kind: 'step', by: 1 });
    assert.equal(head().moment?.event, 2);
    await board().hear({ kind: 'live' });
    const { hear } = board();
    await Promise.all([hear({ kind: 'step', by: -1e9 }), hear({ kind: 'step', by: 1 }), hear({ kind: 'step', by: 1 })]);
    assert.equal(head().moment?.event, 3, 'keys that come faster than the journal is read are all heard');
    await board().hear({ kind: 'seek', time: merged });
    assert.equal(line('a')?.attempts[0]?.end, 'merged', seen());
    assert.equal(head().tasks.byStatus.done, 1);
    await board().hear({ kind: 'live' });
    assert.equal(head().moment, undefined);
    assert.equal(head().tasks.byStatus.done, 1);
  });

  it('is told by a page that comes back which moment it showed, and goes there', async () => {
    await board().hear({ kind: 'ready', event: 2 });
    assert.equal(head().moment?.event, 2, seen());
    await board().hear({ kind: 'live' });
    await board().hear({ kind: 'ready' });
    assert.equal(head().moment, undefined, seen());
  });

  it('shows the end, and the way there afterwards', async () => {
    writeFileSync(gone, '');
    await eventually('the run ends', () => ended(session), seen);
    await eventually('the page says so', () => head().outcome?.kind === 'merged', seen);
    assert.ok(!head().isLive);
    // From the end back: the one before the last, and on to the end again.
    await board().hear({ kind: 'step', by: -1 });
    const { moment } = head();
    assert.equal(moment?.event, (moment?.of ?? 0) - 1);
    assert.ok(!head().goesOn);
    await board().hear({ kind: 'step', by: 1 });
    await board().hear({ kind: 'step', by: 1 });
    assert.equal(head().moment, undefined);
  });

  it('shows a task in the tree', async () => {
    await board().hear({ kind: 'reveal', task: 'b' });
    // The editor asks for no row that it has not drawn: that it is there is for the scene to see.
    assert.match(outline(api.rows()), /Second/);
  });
});
