// The editor's own threads are drawn and written into in comments.scene.ts; here they are given as the editor gives them.
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { attemptFolder } from '../../src/engine/places.ts';
import type { RunSession } from '../../src/engine/session.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import { commit, ended, eventually, on, outline, planFiles, root, run, start, withRepository } from './orchestrate.ts';

describe('comments on a change', function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string => `${outline(api.rows())}\n${api.asked().join('\n')}`;
  before(async () => {
    api = await withRepository();
  });

  const attempts = ({ state }: RunSession, id: string) => state.tasks.get(id)?.attempts ?? [];
  /** The file that the first attempt has written, if it has. */
  function working(session: RunSession, id: string, name: string): string | undefined {
    const file = join(attempts(session, id)[0]?.path ?? '/nowhere', name);
    return existsSync(file) ? file : undefined;
  }
  const place = (file: string): string => join(root, '..', file);

  /** As the editor does when a person has written at a line and pressed the button. */
  async function write(uri: vscode.Uri, line: number, text: string): Promise<void> {
    const thread = { uri, range: new vscode.Range(line - 1, 0, line - 1, 3), comments: [], dispose: () => undefined };
    await run('orchestrate.addComment', { thread, text });
  }

  const drawn = (): string[] =>
    api.comments().flatMap(({ uri, range, state, comments }) =>
      comments.map(({ body, label }) => {
        const where = `${uri.scheme} ${uri.path.split('/').at(-1)}:${(range?.start.line ?? -1) + 1}`;
        return `${where} ${label} ${state === vscode.CommentThreadState.Resolved ? 'resolved' : 'open'}: ${typeof body === 'string' ? body : body.value}`;
      }),
    );

  it('wait as drafts, move with the change into its commit, and become the reason of another attempt', async () => {
    const go = place('go-notes');
    const program = `printf 'one\\ntwo\\n' > a.txt; echo b > b.txt; while [ ! -e '${go}' ]; do sleep 0.1; done`;
    commit(
      planFiles(
        'notes',
        [{ id: 'notes', title: 'Notes', wave: 1, agent: 'shell', run: program, scope: ['a.txt', 'b.txt'] }],
        { gates: { none: { run: '[ ! -e a.txt ]', on: ['task'] } }, limits: { retries: 0 } },
      ),
    );
    const session = await start(api, 'notes');
    await run('orchestrate.approve', on(session));
    const b = await eventually('it works', () => working(session, 'notes', 'b.txt'), tree);
    const a = join(dirname(b), 'a.txt');
    await write(vscode.Uri.file(b), 1, 'Say more.');
    await write(vscode.Uri.file(a), 2, 'Count on.');
    await write(vscode.Uri.file(a), 1, 'A slip.');
    assert.deepEqual(drawn(), [
      'file b.txt:1 Draft open: Say more.',
      'file a.txt:2 Draft open: Count on.',
      'file a.txt:1 Draft open: A slip.',
    ]);
    await run('orchestrate.deleteComment', api.comments()[2]?.comments[0]);
    assert.equal(drawn().length, 2);

    writeFileSync(go, '');
    await eventually('the run ends', () => ended(session), tree);
    const moved = ['orchestrate b.txt:1 Draft open: Say more.', 'orchestrate a.txt:2 Draft open: Count on.'];
    assert.deepEqual(drawn(), moved);

    await run('orchestrate.sendComments', api.comments()[0]);
    const retried = await eventually('another attempt', () => attempts(session, 'notes')[1], tree);
    const sent = drawn().slice(0, 2);
    assert.deepEqual(
      sent,
      moved.map((line) => line.replace('Draft open', 'Sent resolved')),
    );
    await eventually('it ends too', () => ended(session), tree);
    const prompt = readFileSync(join(attemptFolder(session.ref, retried.name), 'prompt.md'), 'utf8');
    const said = 'A person says: 2 comments on your change:\n\na.txt:2\n> two\nCount on.\n\nb.txt:1\n> b\nSay more.';
    assert.ok(prompt.includes(said), prompt);
  });

  it('are a message to an agent at work', async () => {
    const go = place('go-talk');
    const program = `echo c > c.txt; while [ ! -e '${go}' ]; do sleep 0.1; done`;
    commit(planFiles('talk', [{ id: 'talk', title: 'Talk', wave: 1, agent: 'shell', run: program, scope: ['c.txt'] }]));
    const session = await start(api, 'talk');
    await run('orchestrate.approve', on(session));
    const file = await eventually('it works', () => working(session, 'talk', 'c.txt'), tree);
    await write(vscode.Uri.file(file), 1, 'Write d.');
    await run('orchestrate.sendComments', on(session, 'talk'));
    const said = 'A comment on your change:\n\nc.txt:1\n> c\nWrite d.';
    await eventually(
      'it is said',
      () => attempts(session, 'talk')[0]?.messages.some(({ text }) => text === said),
      tree,
    );
    assert.equal(drawn().at(-1), 'file c.txt:1 Sent resolved: Write d.');
    await run('orchestrate.sendComments', on(session, 'talk'));
    assert.match(api.asked().at(-1) ?? '', /No comment waits/);
    writeFileSync(go, '');
    await eventually('the run ends', () => ended(session), tree);
  });

  it('are refused of what is not an attempt, and there is nothing to send then', async () => {
    await write(vscode.Uri.file(join(root, 'orchestrate.yaml')), 1, 'Not an attempt');
    assert.match(api.asked().at(-1) ?? '', /nothing was kept: Not an attempt/);
    await run('orchestrate.sendComments');
    assert.match(api.asked().at(-1) ?? '', /No comment waits/);
  });
});
