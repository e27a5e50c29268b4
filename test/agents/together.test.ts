import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobFolder } from '../../src/engine/places.ts';
import type { RunSession } from '../../src/engine/session.ts';
import type { AgentSettings } from '../../src/model/config.ts';
import { readExit, readSpec, scratchFolder } from '../../src/process/job-folder.ts';
import { ModelServer, type ScriptedRun } from '../rig/model-server/server.ts';
import { approve, assertEnded, eventOf, failureOf, RunRig, taskOf, worktrees } from '../rig/run.ts';
import * as install from './install.ts';
import { judged } from './scenarios.ts';
import * as scripted from './scripted.ts';

/** Each with what lets it run a command unasked. */
const ALL: Readonly<Record<string, [program: () => Promise<string[]>, (url: string) => AgentSettings]>> = {
  claude: [
    async () => [await install.installClaude()],
    (url) => ({ ...scripted.claudeSettings(url), args: ['--allowedTools', 'Bash'] }),
  ],
  codex: [install.installCodex, scripted.codexSettings],
  gemini: [install.installGemini, (url) => ({ ...scripted.geminiSettings(url), args: ['--approval-mode', 'yolo'] })],
  opencode: [install.installOpencode, scripted.opencodeSettings],
  copilot: [install.installCopilot, scripted.copilotSettings],
  'claude-acp': [
    install.installClaudeAcp,
    (url) => ({ ...scripted.claudeSettings(url), permissions: { execute: 'allow' } }),
  ],
};
/** All that the programs find of this machine's environment. */
const KEPT = new Set(['PATH', 'LANG', 'TMPDIR', 'ORCHESTRATE_TEST']);

const NAMES = Object.keys(ALL);

describe('Six different agents in one run, the real programs with a scripted model', function () {
  this.timeout(180_000);
  let server: ModelServer;
  let homes: string;
  const commands = new Map<string, string[]>();
  const machine = { ...process.env };
  before(async function () {
    this.timeout(600_000);
    for (const [name, [program]] of Object.entries(ALL)) commands.set(name, await program());
    for (const name of Object.keys(machine)) if (!KEPT.has(name)) delete process.env[name];
    server = await ModelServer.open();
    homes = mkdtempSync(join(tmpdir(), 'together-'));
  });
  after(async () => {
    Object.assign(process.env, machine);
    await server.close();
    rmSync(homes, { recursive: true, force: true });
  });

  it('work at once, a task each, and all they wrote is merged', async () => {
    const runs = new Map<string, ScriptedRun>();
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    for (const name of NAMES) runs.set(name, server.run({ steps: stepsOf(name, answered) }));
    await using rig = new RunRig({
      tasks: NAMES.map(
        (name) => `  - { id: t-${name}, title: Write as ${name}, agent: ${name}, scope: [${name}.txt] }\n`,
      ).join(''),
      config: JSON.stringify({ agents: settingsOf(runs), limits: { agents: NAMES.length } }),
    });
    const session = await rig.open();
    const jobs = agentJobs(session);
    const failed = eventOf(session, ({ type }) => type === 'attempt.failed');
    await approve(session);
    // Nobody gets a word before all have asked for one, so all are at work now.
    await Promise.race([failed, Promise.all([...runs.values()].map((run) => run.asked(0)))]);
    const atWork = session.state.live.size;
    answer();
    await session.atRest();

    for (const name of NAMES) equal(failureOf(session.state, `t-${name}`), undefined, name);
    equal(atWork, NAMES.length);
    assertEnded(session, 'merged');
    const files = rig.repository.files(session.state.branch ?? '');
    for (const name of NAMES) {
      const { attempts, retries } = taskOf(session.state, `t-${name}`);
      deepEqual([files[`${name}.txt`], attempts.length, retries], [`by ${name}\n`, 1, 0], name);
      ok(
        runs.get(name)?.bodies.some((body) => body.includes(`Write as ${name}`)),
        name,
      );
    }
    deepEqual(jobs.map(({ task }) => task).toSorted(), NAMES.map((name) => `t-${name}`).toSorted());
    for (const { task, job } of jobs) assertDoneBy(task.slice(2), jobFolder(session.ref, job));
    deepEqual(worktrees(rig.root), []);
  });

  /** One command that writes one file, in whatever tool the program has for commands. */
  const stepsOf = (name: string, answered: Promise<void>) => [
    { after: answered, actions: [{ do: 'shell' as const, command: `printf 'by ${name}\\n' > ${name}.txt` }] },
    { text: 'Done.' },
  ];

  /** Each has a home of its own, so nothing of the machine's is found and none finds another's. */
  function settingsOf(runs: ReadonlyMap<string, ScriptedRun>): Readonly<Record<string, AgentSettings>> {
    const entries = [...runs].map(([name, { url }]): [string, AgentSettings] => {
      const settings = ALL[name]?.[1](url);
      const home = join(homes, name);
      mkdirSync(join(home, '.gemini'), { recursive: true });
      mkdirSync(join(home, '.codex'));
      writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(scripted.GEMINI_HOME));
      const places = { HOME: home, CODEX_HOME: join(home, '.codex') };
      return [name, { ...settings, command: commands.get(name) ?? [], env: { ...settings?.env, ...places } }];
    });
    return Object.fromEntries(entries);
  }

  /** Every start of an agent from now on. */
  function agentJobs(session: RunSession): { task: string; job: string }[] {
    const jobs: { task: string; job: string }[] = [];
    session.subscribe(({ events }) => {
      for (const event of events)
        if (event.type === 'job.intended' && event.purpose.kind === 'agent')
          jobs.push({ task: event.purpose.task, job: event.intent });
    });
    return jobs;
  }

  /** The job was this program's, which says itself that it ended well, and its temporary folder is gone. */
  function assertDoneBy(name: string, folder: string): void {
    const [spec, exit] = [readSpec(folder), readExit(folder)];
    ok(spec && exit, name);
    const command = commands.get(name) ?? [];
    const argv = 'argv' in spec.command ? spec.command.argv : [];
    deepEqual([spec.agent, argv.slice(0, command.length)], [name, command]);
    equal(judged(exit), 'succeeded', name);
    equal(existsSync(scratchFolder(folder)), false, name);
  }
});
