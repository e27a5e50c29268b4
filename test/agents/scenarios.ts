import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { AgentEvent, AgentOutcome, JobExit, Stopped } from '../../src/model/run/job.ts';
import { ledgerOf } from '../engine/jobs/bench.ts';
import type { Fault, Step } from '../rig/model-server/script.ts';
import type { Attempt } from './attempt.ts';
import type { Expected, Judged } from './expected.ts';
import { AgentRig, type Driven } from './rig.ts';
import { RESETS_AT, RESETS_IN, type UsedUp } from './scripted.ts';

/** The scenarios every agent goes through; what an agent cannot do by its capabilities is left out. */
export function goThroughScenarios(driven: Driven, expected: Expected): () => AgentRig {
  const { capabilities } = driven.agent;
  let rig: AgentRig;
  before(async function () {
    this.timeout(600_000);
    rig = await AgentRig.open(driven);
  });
  after(() => rig.close());

  it('writes a file, says what it does, and succeeds', () => succeeds(rig, driven.agent));
  it('goes on after a tool that fails', () => bearsToolError(rig, expected));
  it('with a key that is not accepted, is a matter for a person', async () => {
    const { attempt } = await rig.begin([{ faults: [{ kind: 'status', status: 401, forever: true }] }], UNWELL);
    equal(judged(await rig.exitOf(attempt, 'key-refused')), expected.key ?? 'escalate');
  });
  it('that is throttled waits by itself and succeeds', () => bearsThrottling(rig, capabilities.showsRetries));

  it(`whose plan is used up ${USED_UP[expected.usedUp]}`, () => isUsedUp(rig, driven.usedUp, expected));

  const unwell: [name: string, fault: Fault, end: Judged][] = [
    ['unwell-500', { kind: 'status', status: 500 }, capabilities.givesUp ? 'transient' : 'never'],
    ['unwell-cut', { kind: 'cut' }, expected.cut],
    ['unwell-html', { kind: 'malformed' }, expected.html],
  ];
  for (const [name, fault, end] of unwell)
    it(`whose model never recovers (${name}) ends ${end}`, () => staysUnwell(rig, name, { fault, end }));

  it('cancelled while the model hangs ends at once', async () => {
    const { attempt, run } = await rig.begin([{ faults: [{ kind: 'hang' }] }]);
    await run.asked(0);
    await rig.cancel(attempt);
    equal((await attempt.exit()).stopped, 'cancelled');
  });
  it('cancelled in the middle of a tool leaves no process', () => leavesNothing(rig));
  if (driven.agent.kind === 'process') it('is told more in a further turn of its session', () => followsUp(rig));
  if (capabilities.resume) it('goes on where it was killed', () => resumes(rig));
  if (capabilities.resume) it('says so when there is no such session', () => forgets(rig));
  return () => rig;
}

async function succeeds(rig: AgentRig, { kind, capabilities: { commands, usage } }: Driven['agent']): Promise<void> {
  const commits = commands !== 'contained';
  const then = commits ? 'git add a.txt && git commit -qm "Add a" && echo committed' : 'echo written';
  const { attempt } = await rig.begin([
    { text: 'Writing.', actions: [{ do: 'write', path: rig.path('a.txt'), content: 'hello\n' }] },
    { text: 'Checking.', actions: [{ do: 'shell', command: then }] },
    { text: 'All done.' },
  ]);
  const exit = await rig.exitOf(attempt, 'success');
  const outcome = succeeded(exit);
  equal(outcome.summary, 'All done.');
  equal((outcome.usage?.inputTokens ?? 0) > 0 && (outcome.usage?.outputTokens ?? 0) > 0, usage);
  ok((outcome.session ?? '') !== '');
  equal(readFileSync(rig.path('a.txt'), 'utf8'), 'hello\n');
  if (commits) equal(rig.attempts.git('show', '--format=%s', '--name-only'), 'Add a\n\na.txt');
  const told = (await attempt.events()).map(({ type }) => type).filter((type) => STORY.has(type));
  // Who is spoken with may ask leave for a tool before it says why.
  const inOrder = (story: AgentEvent['type'][]): AgentEvent['type'][] =>
    kind === 'process' ? story : story.toSorted();
  deepEqual(
    inOrder(told),
    inOrder(['text', 'toolStarted', 'toolEnded', 'text', 'toolStarted', 'toolEnded', 'text', 'ended']),
  );
}

