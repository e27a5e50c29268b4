import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Event } from '../../src/model/run/event.ts';
import { journalLines, orchestrate } from '../engine/cli/command-line.ts';
import type { Action, Step } from '../rig/model-server/script.ts';
import { ModelServer, type ScriptedRun } from '../rig/model-server/server.ts';
import { RunRig } from '../rig/run.ts';
import { DRIVEN } from './driven.ts';
import { cleanMachine, furnish } from './machine.ts';
import type { Driven } from './rig.ts';

const TASKS = `  - { id: a, title: Write a, wave: 1, scope: [a.txt] }
  - { id: b, title: Write b, wave: 1, scope: [b.txt] }
`;

/** One model answers for both tasks: the folder says which it is. */
const WRITE: Action = { do: 'shell', command: 'pwd | grep -q /a- && echo x > a.txt || echo x > b.txt' };

describe('A platform, with the real program that it names', function () {
  this.timeout(240_000);
  const machine = cleanMachine(async () => {
    for (const { install } of [DRIVEN.gemini, DRIVEN.opencode]) await install();
  });
  let server: ModelServer;
  before(async () => {
    server = await ModelServer.open();
    furnish(machine.home(), DRIVEN.gemini.home);
  });
  after(() => server.close());

  it('gemini: in batches, each task told its correlation id', async () => {
    const { events, scripted, stdout } = await run(
      'gemini',
      ['--platform', 'gemini', '--batch-size', '1'],
      [{ actions: [WRITE] }, { text: 'Done.' }],
    );
    const started = events.find((event) => event.type === 'run.started');
    ok(started?.type === 'run.started');
    const ids = ['a', 'b'].map((task) => started.agents[task]?.correlation ?? 'none');
    equal(new Set(ids).size, 2);
    for (const id of ids)
      ok(
        scripted.bodies.some((body) => body.includes(id)),
        `no prompt with ${id}`,
      );
    const order = events.flatMap((event) =>
      event.type === 'worktree.intended' ? [event.task] : event.type === 'attempt.accepted' ? ['through'] : [],
    );
    deepEqual(order.slice(0, 3), ['a', 'through', 'b']);
    match(stdout, /answered without its id/);
  });

  it('open-source: opencode is asked for markers, and what it says with them is heard', async () => {
    const { events, scripted, stdout } = await run(
      'opencode',
      ['--platform', 'open-source'],
      [{ text: '[STATUS: PROGRESS-40%] half way', actions: [WRITE] }, { text: 'All of it.\n[COMPLETE]' }],
    );
    ok(
      scripted.bodies.some((body) => body.includes('[STATUS: PROGRESS-25%]')),
      'no prompt asks for markers',
    );
    match(stdout, /40 ?%/);
    ok(events.some((event) => event.type === 'attempt.accepted'));
  });

  /** One run of both tasks, to the end. */
  async function run(
    name: 'gemini' | 'opencode',
    words: string[],
    steps: Step[],
  ): Promise<{ events: Event[]; scripted: ScriptedRun; stdout: string }> {
    const driven: Driven = DRIVEN[name];
    const scripted = server.run({ steps });
    await using rig = new RunRig({
      tasks: TASKS,
      config: JSON.stringify({
        agents: { [name]: { ...driven.settings(scripted.url), command: await driven.install() } },
      }),
    });
    const { code, stdout, stderr } = await orchestrate(rig.root, 'run', '--yes', ...words);
    equal(code, 0, stdout + stderr);
    const events = journalLines(rig.root).map((line): Event => Object(JSON.parse(line)));
    equal(events.filter(({ type }) => type === 'attempt.accepted').length, 2);
    return { events, scripted, stdout };
  }
});
