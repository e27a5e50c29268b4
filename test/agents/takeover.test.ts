import { equal, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { AgentSettings } from '../../src/model/config/config.ts';
import { attention } from '../../src/model/run/view.ts';
import { latest } from '../../src/model/run/state.ts';
import { ModelServer, type ScriptedRun } from '../rig/model-server/server.ts';
import { approve, assertEnded, CLI, RunRig, taskOf } from '../rig/run.ts';
import { SCRIPT, Terminal } from '../rig/terminal.ts';
import { DRIVEN } from './driven.ts';
import { cleanMachine, furnish } from './machine.ts';
import type { Driven } from './rig.ts';

/** The files of a home whose person has been through what a program asks the first time, and trusts the repository. */
type Home = (root: string, url: string) => Readonly<Record<string, string>>;

interface Person {
  home: Home;
}

const codexHome: Home = (root, url) => ({
  '.codex/config.toml': `model = "gpt-5.5"
model_provider = "scripted"
[model_providers.scripted]
name = "Scripted"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "SCRIPTED_KEY"
[projects."${root}"]
trust_level = "trusted"
[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
`,
});

const claudeHome: Home = (root) => ({
  '.claude.json': JSON.stringify({
    hasCompletedOnboarding: true,
    customApiKeyResponses: { approved: ['sk-not-a-key'], rejected: [] },
    projects: { [root]: { hasTrustDialogAccepted: true } },
  }),
});

const copilotHome: Home = (root) => ({
  '.copilot/config.json': JSON.stringify({ trustedFolders: [root] }),
});

const PEOPLE = {
  claude: { home: claudeHome },
  codex: { home: codexHome },
  opencode: { home: () => ({}) },
  copilot: { home: copilotHome },
  'claude-acp': { home: claudeHome },
  'codex-acp': { home: codexHome },
} satisfies Partial<Record<keyof typeof DRIVEN, Person>>;
type Name = keyof typeof PEOPLE;
const NAMES: readonly Name[] = ['claude', 'codex', 'opencode', 'copilot', 'claude-acp', 'codex-acp'];

if (SCRIPT === undefined) console.log('Taking over the real programs is not tried: no `script` that gives a terminal.');
else
  describe('Taking over from a real program with a scripted model', function () {
    this.timeout(240_000);
    const machine = cleanMachine(async () => {
      for (const name of NAMES) await DRIVEN[name].install();
    });
    let server: ModelServer;
    before(async () => {
      server = await ModelServer.open();
    });
    after(() => server.close());
    // One that waits for ever shows what it waits before.
    afterEach(() => open.splice(0).forEach((terminal) => terminal.close()));

    for (const name of NAMES)
      it(`${name}: its own program goes on with its session in the worktree, and what is handed back is merged`, () =>
        takesOver({ name, person: PEOPLE[name], machine: machine.home(), server }));
  });

const open: Terminal[] = [];

/** One letter that stands nowhere else: programs draw a longer answer piece by piece, with other things in between. */
const ANSWER = 'Ω';

interface Case {
  name: Name;
  person: Person;
  machine: string;
  server: ModelServer;
}

async function takesOver({ name, person, machine, server }: Case): Promise<void> {
  // It has said and done something, and waits for its model, when the person comes.
  const steps = [
    { actions: [{ do: 'read' as const, path: 'README.md' }] },
    { text: ANSWER, faults: [{ kind: 'hang' as const }] },
  ];
  const scripted = server.run({ steps });
  const own = join(machine, name);
  await using rig = new RunRig({
    tasks: `  - { id: a, title: A, description: Remember the word heron., agent: ${name}, scope: [b.txt] }\n`,
    config: JSON.stringify({ agents: await settingsOf(name, scripted.url, own) }),
  });
  furnish(own, person.home(rig.root, scripted.url));
  const session = await rig.open();
  await approve(session);
  await scripted.asked(1);
  const path = latest(taskOf(session.state, 'a'))?.path ?? '';
  await goesOnByHand({ root: rig.root, path, scripted });
  equal(attention(session.state)[0]?.kind, 'taken');
  writeFileSync(join(path, 'b.txt'), 'by hand\n');
  await promisify(execFile)(process.execPath, [CLI, 'handback', 'a'], { cwd: rig.root });
  await session.atRest();
  assertEnded(session, 'merged');
  equal(rig.merged(session, 'b.txt'), 'by hand\n');
}

interface Scene {
  root: string;
  path: string;
  scripted: ScriptedRun;
}

/** A person sits in a terminal, sees the session as it was, says something, reads the answer and leaves. */
async function goesOnByHand({ root, path, scripted }: Scene): Promise<void> {
  await using terminal = new Terminal(`'${process.execPath}' '${CLI}' takeover a`, root, process.env);
  open.push(terminal);
  await terminal.shows('a is yours, in');
  await terminal.shows('heron');
  await terminal.enter('Now mind the finch');
  await terminal.shows(ANSWER);
  const body = scripted.bodies.find((one) => one.includes('Now mind the finch')) ?? '';
  ok(body.includes('word heron'), 'the session is the one that was begun');
  match(body, new RegExp(basename(path)), 'it is in the worktree of the attempt');
  await terminal.leave('Hand it back when');
}

/** The agent, and the program that opens its sessions, in a home of their own. */
async function settingsOf(name: Name, url: string, home: string): Promise<Record<string, AgentSettings>> {
  const driven: Driven = DRIVEN[name];
  const usual = driven.settings(url);
  const env = { ...usual.env, HOME: home };
  const opener = name.replace('-acp', '') as Name;
  return {
    [opener]: { command: await DRIVEN[opener].install(), env },
    [name]: { ...usual, command: await driven.install(), env },
  };
}
