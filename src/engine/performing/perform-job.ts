import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readGateRun } from '../../gates/read.ts';
import type { Closing, JobPurpose } from '../../model/run/event.ts';
import { defined } from '../../model/defined.ts';
import { describe, fail, type Failure, ok, type Result } from '../../model/failure.ts';
import { type Gate, type GateRun, isReview, type ReviewGate } from '../../model/gate.ts';
import { agentNamed } from '../../agents/all.ts';
import { sessionId } from './briefing.ts';
import { type AgentEvent, type JobEnd, type JobExit, NO_PROCESS } from '../../model/run/job.ts';
import { attemptOf } from '../../model/run/state.ts';
import { prepareTree } from '../../git/checkout.ts';
import { renewFingerprint } from '../../git/fingerprint.ts';
import { readJsonLinesNow } from '../../process/durable-now.ts';
import { outputFile, rawFile, readSpec } from '../../process/job-folder.ts';
import { Reports } from '../../process/reports.ts';
import type { RunningJob } from '../../process/follow.ts';
import { settleJob, startJob } from '../../process/job.ts';
import { keepBaseline } from './baselines.ts';
import { hostedJobFor, isHosted } from './hosted.ts';
import { startHostedJob } from './hosted-job.ts';
import { hash8 } from '../../model/text/names.ts';
import { isReviewIntent, prepareReview, readAnswer } from './reviewing.ts';
import { specFor } from './job-spec.ts';
import { attemptFolder, gateTree, jobFolder } from '../places.ts';
import { readBytes } from '../text-file.ts';
import { type IntentOf, soon, type Workshop } from './workshop.ts';

type JobIntent = IntentOf<'job.intended'>;

/** Starts a job, or finds the one that was started, and waits for its end. */
export async function performJob(
  shop: Workshop,
  intent: JobIntent,
  known: 'fresh' | 'found',
): Promise<Result<Closing>> {
  const begun = await soon(shop, begin(shop, intent, known));
  if ('closing' in begun) {
    shop.replies.end(intent.intent);
    return begun.closing;
  }
  const reports =
    intent.purpose.kind === 'agent' || reviewAt(shop, intent) ? await followReports(shop, intent.intent) : undefined;
  const dispose = (): void => {
    reports?.dispose();
    begun.job.dispose();
  };
  shop.jobs.set(intent.intent, { ...begun.job, dispose });
  const end = await begun.job.ended;
  shop.jobs.delete(intent.intent);
  await reports?.close();
  shop.replies.end(intent.intent);
  return concluded(shop, intent, end);
}

async function followReports(shop: Workshop, job: string): Promise<Reports> {
  return new Reports(jobFolder(shop.ref, job), (lines) => shop.report(job, lines));
}

const FOUND = {
  ended: 'had ended while nobody looked',
  running: 'was still at work and is followed again',
  notStarted: 'had not begun and is started now',
} as const;

function nameOfJob(purpose: JobPurpose): string {
  switch (purpose.kind) {
    case 'agent':
      return `agent of "${purpose.task}", attempt ${purpose.attempt}`;
    case 'setup':
      return `set-up of "${purpose.task}", attempt ${purpose.attempt}`;
    case 'taskGate':
      return `gate "${purpose.gate}" of "${purpose.task}"`;
    case 'candidateGate':
      return `gate "${purpose.gate}" on candidate ${purpose.candidate}`;
    case 'baseline':
      return `gate "${purpose.gate}" on the base`;
  }
}

type Begun = { closing: Result<Closing> } | { job: RunningJob };

async function begin(shop: Workshop, intent: JobIntent, known: 'fresh' | 'found'): Promise<Begun> {
  if (known === 'found') {
    const folder = jobFolder(shop.ref, intent.intent);
    // Its own word for it first: the repository may have been moved since.
    const settled = await settleJob(folder, readSpec(folder)?.job ?? jobId(shop, intent));
    if (settled.kind === 'unsettled') return { closing: fail(settled.failure) };
    shop.note(`${nameOfJob(intent.purpose)}: ${FOUND[settled.kind]}`);
    if (settled.kind === 'ended') return { closing: await concluded(shop, intent, settled.end) };
    if (settled.kind === 'running') return settled;
  }
  if (isHosted(shop, intent.purpose)) return beginHosted(shop, intent);
  const prepared = await prepareFor(shop, intent);
  if (!prepared.ok) return { closing: prepared };
  const spec = await specFor(shop, intent, jobId(shop, intent));
  if (!spec.ok) return { closing: await notStarted(shop, intent, spec.failure) };
  const started = await startJob(jobFolder(shop.ref, intent.intent), spec.value, {
    runner: shop.runner,
    node: shop.node,
  });
  return started.ok ? { job: started.value } : { closing: started };
}

async function beginHosted(shop: Workshop, intent: JobIntent): Promise<Begun> {
  const job = await hostedJobFor(shop, intent.purpose, jobId(shop, intent));
  // The next driver that has it does it.
  if (!job)
    return { closing: ok({ type: 'job.ended', end: { kind: 'interrupted', reason: 'its agent is not here' } }) };
  const started = await startHostedJob(jobFolder(shop.ref, intent.intent), job);
  return started.ok ? { job: started.value } : { closing: started };
}