const STORY = new Set<AgentEvent['type']>(['text', 'toolStarted', 'toolEnded', 'ended', 'error', 'denied']);

/** Who is spoken with and asks a dead model again in silence need not do so for long. */
const UNWELL = { settings: { stall: 20_000 } };

/** Who would go on for ever is ended after a few requests. */
async function staysUnwell(rig: AgentRig, name: string, { fault, end }: { fault: Fault; end: Judged }): Promise<void> {
  const { attempt, run } = await rig.begin([{ faults: [{ ...fault, forever: true }] }], UNWELL);
  if (end === 'never') {
    await run.askedTimes(3);
    await rig.cancel(attempt);
  }
  const exit = await rig.exitOf(attempt, name);
  equal(judged(exit), end === 'never' ? 'cancelled' : end);
  equal(exit.agent?.kind, 'failed');
}

const USED_UP = {
  timed: 'says when it goes on',
  transient: 'ends as one whose model is down',
  never: 'asks again until it is ended',
} as const;

const SLACK = 3 * 60_000;

async function isUsedUp(rig: AgentRig, { fault, env = {} }: UsedUp, { usedUp }: Expected): Promise<void> {
  const { attempt, run } = await rig.begin([{ faults: [fault] }], { settings: { ...UNWELL.settings, env } });
  if (usedUp === 'never') {
    await run.askedTimes(3);
    await rig.cancel(attempt);
  }
  const exit = await rig.exitOf(attempt, 'usage-limit');
  const { agent } = exit;
  ok(agent?.kind === 'failed');
  equal(judged(exit), usedUp === 'never' ? 'cancelled' : 'transient');
  deepEqual([agent.limit, agent.resetAt !== undefined], usedUp === 'timed' ? [true, true] : [undefined, false]);
  // Some are told when, others in how long, which counts from when they are told.
  const [least, most] = [RESETS_AT - SLACK, Date.now() + RESETS_IN + SLACK];
  if (usedUp === 'timed') ok(agent.resetAt && agent.resetAt > least && agent.resetAt < most, JSON.stringify(agent));
}

async function bearsToolError(rig: AgentRig, { failureSeen, outputSeen = true }: Expected): Promise<void> {
  const fails: Step = { actions: [{ do: 'shell', command: 'echo broken >&2; exit 3' }] };
  const { attempt } = await rig.begin([fails, { text: 'It failed.' }]);
  equal(judged(await rig.exitOf(attempt, 'tool-error')), 'succeeded');
  const tool = (await attempt.events()).find((event) => event.type === 'toolEnded');
  ok(tool?.type === 'toolEnded');
  equal(tool.failed, failureSeen);
  if (outputSeen) match(tool.output, /broken/);
}

async function bearsThrottling(rig: AgentRig, shown: boolean): Promise<void> {
  const faults: Fault[] = [{ kind: 'status', status: 429, headers: { 'retry-after': '1' } }];
  const { attempt, run } = await rig.begin([{ text: 'Done.', faults }]);
  equal(judged(await rig.exitOf(attempt, 'throttled')), 'succeeded');
  equal(run.requests.filter(({ tools }) => tools.length > 0).length, 2);
  equal(
    (await attempt.events()).some(({ type }) => type === 'retry'),
    shown,
  );
}

/** The tool, and a process it put in a session of its own, take no polite signal. */
async function leavesNothing(rig: AgentRig): Promise<void> {
  const stubborn = `trap '' TERM INT; tail -f /dev/null`;
  const command = `setsid sh -c "${stubborn}" & trap '' TERM INT; touch cancel-me; tail -f /dev/null`;
  const { attempt } = await rig.begin([{ actions: [{ do: 'shell', command }] }]);
  await rig.appeared('cancel-me');
  await rig.isRunning('tail');
  await rig.cancel(attempt);
  const { stopped, agent } = await rig.exitOf(attempt, 'cancelled');
  deepEqual([stopped, agent?.kind], ['cancelled', 'failed']);
  deepEqual(await rig.bench.leftovers(), []);
}

