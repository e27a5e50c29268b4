import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import type { HostedWork } from '../../agents/agent.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import {
  type AgentEvent,
  type AgentOutcome,
  type JobEnd,
  type JobExit,
  NO_PROCESS,
  type Reply,
  type Steering,
  type Stopped,
  type WatchLimits,
} from '../../model/run/job.ts';
import { createExclusively, ioFailure, writeDurablyNow } from '../../process/durable-now.ts';
import { ownIdentity } from '../../process/identity.ts';
import { claimFile, exitFile, ordersFolder, outputFile, readOrders, reportsFile } from '../../process/job-folder.ts';
import type { RunningJob } from '../../process/follow.ts';
import { livingMembers } from '../../process/process-set.ts';
import { Reporting } from '../../process/reporting.ts';
import { openPulse, type Pulse } from '../../process/pulse.ts';
import { Deadline } from '../../process/watch/deadline.ts';
import { Watch } from '../../process/watch/watch.ts';
import { reasonOf, TIMED_OUT } from '../../process/watch/watchdog.ts';
import { runLine } from './hosted-command.ts';
import { stoppedOutcome } from '../../agents/adapter.ts';

/** The part of an agent's request that the job itself needs, and who works on it. */
export interface HostedJob {
  /** As in JobSpec. */
  job: string;
  epoch: number;
  timeout?: number;
  watch: WatchLimits;
  request: Parameters<HostedWork>[0]['request'];
  work: HostedWork;
  /** Aborts when this process lets go of the run: the work ends with it, as interrupted. */
  leaving: AbortSignal;
}

/**
 * Starts a job whose owner is this process: the same folder with the same files as any other, so that whoever drives
 * next finds what it came to, or that it died with us.
 */
export async function startHostedJob(folder: string, job: HostedJob): Promise<Result<RunningJob>> {
  const stop = new AbortController();
  try {
    mkdirSync(ordersFolder(folder), { recursive: true, mode: 0o700 });
    // There from the start, so that it can be watched before anything is in it.
    appendFileSync(reportsFile(folder), '');
    const held = hold(folder, job, stop);
    const pulse = await openPulse(job.job, () => takeOrders(held));
    const claimant = { kind: 'runner' as const, pulse: pulse.address, ...(await ownIdentity()) };
    const claimed = createExclusively(claimFile(folder), `${JSON.stringify(claimant)}\n`);
    if (claimed.ok && claimed.value) return ok({ ended: attempt(held, pulse), dispose: () => {} });
    pulse.close();
    held.deadline.end();
    held.watch.end();
    return claimed.ok ? fail({ kind: 'refused', reason: `${folder} was claimed by another` }) : claimed;
  } catch (error) {
    return fail(ioFailure(folder, error));
  }
}

interface Held {
  folder: string;
  job: HostedJob;
  stop: AbortController;
  words: Words;
  reporting: Reporting;
  deadline: Deadline;
  watch: Watch;
}

/** Watched as any other agent is, with what we see of it: what it says and does, its files, and its commands. */
function hold(folder: string, job: HostedJob, stop: AbortController): Held {
  const living = () => livingMembers({ job: job.job, ledger: [] });
  return {
    folder,
    job,
    stop,
    words: new Words(stop.signal),
    reporting: new Reporting(),
    deadline: new Deadline(job.timeout, () => stop.abort(TIMED_OUT)),
    watch: new Watch({ limits: job.watch, folder: job.request.cwd, living }, (verdict) => stop.abort(verdict)),
  };
}

/** What people say to it: words that it has not been told, and that it is to stop what it does now. */
class Words {
  readonly #said: string[] = [];
  #interruption = new AbortController();
  #wake = (): void => undefined;

