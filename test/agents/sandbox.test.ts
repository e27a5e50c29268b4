import { equal, match } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from 'mocha';
import { crewLines } from '../../src/model/crew/crew.ts';
import { findProgram } from '../../src/process/spawn.ts';
import { ModelServer } from '../rig/model-server/server.ts';
import { approve, assertEnded, failureOf, RunRig } from '../rig/run.ts';
import { DRIVEN } from './driven.ts';
import { cleanMachine } from './machine.ts';
import { claudeSettings } from './scripted.ts';

const MISSING = ['bwrap', 'socat'].filter((program) => findProgram(program, process.env, '/') === undefined);

if (MISSING.length > 0) console.log(`The sandbox of Claude Code is not tried: no ${MISSING.join(', no ')} on PATH.`);
else describe('The sandbox of Claude Code, the real program with a scripted model', tries);

function tries(this: Suite): void {
  this.timeout(300_000);
  let program: string[];
  cleanMachine(async () => {
    program = await DRIVEN.claude.install();
  });
  let server: ModelServer;
  before(async () => {
    server = await ModelServer.open();
  });
  after(() => server.close());

  const shell = (command: string) => ({ actions: [{ do: 'shell' as const, command }] });

  it('holds its commands in the worktree, as was said at approval', async () => {
    await using rig = new RunRig({
      tasks: '  - { id: a, title: A, scope: [a.txt] }\n',
      config: JSON.stringify({ agents: { default: 'claude', claude: settings('') } }),
    });
    const outside = join(rig.root, 'outside.txt');
    const scripted = server.run({
      steps: [
        shell("printf 'in\\n' > a.txt"),
        shell(`echo x > ${outside}`),
        shell('echo x > ../beside.txt'),
        { text: 'Done.' },
      ],
    });
    rig.repository.write({
      'orchestrate.yaml': JSON.stringify({ agents: { default: 'claude', claude: settings(scripted.url) } }),
    });
    const session = await rig.open();
    match(
      crewLines(session.state)[0] ?? '',
      /^claude: 1 task\. The operating system keeps it in its worktree: a command/,
    );
    await approve(session);
    await session.atRest();
    equal(failureOf(session.state, 'a'), undefined);
    assertEnded(session, 'merged');
    equal(rig.merged(session, 'a.txt'), 'in\n');
    equal(existsSync(outside) || existsSync(join(rig.root, '.worktrees', 'beside.txt')), false);
    equal(scripted.bodies.at(-1)?.includes('Read-only file system'), true);
  });

  /** No command is allowed by name: with the sandbox they need not be. */
  const settings = (url: string): object => ({ ...claudeSettings(url), command: program });
}
