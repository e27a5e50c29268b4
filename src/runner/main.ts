import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import type { ProcessAgent } from '../agents/agent.ts';
import { agentNamed } from '../agents/all.ts';
import { ProtocolReader } from '../agents/with-protocol.ts';
import { describe } from '../model/failure.ts';
import {
  type AgentEvent,
  RUNNER_PROTOCOL,
  type Claim,
  type JobExit,
  type JobSpec,
  NO_PROCESS,
} from '../model/run/job.ts';
import { wait } from '../process/clock.ts';
import { createExclusively, syncNow, writeDurablyNow } from '../process/durable-now.ts';
import { faultPoint } from '../process/fault.ts';
import { ownIdentity } from '../process/identity.ts';
import { claimFile, exitFile, forgetScratch, readSpec, scratchFolder } from '../process/job-folder.ts';
import { killSet, signalProcess } from '../process/process-set.ts';
import { openPulse } from '../process/pulse.ts';
import { programEnvironment } from '../process/program-environment.ts';
import { secretsIn } from '../process/secrets.ts';
import { Deadline } from '../process/watch/deadline.ts';
import { Watch } from '../process/watch/watch.ts';
import { reasonOf, TIMED_OUT } from '../process/watch/watchdog.ts';
import { Helm } from './helm.ts';
import { Orders } from './orders.ts';
import { OutputRecord } from './output.ts';
import type { Output } from './own-pipes.ts';
import { startProgram, type Program, type Started } from './program.ts';
import type { Talk, TalkOptions } from './talk.ts';

/**
 * The program that owns one job: `node runner.cjs <folder>` (start.ts). It claims the folder, starts the job's program, keeps its
 * output, ends it when told to, and writes exit.json when no process of it is left. It needs nobody: whoever started it
 * may die. Exit code 0 also when the folder was claimed before; 2 when there is nothing to run.
 */
async function main(folder: string): Promise<number> {
  const startedAt = Date.now();
  const spec = readSpec(folder);
  if (!spec) return 2;
  const stop = new AbortController();
  const helm = new Helm(stop);
  const orders = new Orders(folder, spec.epoch, helm);
  const [pulse, identity] = await Promise.all([openPulse(folder, () => orders.read()), ownIdentity()]);
  if (!claim(folder, { kind: 'runner', pulse: pulse.address, ...identity })) return 0;
  outliveSignals(stop);
  orders.listen();
  const end = await runJob(folder, spec, { stop, helm });
  faultPoint('exit.before');
  const written = writeDurablyNow(exitFile(folder), `${JSON.stringify({ ...end, startedAt, endedAt: Date.now() })}\n`);
  faultPoint('exit.after');
  pulse.close();
  if (!written.ok) console.error(describe(written.failure));
  return written.ok ? 0 : 1;
}

type End = Omit<JobExit, 'startedAt' | 'endedAt'>;

/** How the job is told what to do. */
interface Control {
  stop: AbortController;
  helm: Helm;
}

/** The pulse is open already: whoever finds the claim can feel it. */
function claim(folder: string, claimant: Claim): boolean {
  faultPoint('claim.before');
  const claimed = createExclusively(claimFile(folder), `${JSON.stringify(claimant)}\n`);
  if (!claimed.ok) console.error(describe(claimed.failure));
  faultPoint('claim.after');
  return claimed.ok && claimed.value;
}

/** A terminal that closes is no reason to end; being told to end is a cancel. */
function outliveSignals(stop: AbortController): void {
  process.on('SIGHUP', () => undefined);
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => stop.abort());
}

async function runJob(folder: string, spec: JobSpec, { stop, helm }: Control): Promise<End> {
  const refused = refusal(spec);
  if (refused !== undefined) return neverStarted({ spawnError: refused });
  if (stop.signal.aborted) return neverStarted({ stopped: 'cancelled' });
  const agent = spec.agent === undefined ? undefined : processAgent(spec.agent);
  const scratch = spec.conversation || agent?.capabilities.ownTemp ? makeScratch(folder) : undefined;
  try {
    const env = programEnvironment(spec, scratch);
    const program = await startProgram(folder, spec, env, () => syncNow(claimFile(folder)));
    if (!program.ok) return neverStarted({ spawnError: program.failure });
    return await watchProgram(program.value, { folder, spec, agent, stop, helm, secrets: secretsIn(env) });
  } finally {
    if (scratch !== undefined) forgetScratch(folder);
  }
}

function refusal(spec: JobSpec): string | undefined {
  if (spec.protocol !== RUNNER_PROTOCOL)
    return `this runner speaks protocol ${RUNNER_PROTOCOL}, the job asks for ${spec.protocol}`;
  return spec.agent === undefined || spec.conversation || processAgent(spec.agent)
    ? undefined
    : `this runner knows no agent "${spec.agent}"`;
}

const neverStarted = (why: Pick<JobExit, 'spawnError' | 'stopped'>): End => ({ ...NO_PROCESS, ...why });

function processAgent(name: string): ProcessAgent | undefined {
  const agent = agentNamed(name);
  return agent?.kind === 'process' ? agent : undefined;
}

