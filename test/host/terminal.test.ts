// One run, three surfaces: begun in a terminal, approved from the tree, a task skipped from a second terminal.
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSession } from '../../src/engine/session.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import { orchestrate, type Terminal, writers } from './command-line.ts';
import {
  clicked,
  commit,
  ended,
  eventually,
  flat,
  git,
  withRepository,
  outline,
  planFiles,
  root,
} from './orchestrate.ts';

describe('a run of the terminal', function () {
  this.timeout(120_000);
  let api: TestApi;
  let terminal: Terminal | undefined;
  const tree = (): string => `${outline(api.rows())}\n${terminal?.printed() ?? ''}`;
  const row = (label: string) => flat(api.rows()).find((one) => one.label === label);
  /** The session of now: a command may have opened the run anew. */
  const session = (id: string): RunSession | undefined => api.sessions().find(({ state }) => state.plan.id === id);
  before(async () => {
    api = await withRepository();
  });
  afterEach(() => terminal?.kill());

  it('is approved from the tree, and obeys a second terminal; the editor only follows', async () => {
    const wait = join(root, '..', 'terminal-slow');
    commit(
      planFiles('terminal', [
        {
          id: 'slow',
          title: 'Slow task',
          wave: 1,
          agent: 'shell',
          run: `while [ ! -e '${wait}' ]; do sleep 0.1; done; echo slow > slow.txt`,
          scope: ['slow.txt'],
        },
        { id: 'never', title: 'Never ends', wave: 1, agent: 'shell', run: 'sleep 600', scope: ['never.txt'] },
        {
          id: 'last',
          title: 'Last task',
          wave: 2,
          agent: 'shell',
          run: 'cat slow.txt > last.txt',
          scope: ['last.txt'],
          dependencies: ['slow', 'never'],
        },
      ]),
    );
    terminal = orchestrate('run', 'terminal', '--wait');
    const approval = await eventually(
      'the tree asks for the approval',
      () =>
        flat(api.rows()).find(
          ({ label, description }) => label === 'Approve the plan' && description?.includes('terminal'),
        ),
      tree,
    );
    // One segment makes the run, the next is its driver's; who approved between the two would leave the driving open.
    await eventually('the terminal drives', () => writers(session('terminal')!).length === 2, tree);
    assert.equal(session('terminal')?.role, 'follows');
    assert.match(row('terminal')?.description ?? '', /waits for approval · in another window or terminal/);
    assert.equal(row('Slow task')?.children.length, 0, 'nothing starts before the approval');

    await clicked('orchestrate.approve', approval);
    await eventually(
      'both tasks run',
      () => ['Slow task', 'Never ends'].every((task) => row(task)?.mark.icon === 'loading~spin'),
      tree,
    );
    assert.equal(row('Approve the plan'), undefined, tree());
    assert.equal(session('terminal')?.role, 'follows');

    const second = orchestrate('skip', 'never');
    assert.equal(await second.over, 0, second.printed());
    assert.match(second.printed(), /skip never: noted in run terminal-/);
    await eventually('the tree shows the skip', () => row('Never ends')?.description?.startsWith('skipped'), tree);

    writeFileSync(wait, '');
    assert.equal(await terminal.over, 0, tree());
    const run = await eventually(
      'the end is seen',
      () => api.sessions().find((one) => one.state.plan.id === 'terminal' && ended(one)),
      tree,
    );
    assert.equal(run.state.ended?.outcome, 'merged', tree());
    assert.ok(row('Take the result')?.can.includes('result'), tree());
    assert.equal(git('show', `${run.state.branch}:last.txt`), 'slow');
    theTerminalWroteAll(run, terminal);
  });
});

/** Both orders and every decision stand in segments of the one terminal: nobody else has begun one. */
function theTerminalWroteAll(run: RunSession, { id }: Terminal): void {
  const journal = writers(run);
  assert.deepEqual(
    journal.map((segment) => ({ by: segment.by, id: segment.id })),
    journal.map(() => ({ by: 'cli', id })),
    JSON.stringify(journal.map(({ by, id: pid, events }) => [by, pid, events.map(({ type }) => type)])),
  );
  const orders = journal
    .flatMap(({ events }) => events)
    .flatMap((event) => (event.type === 'order.accepted' ? [event.order] : []));
  assert.deepEqual(
    orders.map((order) => [order.type, 'task' in order ? order.task : undefined]),
    [
      ['approve', undefined],
      ['skip', 'never'],
    ],
  );
  assert.equal(journal.filter(({ events }) => events.some(({ type }) => type === 'run.ended')).length, 1);
}
