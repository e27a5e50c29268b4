import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claude } from '../../src/agents/claude.ts';
import type { AgentSettings } from '../../src/model/config.ts';
import type { AgentEvent, JobExit } from '../../src/model/job.ts';
import { rawFile, scratchFolder } from '../../src/process/job-folder.ts';
import { sendOrder } from '../../src/process/job.ts';
import { JobBench, ledgerOf } from '../engine/jobs/bench.ts';
import { Children } from '../rig/children.ts';
import type { Step } from '../rig/model-server/script.ts';
import { ModelServer, type ScriptedRun } from '../rig/model-server/server.ts';
import { Attempts, type Attempt } from './attempt.ts';
import { installClaude } from './install.ts';

describe('Claude Code, the real program with a scripted model', function () {
  this.timeout(120_000);
  let program: string;
  let server: ModelServer;
  let bench: JobBench;
  let attempts: Attempts;
  let children: Children;
  before(async function () {
    this.timeout(600_000);
    program = await installClaude();
    server = await ModelServer.open();
    bench = await JobBench.open();
    attempts = new Attempts(bench, claude);
    children = await Children.open();
  });
  after(async () => {
    await children.close();
    await server.close();
    deepEqual(await bench.leftovers(), []);
    attempts.close();
    bench.close();
  });

  async function begin(...steps: Step[]): Promise<{ run: ScriptedRun; attempt: Attempt }> {
    const run = server.run({ steps });
    return { run, attempt: await attempts.start(settingsFor(run.url)) };
  }

  function settingsFor(url: string): AgentSettings {
    const env = { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'sk-not-a-key', CLAUDE_CODE_MAX_RETRIES: '2' };
    const args = ['--allowedTools', 'Bash'];
    return { command: [program], model: 'claude-sonnet-4-5', maxTurns: 6, env, args };
  }

  /** With ORCHESTRATE_RECORD set, what the program printed becomes a fixture of the reader's own test. */
  async function exitOf(attempt: Attempt, name: string): Promise<JobExit> {
    const exit = await attempt.exit();
    const raw = readFileSync(rawFile(attempt.folder), 'utf8')
      .replaceAll(attempts.root, '/example')
      .replaceAll(attempts.root.replaceAll('/', '-'), '-example');
    const clean = raw
      .replaceAll(scratchFolder(attempt.folder), '/example/tmp')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
    if (process.env['ORCHESTRATE_RECORD']) writeFileSync(`test/unit/agents/fixtures/claude/${name}.jsonl`, clean);
    return exit;
  }

  const path = (name: string): string => join(attempts.repository, name);

  it('writes and commits a file, says what it does, and succeeds', async () => {
    const { attempt } = await begin(
      {
        thinking: 'A file first.',
        text: 'Writing.',
        actions: [{ do: 'write', path: path('a.txt'), content: 'hello\n' }],
      },
      { actions: [{ do: 'shell', command: 'git add a.txt && git commit -qm "Add a" && echo committed' }] },
      { text: 'All done.' },
    );
    const { code, agent } = await exitOf(attempt, 'success');
    equal(code, 0);
    ok(agent?.kind === 'succeeded');
    deepEqual([agent.summary, agent.session], ['All done.', attempt.session]);
    ok((agent.usage?.cost ?? 0) > 0 && (agent.usage?.inputTokens ?? 0) > 0);
    equal(attempts.git('show', '--format=%s', '--name-only'), 'Add a\n\na.txt');
    const events = (await attempt.events()).filter(({ type }) => type !== 'other' && type !== 'usage');
    deepEqual(
      events.map(({ type }) => type),
      ['session', 'thinking', 'text', 'toolStarted', 'toolEnded', 'toolStarted', 'toolEnded', 'text', 'ended'],
    );
    const started = events.filter(isStarted).map(({ name, detail }) => ({ name, detail }));
    deepEqual(started[0], { name: 'Write', detail: path('a.txt') });
    equal(existsSync(scratchFolder(attempt.folder)), false);
  });

  it('goes on after a tool that fails', async () => {
    const { attempt } = await begin(
      { actions: [{ do: 'shell', command: 'echo broken >&2; exit 3' }] },
      { text: 'It failed.' },
    );
    const { agent } = await exitOf(attempt, 'tool-error');
    equal(agent?.kind, 'succeeded');
    const ended = (await attempt.events()).find((event) => event.type === 'toolEnded');
    ok(ended?.type === 'toolEnded' && ended.failed);
    match(ended.output, /broken/);
  });

  it('notes what it was not allowed to do', async () => {
    const { attempt } = await begin(
      { actions: [{ do: 'write', path: '/usr/not-allowed', content: '' }] },
      { text: 'I could not.' },
    );
    const { agent } = await exitOf(attempt, 'denied');
    ok(agent?.kind === 'succeeded');
    match(agent.summary, /I could not\.\n\nDenied: Write/);
    ok((await attempt.events()).some(({ type }) => type === 'denied'));
  });

  it('with a key that is not accepted, is a matter for a person', async () => {
    const { attempt } = await begin({ faults: [{ kind: 'status', status: 401, forever: true }] });
    const { code, agent } = await exitOf(attempt, 'key-refused');
    equal(code, 1);
    ok(agent?.kind === 'failed');
    equal(agent.type, 'escalate');
  });

  it('that is throttled waits by itself and succeeds', async () => {
    const { attempt, run } = await begin({
      text: 'Done.',
      faults: [{ kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
    });
    equal((await exitOf(attempt, 'throttled')).agent?.kind, 'succeeded');
    const retries = (await attempt.events()).filter(({ type }) => type === 'retry');
    equal(retries.length, 1);
    equal(run.requests.filter(({ tools }) => tools.length > 0).length, 2);
  });

  for (const fault of [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 529 },
    { kind: 'cut' },
    { kind: 'malformed' },
  ] as const) {
    it(`whose model never recovers from ${'status' in fault ? fault.status : fault.kind} may be tried again`, async () => {
      const { attempt } = await begin({ faults: [{ ...fault, forever: true }] });
      const { agent } = await exitOf(attempt, `unwell-${'status' in fault ? fault.status : fault.kind}`);
      ok(agent?.kind === 'failed');
      equal(agent.type, 'transient');
    });
  }

  it('that runs out of turns has something to mend', async () => {
    const again: Step = { actions: [{ do: 'shell', command: 'true' }] };
    const { attempt } = await begin(again, again, again, again, again, again, again, again);
    const { agent } = await exitOf(attempt, 'out-of-turns');
    ok(agent?.kind === 'failed');
    equal(agent.type, 'fixable');
  });

  it('cancelled in the middle of a tool leaves no process', async () => {
    const { attempt } = await begin({ actions: [{ do: 'shell', command: children.line }] });
    const tool = await children.next();
    await tool.ignore('SIGTERM');
    await tool.fork({ detached: true });
    const stray = await children.next();
    await sendOrder(attempt.folder, { id: 'cancel', epoch: 1, kind: 'cancel' });
    const { stopped, agent } = await attempt.exit();
    deepEqual([stopped, agent?.kind], ['cancelled', 'failed']);
    deepEqual([await tool.isAlive(), await stray.isAlive()], [false, false]);
    deepEqual(await bench.leftovers(), []);
  });

  it('says so when there is no such session to go on with', async () => {
    const run = server.run({ steps: [{ text: 'Hello.' }] });
    const resume = '00000000-0000-4000-8000-00000000dead';
    const { agent } = await exitOf(
      await attempts.start(settingsFor(run.url), { prompt: 'Go on.', resume }),
      'forgotten',
    );
    ok(agent?.kind === 'failed' && agent.unknownSession, JSON.stringify(agent));
  });

  it('goes on where it was killed', async () => {
    const first = await begin({ actions: [{ do: 'shell', command: children.line }] });
    await children.next();
    const [entry] = ledgerOf(first.attempt.folder);
    process.kill(Number(Object(entry).pid), 'SIGKILL');
    const { agent } = await first.attempt.exit();
    ok(agent?.kind === 'failed' && agent.type === 'transient');
    const run = server.run({ steps: Array.from({ length: 3 }, () => ({ text: 'Resumed.' })) });
    const again = await attempts.start(settingsFor(run.url), { prompt: 'Go on.', resume: first.attempt.session });
    const end = await exitOf(again, 'resumed');
    deepEqual([end.agent?.kind, end.agent?.session], ['succeeded', first.attempt.session]);
    ok(run.bodies.some((body) => body.includes('Do as scripted.') && body.includes('Go on.')));
  });

  it('cancelled while the model hangs ends at once', async () => {
    const { attempt, run } = await begin({ faults: [{ kind: 'hang' }] });
    await run.asked(0);
    await sendOrder(attempt.folder, { id: 'cancel', epoch: 1, kind: 'cancel' });
    equal((await attempt.exit()).stopped, 'cancelled');
  });
});

const isStarted = (event: AgentEvent): event is AgentEvent & { type: 'toolStarted' } => event.type === 'toolStarted';