function makeScratch(folder: string): string {
  const scratch = scratchFolder(folder);
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  chmodSync(scratch, 0o700);
  return scratch;
}

interface Watched extends Control {
  folder: string;
  spec: JobSpec;
  agent: ProcessAgent | undefined;
  secrets: readonly string[];
}

async function watchProgram(
  { program, output: printed }: Started,
  { folder, spec, agent, stop, helm, secrets }: Watched,
): Promise<End> {
  const deadline = new Deadline(spec.timeout, () => stop.abort(TIMED_OUT));
  const note = (events: readonly AgentEvent[]): void => output.note(events);
  const onWaiting = (waits: boolean): void => {
    deadline.waits(waits);
    watch.waits(waits);
  };
  const talk =
    spec.conversation && (await talkWith(program, { ...spec, conversation: spec.conversation, note, onWaiting }));
  const reader = readerOf(talk, agent);
  const watch = new Watch({ limits: spec.watch ?? {}, folder: spec.cwd, living: () => program.living() }, (verdict) =>
    stop.abort(verdict),
  );
  const output = new OutputRecord(folder, { limit: spec.outputLimit, secrets }, reader, (events) =>
    watch.happened(events),
  );
  const closed = record(program, printed, { output, watch });
  helm.man(output, talk && ((steering) => talk.steer(steering)));
  const stopping = onceStopped(stop.signal, () => endProgram(program, spec.grace, { agent, talk }));
  void talk?.run().then(() => sendAway(program, spec.grace));
  const { code, signal } = await program.ended;
  deadline.end();
  watch.end();
  talk?.close();
  const why = reasonOf(stop.signal);
  if (why.stopped) await stopping;
  const strays = await endStrays(program, spec.grace);
  await Promise.race([closed, wait(PATIENCE_FOR_CLOSE)]);
  output.end();
  const exit = { code, signal, ...why };
  const judged = reader ? { agent: reader.outcome(exit) } : {};
  return { ...exit, strays: why.stopped ? 0 : strays, ...output.counts, ...program.used, ...judged };
}

function readerOf(talk: Talk | undefined, agent: ProcessAgent | undefined): ProtocolReader | undefined {
  const own = talk ?? agent?.reader();
  return own && new ProtocolReader(own, { plain: agent?.capabilities.finalEvent === false });
}

/** Begins when the signal does, or did; resolves when that is over. */
function onceStopped(signal: AbortSignal, end: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const begin = (): void => void end().then(resolve);
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
  });
}

/** What speaking with a program takes is loaded only for one that is spoken with. */
async function talkWith(
  program: Program,
  options: Pick<TalkOptions, 'conversation' | 'cwd' | 'note' | 'onWaiting'>,
): Promise<Talk> {
  const { Talk } = await import('./talk.ts');
  const { conversation, cwd, note, onWaiting } = options;
  return new Talk({
    conversation,
    cwd,
    note,
    onWaiting,
    send: (line) => program.child.stdin?.write(`${line}\n`),
    hangUp: () => program.child.stdin?.end(),
  });
}

/** Milliseconds for the streams of a program whose processes are all gone; only one we cannot see still holds them. */
const PATIENCE_FOR_CLOSE = 1000;

/** Resolves when both streams are at their end; a stray that holds one delays it. */
async function record(
  program: Program,
  printed: Output,
  { output, watch }: { output: OutputRecord; watch: Watch },
): Promise<void> {
  const streams = (['stdout', 'stderr'] as const).map((stream) => {
    printed[stream].on('data', (chunk: Buffer) => {
      watch.printed(chunk.length);
      output.take(stream, chunk);
      void program.lookAfterQuiet().then((used) => used && output.note([{ type: 'measured', used }]));
    });
    return once(printed[stream], 'close');
  });
  await Promise.all(streams);
}

/** The program's own way to stop where it has one, then its whole set. What it started is written down first. */
async function endProgram(
  program: Program,
  grace: number,
  { agent, talk }: { agent: ProcessAgent | undefined; talk: Talk | undefined },
): Promise<void> {
  await program.look();
  if (talk) await Promise.race([talk.cancel().then(() => wait(PATIENCE_FOR_EXIT)), program.ended, wait(grace)]);
  const interrupt = agent?.capabilities.interrupt;
  if (interrupt && program.isRunning && signalProcess(program.pid, interrupt))
    await Promise.race([program.ended, wait(grace)]);
  await killSet(program.processes, grace);
}

/** All is said: a program that does not go by itself then is ended. */
async function sendAway(program: Program, grace: number): Promise<void> {
  await program.look();
  await Promise.race([program.ended, wait(PATIENCE_FOR_EXIT)]);
  if (program.isRunning) await killSet(program.processes, grace);
}

/** Milliseconds; some need seconds for it, and have nothing left to save. */
const PATIENCE_FOR_EXIT = 1000;

/** How many processes outlived the program. Those that were ending anyway get a moment to do it. */
async function endStrays(program: Program, grace: number): Promise<number> {
  if ((await program.look()) === 0) return 0;
  return (await killSet(program.processes, grace)).length;
}

void main(process.argv[2] ?? '').then((code) => process.exit(code));