/** Unique among all runs of all repositories, which may have runs of one name: strays are found by it, and ended. */
const jobId = ({ ref }: Workshop, { intent }: JobIntent): string => `${ref.run}.${intent}.${hash8(ref.folder)}`;

/** The tree in which candidates and the base are tried shows the commit in question before a gate looks at it. */
async function prepareFor(shop: Workshop, intent: JobIntent): Promise<Result<void>> {
  const { ref, state } = shop;
  const { purpose } = intent;
  if (reviewAt(shop, intent)) return isReviewIntent(intent) ? prepareReview(shop, intent) : ok(undefined);
  if (purpose.kind !== 'candidateGate' && purpose.kind !== 'baseline') return ok(undefined);
  return prepareTree(ref.repository, { path: gateTree(state), commit: purpose.commit });
}

async function concluded(shop: Workshop, intent: JobIntent, ended: JobEnd): Promise<Result<Closing>> {
  const { purpose } = intent;
  const review = reviewAt(shop, intent);
  if (review && isReviewIntent(intent)) {
    const answer = await readAnswer(shop, intent, { gate: review, end: ended });
    return answer.ok ? ok({ type: 'job.ended', end: ended, gate: answer.value }) : answer;
  }
  if (purpose.kind === 'agent') return ok({ type: 'job.ended', end: withSession(shop, intent, ended) });
  if (purpose.kind === 'setup') return setUp(shop, purpose, ended);
  return ended.kind === 'interrupted' ? ok({ type: 'job.ended', end: ended }) : gateOver(shop, intent, ended);
}

async function setUp(
  { ref, state }: Workshop,
  purpose: JobPurpose & { kind: 'setup' },
  end: JobEnd,
): Promise<Result<Closing>> {
  if (end.kind === 'exited' && end.exit.code === 0) {
    const { path = '', name } = attemptOf(state, purpose.task, purpose.attempt);
    // What the set-up wrote into the configuration is the user's own doing; what changes from here on is the agent's.
    const renewed = await renewFingerprint(ref.repository, path, attemptFolder(ref, name));
    if (!renewed.ok) return renewed;
  }
  return ok({ type: 'job.ended', end });
}

async function gateOver(shop: Workshop, intent: JobIntent, end: JobEnd & { kind: 'exited' }): Promise<Result<Closing>> {
  const { purpose } = intent;
  const name = 'gate' in purpose ? purpose.gate : '';
  const gate = shop.state.config.gates.find((one) => one.name === name);
  if (!gate) return fail({ kind: 'notFound', what: 'gate', name });
  const run = await read(shop, intent, { gate, exit: end.exit });
  if (purpose.kind === 'baseline') await keepBaseline(shop.ref.repository, shop.state, run);
  return ok({ type: 'job.ended', end, gate: run });
}

/** The gate that a job is for, where that is an agent. */
function reviewAt({ state }: Workshop, { purpose }: JobIntent): ReviewGate | undefined {
  const gate = 'gate' in purpose ? state.config.gates.find(({ name }) => name === purpose.gate) : undefined;
  return gate && isReview(gate) ? gate : undefined;
}

/** With the session that an agent was in, where it could not say it at its end: as it said before, or as it was told. */
function withSession(shop: Workshop, intent: JobIntent, end: JobEnd): JobEnd {
  if (end.kind === 'interrupted') return { ...end, ...sessionOf(shop, intent, end) };
  const { agent } = end.exit;
  return agent ? { ...end, exit: { ...end.exit, agent: { ...agent, ...sessionOf(shop, intent, agent) } } } : end;
}

function sessionOf(
  { ref, state }: Workshop,
  { intent, purpose }: JobIntent,
  { session }: { session?: string },
): { session?: string } {
  if (purpose.kind !== 'agent' || session !== undefined) return {};
  const said = readJsonLinesNow(outputFile(jobFolder(ref, intent))).findLast(isSession)?.id;
  const { capabilities } = agentNamed(state.agents[purpose.task]?.name ?? '') ?? {};
  const told = capabilities?.presetSession ? sessionId(attemptOf(state, purpose.task, purpose.attempt)) : undefined;
  return defined({ session: said ?? told });
}

const isSession = (value: unknown): value is AgentEvent & { type: 'session' } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'session';

async function read(
  shop: Workshop,
  { intent, purpose }: JobIntent,
  { gate, exit }: { gate: Gate; exit: JobExit },
): Promise<GateRun> {
  const output = await readFile(rawFile(jobFolder(shop.ref, intent)), 'utf8').catch(() => '');
  const root =
    purpose.kind === 'taskGate'
      ? (attemptOf(shop.state, purpose.task, purpose.attempt).path ?? '')
      : gateTree(shop.state);
  const readIn = async (path: string): Promise<string | undefined> => {
    const bytes = await readBytes(join(root, path));
    return bytes.ok ? bytes.value.toString('utf8') : undefined;
  };
  return readGateRun(gate, { exit, output, root, readFile: readIn });
}

/** The agent cannot do this task at all: that is the attempt's end, not the run's. */
async function notStarted(shop: Workshop, intent: JobIntent, failure: Failure): Promise<Result<Closing>> {
  if (intent.purpose.kind !== 'agent' && !reviewAt(shop, intent)) return fail(failure);
  const now = intent.at;
  return concluded(shop, intent, {
    kind: 'exited',
    exit: { ...NO_PROCESS, startedAt: now, endedAt: now, spawnError: describe(failure) },
  });
}
