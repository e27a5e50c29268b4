import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunSession } from '../../src/engine/session.ts';
import type { TestApi } from '../../src/host/test-api.ts';
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

describe('the tasks of a run', function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string => outline(api.rows());
  const row = (label: string) => flat(api.rows()).find((one) => one.label === label);
  before(async () => {
    api = await withRepository();
  });

  it('fill the Problems panel when a gate is red, and clear it when the next attempt passes', async () => {
    const wait = join(root, '..', 'retry');
    commit({
      'check.sh': `grep -Hn TODO *.ts 2>/dev/null | sed -E 's/^([^:]+):([0-9]+):.*/\\1(\\2,3): error TS1: TODO is left./' | grep . && exit 1\nexit 0\n`,
      ...planFiles(
        'red',
        [
          {
            id: 'sum',
            title: 'Sum',
            wave: 1,
            agent: 'shell',
            run: `if [ -e sum.ts ]; then while [ ! -e '${wait}' ]; do sleep 0.1; done; echo good > sum.ts; else printf 'first\\nTODO\\n' > sum.ts; fi`,
            scope: ['sum.ts'],
          },
        ],
        { gates: { check: { run: 'sh check.sh', on: ['task', 'final'], problems: ['$tsc'] } } },
      ),
    });
    const session = await start(api, 'red');
    await run('orchestrate.approve', on(session));
    const place = /\.worktrees\/sum-[0-9a-f]+\/sum\.ts:2 TODO is left\./;
    await eventually(
      'the problem at its place',
      () => api.problems().some((text) => place.test(text)),
      () => api.problems(),
    );
    assert.match(row('Sum')?.description ?? '', /attempt 2/);
    assert.match(row('Attempt 1')?.description ?? '', /gate check failed/);
    api.answer(true);
    await applied('Send to the agent of "Sum"', session, 'sum');
    const said = 'gate check, sum.ts:2: TODO is left.';
    await eventually('what was sent waits for the next attempt', () => row(said) !== undefined, tree);
    writeFileSync(wait, '');
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    await eventually(
      'no problem is left',
      () => api.problems().length === 0,
      () => api.problems(),
    );
  });

  it('are tried again with what a gate found, sent from the Problems panel', async () => {
    commit(
      planFiles(
        'sent',
        [{ id: 'note', title: 'Note', wave: 1, agent: 'shell', run: `echo TODO > note.ts`, scope: ['note.ts'] }],
        { gates: { check: { run: 'sh check.sh', on: ['task'], problems: ['$tsc'] } }, limits: { retries: 0 } },
      ),
    );
    const session = await start(api, 'sent');
    await run('orchestrate.approve', on(session));
    await eventually('the run ends', () => ended(session), tree);
    await eventually('a problem stands', () => api.problems().length > 0);
    api.answer(true);
    await applied('Send to the agent: retry "Note" with this', session, 'note');
    const task = () =>
      api
        .sessions()
        .find(({ state }) => state.run === session.state.run)
        ?.state.tasks.get('note');
    await eventually('another attempt', () => task()?.attempts.length === 2, tree);
    assert.equal(task()?.comment, 'gate check, note.ts:1: TODO is left.');
    await eventually('it fails again', () => task()?.settled?.kind === 'failed', tree);
  });

  it('are tried again and skipped as the person says', async () => {
    const gate = join(root, '..', 'works');
    commit(
      planFiles(
        'stubborn',
        [
          {
            id: 'a',
            title: 'Fails at first',
            wave: 1,
            agent: 'shell',
            run: `test -e '${gate}' && echo a > a.txt`,
            scope: ['a.txt'],
          },
          {
            id: 'b',
            title: 'Fails always',
            wave: 1,
            agent: 'shell',
            run: 'echo no luck >&2; exit 3',
            scope: ['b.txt'],
          },
          {
            id: 'c',
            title: 'Waits for it',
            wave: 2,
            agent: 'shell',
            run: 'echo c > c.txt',
            scope: ['c.txt'],
            dependencies: ['b'],
          },
        ],
        { limits: { retries: 0 } },
      ),
    );
    const session = await start(api, 'stubborn');
    await run('orchestrate.approve', on(session));
    await eventually('both fail', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'failed', tree());
    assert.ok(row('Fails at first')?.can.includes('retriable'), tree());
    writeFileSync(gate, '');
    api.answer('now it should work');
    await run('orchestrate.retry', on(session, 'a'));
    const again = () => api.sessions().find(({ state }) => state.run === session.state.run);
    const merged = (): boolean => again()?.state.tasks.get('a')?.settled?.kind === 'done';
    await eventually('the retry is merged', merged, tree);
    await eventually('the run ends again', () => again()?.state.ended !== undefined, tree);

    assert.ok(row('Fails always')?.can.includes('troubled'), tree());
    // The one that waits for it has not failed, so that there is nothing to choose.
    assert.ok(row('Waits for it')?.can.includes('troubled'), tree());
    api.answer('Do it by hand');
    await run('orchestrate.whatWentWrong', on(session));
    assert.match(
      api.asked().join('\n'),
      /What went wrong with "Fails always": .*exited with 3\. no luck.* Go on without it/,
    );
    await eventually('it is the person’s', () => row('Fails always')?.can.includes('manual'), tree);
    const path = again()?.state.tasks.get('b')?.attempts.at(-1)?.path ?? assert.fail(tree());
    writeFileSync(join(path, 'b.txt'), 'by hand');
    await run('orchestrate.done', on(session, 'b'));
    await eventually('what was done by hand is merged', () => again()?.state.ended?.outcome === 'merged', tree);
  });

  it('stop when the run is cancelled, and their worktree can be looked at', async () => {
    commit(
      planFiles('long', [
        {
          id: 'sleep',
          title: 'Sleeps',
          wave: 1,
          agent: 'shell',
          run: 'echo slept > s.txt; sleep 600',
          scope: ['s.txt'],
        },
      ]),
    );
    const session = await start(api, 'long');
    await run('orchestrate.approve', on(session));
    await eventually(
      'it runs',
      () => existsSync(join(session.state.tasks.get('sleep')?.attempts[0]?.path ?? '/nowhere', 's.txt')),
      tree,
    );
    await run('orchestrate.openDiff', on(session, 'sleep'));
    assert.ok(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.includes('Sleeps #1')));
    await run('orchestrate.pause', on(session));
    await eventually('it is paused', () => row('Paused')?.description?.startsWith('a person asked for it'), tree);
    await run('orchestrate.resume', on(session));
    api.answer(true);
    await run('orchestrate.cancel', on(session));
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'cancelled');
    const said = '"Objective of long" cancelled: 0 of 1 task done.';
    await eventually('the end is told', () => api.asked().includes(said), api.asked);
    assert.ok(!api.asked().some((text) => text.includes('a person asked for it')), 'who paused it is not told so');
    await eventually(
      'nothing is to be tried again',
      () => row('Sleeps')?.description?.startsWith('not done') === true,
      tree,
    );
  });

  it('are skipped after a question', async () => {
    commit(
      planFiles('skipping', [
        { id: 'one', title: 'Never mind', wave: 1, agent: 'shell', run: 'sleep 600', scope: ['one.txt'] },
        { id: 'two', title: 'Goes on', wave: 1, agent: 'shell', run: 'echo two > two.txt', scope: ['two.txt'] },
      ]),
    );
    const session = await start(api, 'skipping');
    await run('orchestrate.approve', on(session));
    await eventually('it runs', () => row('Never mind')?.mark.icon === 'loading~spin', tree);
    api.answer(true);
    await run('orchestrate.skip', on(session, 'one'));
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(row('Never mind')?.description?.startsWith('skipped'), true, tree());
    assert.equal(session.state.tasks.get('two')?.settled?.kind, 'done');
  });

  it('done by a person wait for the word', async () => {
    commit(planFiles('byhand', [{ id: 'hand', title: 'By hand', wave: 1, agent: 'manual', scope: ['hand.txt'] }]));
    const session = await start(api, 'byhand');
    await run('orchestrate.approve', on(session));
    await eventually(
      'it is handed over',
      () => api.rows()[0]?.children.some(({ can }) => can.includes('manual')),
      tree,
    );
    await eventually(
      'a person is told once',
      () => api.asked().filter((text) => text.includes('"By hand" is yours')).length === 1,
      () => api.asked(),
    );
    await eventually(
      'the status bar says so',
      () => api.statusBar().includes('bell-dot'),
      () => api.statusBar(),
    );
    writeFileSync(join(session.state.tasks.get('hand')!.attempts[0]!.path!, 'hand.txt'), 'done by hand\n');
    await run('orchestrate.done', on(session, 'hand'));
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    const told = api.asked().length;
    const late = { target: { run: session.state.run, task: 'hand', attention: 'manual:hand' } };
    for (const command of ['orchestrate.done', 'orchestrate.showInstructions'] as const) await run(command, late);
    assert.deepEqual(
      api.asked().slice(told),
      Array(2).fill('That no longer waits for you.'),
      'its message is still there',
    );
  });

  it('are seen when another process drives them, and obey from here', async () => {
    const wait = join(root, '..', 'elsewhere');
    commit(
      planFiles('other', [
        {
          id: 'slow',
          title: 'Slow elsewhere',
          wave: 1,
          agent: 'shell',
          run: `while [ ! -e '${wait}' ]; do sleep 0.1; done; echo x > x.txt`,
          scope: ['x.txt'],
        },
        { id: 'never', title: 'Not wanted', wave: 1, agent: 'shell', run: 'sleep 600', scope: ['y.txt'] },
      ]),
    );
    const cli = join(vscode.extensions.getExtension('orchestrate.orchestrate')!.extensionPath, 'dist/cli.cjs');
    const child = spawn('node', [cli, 'run', '--yes', 'docs/plan/other/plan.yaml'], { cwd: root, stdio: 'ignore' });
    const over = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const session = await eventually(
      'the run shows',
      () => api.sessions().find(({ state }) => state.plan.id === 'other'),
      tree,
    );
    assert.equal(session.role, 'follows');
    await eventually('it runs', () => row('Not wanted')?.mark.icon === 'loading~spin', tree);
    assert.match(row('other')?.description ?? '', /another window or terminal/);
    api.answer(true);
    await run('orchestrate.skip', on(session, 'never'));
    await eventually(
      'the skip is taken',
      () => session.state.tasks.get('never')?.settled !== undefined,
      () => [...api.asked(), tree()],
    );
    writeFileSync(wait, '');
    assert.equal(await over, 0);
    await eventually('the end is seen', () => ended(session), tree);
    assert.equal(row('Not wanted')?.description?.startsWith('skipped'), true, tree());
  });
});

/** Chooses a quick fix at what a gate found, in the worktree of the task's latest attempt. */
async function applied(title: string, session: RunSession, task: string): Promise<void> {
  const tree = (): string => `${session.state.tasks.get(task)?.attempts.at(-1)?.path}/`;
  const [uri, found] = await eventually('what a gate found, in a file of the worktree', () =>
    vscode.languages.getDiagnostics().find(([{ fsPath }]) => fsPath.startsWith(tree()) && existsSync(fsPath)),
  );
  await vscode.workspace.openTextDocument(uri);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    found[0]?.range,
  );
  const { command } = actions.find((one) => one.title === title) ?? assert.fail(actions.map((one) => one.title).join());
  await vscode.commands.executeCommand(command?.command ?? '', ...(command?.arguments ?? []));
}
