import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jobFolder } from '../../src/engine/places.ts';
import type { RunSession } from '../../src/engine/session.ts';
import type { AgentSettings } from '../../src/model/config/config.ts';
import { readExit, readSpec, scratchFolder } from '../../src/process/job-folder.ts';
import { ModelServer, type ScriptedRun } from '../rig/model-server/server.ts';
import { approve, assertEnded, eventOf, failureOf, RunRig, taskOf, worktrees } from '../rig/run.ts';
import { DRIVEN } from './driven.ts';
import { cleanMachine, furnish } from './machine.ts';
import type { Driven } from './rig.ts';
import { judged } from './scenarios.ts';

const NAMES = ['claude', 'codex', 'gemini', 'opencode', 'copilot', 'claude-acp'] as const;
type Name = (typeof NAMES)[number];

describe('Six different agents in one run, the real programs with a scripted model', function () {
  this.timeout(180_000);
  const commands = new Map<Name, string[]>();
  const machine = cleanMachine(async () => {
    for (const name of NAMES) commands.set(name, await DRIVEN[name].install());
  });
  let server: ModelServer;
  before(async () => {
    server = await ModelServer.open();
  });
  after(() => server.close());

  it('work at once, a task each, and all they wrote is merged', async () => {
    const runs = new Map<Name, ScriptedRun>();
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
    for (const { task, job } of jobs) assertDoneBy(task.slice(2) as Name, jobFolder(session.ref, job));
    deepEqual(worktrees(rig.root), []);
  });

  /** One command that writes one file, in whatever tool the program has for commands. */
  const stepsOf = (name: string, answered: Promise<void>) => [
    { after: answered, actions: [{ do: 'shell' as const, command: `printf 'by ${name}\\n' > ${name}.txt` }] },
    { text: 'Done.' },
  ];

  /** Each has a home of its own, so none finds another's. */
  function settingsOf(runs: ReadonlyMap<Name, ScriptedRun>): Readonly<Record<string, AgentSettings>> {
    const entries = [...runs].map(([name, { url }]): [string, AgentSettings] => {
      const { home: files, settings: usual }: Driven = DRIVEN[name];
      const home = join(machine.home(), name);
      furnish(home, { '.codex/config.toml': '', ...files });
      const settings = usual(url);
      const env = { ...settings.env, HOME: home, CODEX_HOME: join(home, '.codex') };
      return [name, { ...settings, command: commands.get(name) ?? [], env }];
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
  function assertDoneBy(name: Name, folder: string): void {
    const [spec, exit] = [readSpec(folder), readExit(folder)];
    ok(spec && exit, name);
    const command = commands.get(name) ?? [];
    const argv = 'argv' in spec.command ? spec.command.argv : [];
    deepEqual([spec.agent, argv.slice(0, command.length)], [name, command]);
    equal(judged(exit), 'succeeded', name);
    equal(existsSync(scratchFolder(folder)), false, name);
  }
});
