import { equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { claimFile } from '../../src/process/job-folder.ts';
import { jobFolder } from '../../src/engine/places.ts';
import { Children } from '../rig/children.ts';
import { ModelServer } from '../rig/model-server/server.ts';
import { approve, assertEnded, eventOf, RunRig, taskOf } from '../rig/run.ts';
import { DRIVEN } from './driven.ts';
import { cleanMachine } from './machine.ts';

describe('A run whose runner is killed', function () {
  this.timeout(120_000);
  let program: string[];
  cleanMachine(async () => {
    program = await DRIVEN.claude.install();
  });

  it('lets Claude Code go on with its session, in the same worktree', async () => {
    const [server, children] = await Promise.all([ModelServer.open(), Children.open()]);
    try {
      const waits = `test -e begun && echo again > a.txt || { touch begun; ${children.line}; }`;
      const run = server.run({
        steps: [{ actions: [{ do: 'shell', command: waits }] }, { text: 'Done.' }],
      });
      const claude = { ...DRIVEN.claude.settings(run.url), command: program, maxTurns: 6 };
      await using rig = new RunRig({
        tasks: '- { id: a, title: a, description: Remember the word heron. }\n',
        config: `agents: ${JSON.stringify({ default: 'claude', claude })}\n`,
      });
      const session = await rig.open();
      await approve(session);
      await children.next();
      const [job = ''] = [...session.state.open.keys()];
      const resumed = eventOf(session, ({ type }) => type === 'attempt.resumed');
      process.kill(JSON.parse(readFileSync(claimFile(jobFolder(session.ref, job)), 'utf8')).pid, 'SIGKILL');
      const event = await resumed;
      ok(event.type === 'attempt.resumed' && event.session !== undefined);
      await session.atRest();
      assertEnded(session, 'merged');
      const { attempts, retries } = taskOf(session.state, 'a');
      equal(attempts.length, 1);
      equal(retries, 0);
      equal(rig.merged(session, 'a.txt'), 'again\n');
      const last = run.bodies.at(-1) ?? '';
      match(last, /word heron/);
      match(last, /was cut off from outside/);
      ok((attempts[0]?.spent?.cost ?? 0) > 0);
    } finally {
      await server.close();
      await children.close();
    }
  });
});
