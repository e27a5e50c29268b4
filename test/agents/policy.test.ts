import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { ModelServer, type ScriptedRun } from '../rig/model-server/server.ts';
import { assertEnded, failureOf, RunRig } from '../rig/run.ts';
import { DRIVEN } from './driven.ts';
import { cleanMachine } from './machine.ts';
import { claudeSettings } from './scripted.ts';

const ROLE = `---
effort: low
---
You write haiku about code. ${'Every line of it counts. '.repeat(4000)}
`;

describe('What a real agent is told, through the whole engine', function () {
  this.timeout(300_000);
  cleanMachine(async () => {
    for (const { install } of [DRIVEN.claude, DRIVEN.codex]) await install();
  });
  let server: ModelServer;
  before(async () => {
    server = await ModelServer.open();
  });
  after(() => server.close());

  const write = (): ScriptedRun =>
    server.run({ steps: [{ actions: [{ do: 'shell', command: "printf 'haiku\\n' > a.txt" }] }, { text: 'Done.' }] });

  /** A run of one task, whose agent is the default; the rest of its settings are YAML. */
  async function run(agent: string, settings: object): Promise<void> {
    await using rig = new RunRig({
      tasks: '  - { id: a, title: Write the server, description: It answers, complexity: complex, scope: [a.txt] }\n',
      config: JSON.stringify({ agents: { default: agent, [agent]: settings } }),
      files: { '.orchestrate/agents/implementer.md': ROLE },
    });
    const session = await rig.run();
    equal(failureOf(session.state, 'a'), undefined);
    assertEnded(session, 'merged');
    equal(rig.merged(session, 'a.txt'), 'haiku\n');
  }

  it('claude: the model of the grade, the effort of the role, and a long system text that is no argument', async () => {
    const scripted = write();
    await run('claude', {
      ...claudeSettings(scripted.url),
      command: await DRIVEN.claude.install(),
      models: { complex: 'claude-opus-4-5', standard: 'claude-sonnet-4-5' },
      args: ['--allowedTools', 'Bash'],
    });
    const asked = scripted.requests.findIndex(({ tools }) => tools.length > 0);
    equal(scripted.requests[asked]?.model, 'claude-opus-4-5');
    const { system } = Object(JSON.parse(scripted.bodies[asked] ?? ''));
    const text = JSON.stringify(system);
    for (const part of [
      'You write haiku about code.',
      'Do not switch branches',
      'You are a backend engineer',
      'at most 200 at a time',
    ])
      ok(text.includes(part), part);
    match(JSON.stringify(Object(JSON.parse(scripted.bodies[asked] ?? '')).messages), /Task: Write the server/);
  });

  it('codex: the model and effort, and the same text at the head of its prompt', async () => {
    const scripted = write();
    const { args, env } = DRIVEN.codex.settings(scripted.url);
    await run('codex', { command: await DRIVEN.codex.install(), models: { complex: 'gpt-5.1-codex' }, env, args });
    const asked = scripted.requests.findIndex(({ tools }) => tools.length > 0);
    equal(scripted.requests[asked]?.model, 'gpt-5.1-codex');
    const body = Object(JSON.parse(scripted.bodies[asked] ?? ''));
    equal(body.reasoning?.effort, 'low');
    const prompt: string = JSON.stringify(body.input);
    const places = ['# Rules', 'You write haiku about code.', '# Task: Write the server'].map((part) =>
      prompt.indexOf(part),
    );
    ok(places.every((place) => place > 0));
    deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  });
});