/** Killed in the middle of a tool; the next attempt knows what the first was told, and goes on in the same session. */
async function resumes(rig: AgentRig): Promise<void> {
  const waits: Step = { text: 'Waiting.', actions: [{ do: 'shell', command: 'touch kill-me; tail -f /dev/null' }] };
  const first = await rig.begin([waits], { prompt: 'Remember the word heron.' });
  await rig.appeared('kill-me');
  await rig.isSaved(first.attempt);
  await kill(first.attempt);
  const killed = await rig.exitOf(first.attempt, 'killed');
  equal(judged(killed), 'transient');
  const session = killed.agent?.session ?? first.attempt.session;
  const write: Step = { actions: [{ do: 'write', path: rig.path('resumed.txt'), content: 'again\n' }] };
  const second = await rig.begin([write, { text: 'Resumed.' }], { prompt: 'Go on.', resume: session });
  const outcome = succeeded(await rig.exitOf(second.attempt, 'resumed'));
  deepEqual([outcome.summary, outcome.session], ['Resumed.', session]);
  ok(second.run.bodies.some((body) => body.includes('word heron') && body.includes('Go on.')));
  equal(readFileSync(rig.path('resumed.txt'), 'utf8'), 'again\n');
}

/** What nobody could say to it while it worked is said when its turn is over. */
async function followsUp(rig: AgentRig): Promise<void> {
  const first = await rig.begin([{ text: 'Noted.' }], { prompt: 'Remember the word heron.' });
  const { session = '' } = succeeded(await first.attempt.exit());
  const steps: Step[] = [{ actions: [{ do: 'shell', command: 'echo more > more.txt' }] }, { text: 'That too.' }];
  const second = await rig.begin(steps, { prompt: 'A person says: use tabs', resume: session });
  const outcome = succeeded(await rig.exitOf(second.attempt, 'followed-up'));
  deepEqual([outcome.summary, outcome.session], ['That too.', session]);
  ok(second.run.bodies.some((body) => body.includes('word heron') && body.includes('A person says: use tabs')));
  equal(readFileSync(rig.path('more.txt'), 'utf8'), 'more\n');
}

/** A session that is gone: said so, that the attempt can be begun anew. */
async function forgets(rig: AgentRig): Promise<void> {
  const resume = '00000000-0000-4000-8000-00000000dead';
  const { attempt } = await rig.begin([{ text: 'Hello.' }], { prompt: 'Go on.', resume });
  const { agent } = await rig.exitOf(attempt, 'forgotten');
  deepEqual([agent?.kind, agent?.kind === 'failed' && agent.unknownSession], ['failed', true], JSON.stringify(agent));
}

/** Ends the program as a crash would; what it started is the runner's to end. */
async function kill(attempt: Attempt): Promise<void> {
  const [program] = ledgerOf(attempt.folder);
  process.kill(Number(Object(program).pid), 'SIGKILL');
}

/** How an attempt ended, in one word. */
/** Begun for a role that only looks, it changes nothing, whatever its model asks for. */
export async function onlyLooks(rig: AgentRig): Promise<void> {
  const path = rig.path('looked.txt');
  const steps: Step[] = [
    { actions: [{ do: 'write', path, content: 'x' }] },
    { actions: [{ do: 'shell', command: `echo x > ${path}` }] },
    { text: 'I only looked.' },
  ];
  const { attempt } = await rig.begin(steps, { readOnly: true });
  match(succeeded(await rig.exitOf(attempt, 'only-looks')).summary, /I only looked\./);
  equal(existsSync(path), false);
}

export function judged({ stopped, agent }: JobExit): Judged | Stopped | 'nothing' {
  if (stopped) return stopped;
  if (!agent) return 'nothing';
  return agent.kind === 'failed' && agent.type !== 'needs_replan' ? agent.type : 'succeeded';
}

/** The outcome of an attempt that must have succeeded. */
export function succeeded(exit: JobExit): AgentOutcome {
  const { agent } = exit;
  if (agent?.kind !== 'succeeded') throw new Error(JSON.stringify(exit));
  return agent;
}
