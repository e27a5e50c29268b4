import { strict as assert } from 'node:assert';
import type { RunSession } from '../../src/engine/session.ts';
import type { CommandId } from '../../src/host/contributions.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import { ACP_AGENT } from '../rig/acp-agent.ts';
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
  run,
  start,
  withRepository,
} from './orchestrate.ts';

describe('an agent that asks leave', function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string => `${outline(api.rows())}\n${api.asked().join('\n')}`;
  const requests = () => flat(api.rows()).filter(({ can }) => can.includes('permission'));
  before(async () => {
    api = await withRepository();
  });

  /** A run whose one task waits for leave to write the first of these files. */
  async function asking(id: string, ...files: readonly string[]): Promise<RunSession> {
    const node = process.env['VSCODE_TEST_NODE'] ?? 'node';
    const heron = { acp: true, command: [node, '../../acp-agent.mjs', ...files] };
    commit({
      ...planFiles(id, [{ id, title: `Task ${id}`, wave: 1, agent: 'heron', scope: files }], {
        agents: { heron },
        limits: { retries: 0 },
      }),
      'acp-agent.mjs': ACP_AGENT,
    });
    const session = await start(api, id);
    await run('orchestrate.approve', on(session));
    await asked(files[0]!);
    return session;
  }

  /** The row of the request to write a file, once it stands in the tree. */
  const asked = (file: string) =>
    eventually(`leave for ${file} is asked`, () => requests().find(({ label }) => label === `write ${file}`), tree);

  const press = async (command: CommandId, file: string): Promise<void> => clicked(command, await asked(file));

  async function merged(session: RunSession): Promise<string[]> {
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    assert.deepEqual(requests(), [], tree());
    return git('diff', '--name-only', session.state.base, session.state.integration).split('\n');
  }

  it('shows in the tree what it asks, with a badge and a notification, and is allowed each thing by a press', async () => {
    const session = await asking('once', 'one.txt', 'two.txt');
    const row = await asked('one.txt');
    assert.deepEqual(row.can, ['permission', 'permissionAlways', 'terminal']);
    assert.match(row.description ?? '', /^Task once asks leave · since /);
    await eventually('the icon says so', () => api.head().badge === 1, tree);
    await eventually('the status bar says so', () => api.statusBar().includes('bell-dot'), api.statusBar);
    assert.ok(
      api.asked().some((text) => text.includes('"Task once" asks leave') && text.includes('write one.txt')),
      tree(),
    );
    await press('orchestrate.allowOnce', 'one.txt');
    await press('orchestrate.allowOnce', 'two.txt');
    assert.deepEqual(await merged(session), ['one.txt', 'two.txt']);
  });

  it('is allowed for good by a press, and asks no more', async () => {
    const session = await asking('always', 'three.txt', 'four.txt');
    await press('orchestrate.allowAlways', 'three.txt');
    assert.deepEqual(await merged(session), ['four.txt', 'three.txt']);
    assert.equal(api.asked().filter((text) => text.includes('"Task always" asks leave')).length, 1, tree());
  });

  it('is refused by a press, and does it not', async () => {
    const session = await asking('never', 'five.txt');
    await press('orchestrate.deny', 'five.txt');
    const failed = () => session.state.tasks.get('never')?.attempts[0]?.stage.at === 'ended';
    await eventually('the attempt fails', failed, tree);
    api.answer(true);
    await run('orchestrate.cancel', on(session));
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.integration, session.state.base);
  });

  it('gets no answer that was meant for what it asked before', async () => {
    const session = await asking('stale', 'six.txt', 'seven.txt');
    const former = await asked('six.txt');
    await clicked('orchestrate.allowOnce', former);
    await asked('seven.txt');
    // A notification stays on the screen after its question was answered elsewhere.
    await clicked('orchestrate.allowOnce', former);
    assert.equal(api.asked().at(-1), 'That no longer waits for you.', tree());
    assert.equal(requests().length, 1, tree());
    await press('orchestrate.allowOnce', 'seven.txt');
    assert.deepEqual(await merged(session), ['seven.txt', 'six.txt']);
  });
});
