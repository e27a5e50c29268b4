import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { TemporaryRepository } from '../../rig/repository.ts';
import { CLI } from '../../rig/run.ts';
import { orchestrate } from './command-line.ts';

const PLAN = 'docs/plan/greet/plan.yaml';
const GREET = `plan_id: greet
objective: Say hello
tasks:
  - { id: en, title: English, wave: 1, agent: shell, run: "echo hello > en.txt", scope: [en.txt] }
`;

/** A client of the protocol's own library beside the real command line. */
async function connected(
  root: string,
): Promise<AsyncDisposable & { ask: (name: string, args?: object) => Promise<Said>; client: Client }> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp'], cwd: root }));
  return {
    client,
    ask: async (name, args = {}) => {
      const { content, isError = false } = await client.callTool({ name, arguments: { ...args } });
      const [first] = content;
      assert.equal(first?.type, 'text');
      return { text: first.text, isError };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

interface Said {
  text: string;
  isError: boolean;
}

describe('orchestrate mcp', () => {
  it('lets another program look, check and start, and leaves the yes to the person', async () => {
    await using repository = TemporaryRepository.with({ [PLAN]: GREET });
    await using server = await connected(repository.root);
    const { tools } = await server.client.listTools();
    const names = tools.map(({ name }) => name);
    assert.deepEqual(names, [
      'orchestrate_status',
      'orchestrate_log',
      'orchestrate_validate',
      'orchestrate_analyze',
      'orchestrate_start',
    ]);
    assert.deepEqual(await server.ask('orchestrate_status'), {
      text: 'There is no run in this repository yet. Start one: orchestrate run.',
      isError: true,
    });
    const started = await server.ask('orchestrate_start', { plan: 'greet' });
    assert.match(started.text, /^Run (greet-\w+-1) waits for the person\./);
    const waiting = JSON.parse((await server.ask('orchestrate_status')).text) as { state: string; driven: boolean };
    assert.deepEqual([waiting.state, waiting.driven], ['waiting', false]);
    assert.equal(repository.git('branch', '--list', 'orchestrate/*'), '');
    const { code } = await orchestrate(repository.root, 'run', 'greet', '--yes');
    assert.equal(code, 0);
    const merged = JSON.parse((await server.ask('orchestrate_status', { run: 'greet' })).text) as { outcome: string };
    assert.equal(merged.outcome, 'merged');
    assert.match((await server.ask('orchestrate_log')).text, /merged en as/);
  });

  it('tells mistakes with their place, and reads nothing outside the repository', async () => {
    await using repository = TemporaryRepository.with({
      [PLAN]: GREET.replace('id: en,', 'id: en, dependencies: [fr],'),
    });
    await using server = await connected(repository.root);
    const checked = await server.ask('orchestrate_validate', { file: PLAN });
    const { ok, problems } = JSON.parse(checked.text) as { ok: boolean; problems: { line: number; message: string }[] };
    assert.equal(ok, false);
    assert.ok(
      problems.some(({ line, message }) => line === 4 && message.includes('fr')),
      checked.text,
    );
    assert.equal((await server.ask('orchestrate_start', { plan: 'greet' })).isError, true);
    for (const file of ['../elsewhere.yaml', join(repository.root, '..', 'plan.yaml'), '.'])
      assert.deepEqual(await server.ask('orchestrate_validate', { file }), {
        text: 'The file has to lie in the repository.',
        isError: true,
      });
  });
});
