import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
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
  withRepository,
  outline,
  planFiles,
  root,
  run,
  start,
} from './orchestrate.ts';

const textOf = (file: string): string => readFileSync(file, 'utf8');

/**
 * Speaks as codex does and works until the file `go` lies beside the checkout. Started by a person, without `exec`, it
 * writes down how, and stays.
 */
const PROGRAM = String.raw`
const fs = require('node:fs'), path = require('node:path');
const args = process.argv.slice(2);
const say = (event) => console.log(JSON.stringify(event));
if (args[0] !== 'exec') {
  fs.writeFileSync('by-hand.txt', args.join(' ') + '\n');
  setInterval(() => {}, 1e6);
} else {
  const go = path.resolve('../../../go-' + path.basename(process.cwd()).split('-')[0]);
  const resumed = args.includes('resume');
  say({ type: 'thread.started', thread_id: 't-1' });
  let told = '';
  process.stdin.on('data', (data) => (told += data)).on('end', () => {
    fs.appendFileSync('turns.txt', resumed ? 'resumed: ' + told.trim() + '\n' : 'first\n');
    const end = () => say({ type: 'turn.completed', usage: { input_tokens: 1, output_tokens: 1 } });
    if (resumed) return end();
    const look = () => { if (fs.existsSync(go)) { watcher.close(); end(); } };
    const watcher = fs.watch(path.dirname(go), look);
    look();
  });
}
`;

describe('an agent at work', function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string => `${outline(api.rows())}\n${api.asked().join('\n')}`;
  const row = (label: string) => flat(api.rows()).find((one) => one.label === label);
  before(async () => {
    api = await withRepository();
  });

  /** A run whose one task, named as its plan, has its agent at work. */
  async function atWork(id: string): Promise<RunSession> {
    const node = process.env['VSCODE_TEST_NODE'] ?? 'node';
    commit({
      ...planFiles(id, [{ id, title: `Task ${id}`, wave: 1, agent: 'codex', scope: ['turns.txt', 'by-hand.txt'] }], {
        agents: { codex: { command: [node, join(root, 'program.cjs')] } },
      }),
      'program.cjs': PROGRAM,
    });
    const session = await start(api, id);
    await run('orchestrate.approve', on(session));
    await eventually('it works', () => existsSync(join(worktree(session, id), 'turns.txt')), tree);
    return session;
  }

  const worktree = ({ state }: RunSession, id: string): string => state.tasks.get(id)?.attempts[0]?.path ?? '/nowhere';

  it('is told something, which waits for its next turn, and is said to', async () => {
    const session = await atWork('tabs');
    assert.ok(row('Task tabs')?.can.includes('tellable'), tree());
    api.answer('use tabs');
    await clicked('orchestrate.tell', row('Task tabs')!);
    await eventually('the message waits', () => row('use tabs')?.description === 'waits for its next turn', tree);
    writeFileSync(join(root, '..', 'go-tabs'), '');
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    assert.equal(git('show', `${session.state.integration}:turns.txt`), 'first\nresumed: A person says: use tabs');
    assert.equal(row('use tabs')?.description, 'told');
    await run('orchestrate.openTerminal', on(session, 'tabs'));
    const shown = (): string => api.terminals().find(({ name }) => name.includes('Task tabs'))?.text ?? '';
    await eventually('the terminal tells of both turns', () => shown().includes('told more'), shown);
  });

  it('is taken over in a terminal with its own session, and handed back', async () => {
    const session = await atWork('hands');
    const before = new Set(vscode.window.terminals);
    await run('orchestrate.takeOver', on(session, 'hands'));
    const file = join(worktree(session, 'hands'), 'by-hand.txt');
    await eventually('its own session is open', () => existsSync(file) && textOf(file).endsWith('\n'), tree);
    const terminal = vscode.window.terminals.find((one) => !before.has(one) && one.name.includes('(yours)'));
    assert.ok(terminal, tree());
    assert.match(textOf(file), /^(-c \S+ )?resume t-1\n$/);
    assert.match(row('Task hands')?.description ?? '', /^taken over by you/);
    assert.ok(
      api.rows()[0]?.children.some(({ can }) => can.includes('taken')),
      tree(),
    );
    assert.match(row('Attempt 1')?.description ?? '', /taken over by you/);
    terminal.dispose();
    await clicked('orchestrate.handBack', row('Task hands')!);
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    assert.ok(git('ls-tree', '--name-only', session.state.integration).includes('by-hand.txt'));
  });
});