  constructor(stop: AbortSignal) {
    stop.addEventListener('abort', () => this.#wake(), { once: true });
  }

  get interruption(): AbortSignal {
    return this.#interruption.signal;
  }

  say(text: string): void {
    this.#said.push(text);
    this.#wake();
  }

  interrupt(): void {
    this.#interruption.abort();
  }

  take(): readonly string[] {
    return this.#said.splice(0);
  }

  /** Resolves with the first word, or when there will be none. What interrupted it is over then. */
  async arrive(stop: AbortSignal): Promise<void> {
    if (this.#said.length === 0 && !stop.aborted) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#interruption.signal.aborted) this.#interruption = new AbortController();
  }
}

async function attempt(held: Held, pulse: Pulse): Promise<JobEnd> {
  const { folder, job, stop, deadline, watch } = held;
  const startedAt = Date.now();
  const leave = (): void => stop.abort('left');
  if (job.leaving.aborted) leave();
  else job.leaving.addEventListener('abort', leave, { once: true });
  takeOrders(held);
  const agent = stop.signal.aborted ? { kind: 'succeeded' as const, summary: '' } : await worked(held);
  deadline.end();
  watch.end();
  job.leaving.removeEventListener('abort', leave);
  const exit = exitOf(agent, stop.signal, startedAt);
  // A disk that is full takes the file, not the outcome: that goes into the journal from here.
  writeDurablyNow(exitFile(folder), `${JSON.stringify(exit)}\n`);
  pulse.close();
  return stop.signal.reason === 'left'
    ? { kind: 'interrupted', reason: 'the program it worked in let go of the run' }
    : { kind: 'exited', exit };
}

async function worked(held: Held): Promise<AgentOutcome> {
  const { folder, words, job, stop } = held;
  const { request } = job;
  return job.work({
    request,
    stop: stop.signal,
    tell: (event) => note(held, event),
    messages: () => words.take(),
    interruption: () => words.interruption,
    spokenTo: () => spokenTo(held),
    command: (line) =>
      runLine(line, {
        folder,
        job: job.job,
        cwd: request.cwd,
        env: request.settings.env ?? {},
        stop: AbortSignal.any([stop.signal, words.interruption]),
      }),
  });
}

/** A person may take any time. */
async function spokenTo({ words, stop, deadline, watch }: Held): Promise<void> {
  for (const clock of [deadline, watch]) clock.waits(true);
  await words.arrive(stop.signal);
  for (const clock of [deadline, watch]) clock.waits(false);
}

/** Given by the driver, which is this process, and read when it knocks. */
function takeOrders(held: Held): void {
  const { folder, job, stop, words } = held;
  for (const { path, order } of readOrders(folder)) {
    const valid = order.epoch >= job.epoch;
    renameSync(path, path.replace(/\.json$/, valid ? '.applied' : '.refused'));
    if (!valid) continue;
    if (order.kind === 'cancel') stop.abort('cancelled');
    else note(held, { type: 'ordered', order: order.id, reply: steer(order, words) });
  }
}

/** A message is told before the next turn: the model is not at work in between. */
function steer(steering: Steering, words: Words): Reply {
  switch (steering.kind) {
    case 'message':
      words.say(steering.text);
      return { kind: 'applied' };
    case 'interrupt':
      words.interrupt();
      return { kind: 'applied' };
    case 'answer':
      return { kind: 'refused', reason: 'it asks for nothing' };
  }
}

function note({ folder, reporting, watch }: Held, event: AgentEvent): void {
  watch.happened([event]);
  const line = `${JSON.stringify(event)}\n`;
  appendFileSync(outputFile(folder), line);
  if (reporting.of([event]).length > 0) appendFileSync(reportsFile(folder), line);
}

/** To be let go of is to the next driver what the end of the system is: nobody asked for it. */
function exitOf(agent: AgentOutcome, signal: AbortSignal, startedAt: number): JobExit {
  const why = reasonOf(signal);
  return {
    ...NO_PROCESS,
    code: agent.kind === 'succeeded' && !signal.aborted ? 0 : 1,
    startedAt,
    endedAt: Date.now(),
    ...why,
    agent: why.stopped ? stoppedAgent(agent, why.stopped) : agent,
  };
}

const stoppedAgent = ({ summary, usage }: AgentOutcome, stopped: Stopped): AgentOutcome => ({
  summary,
  ...(usage ? { usage } : {}),
  ...stoppedOutcome(stopped),
});
