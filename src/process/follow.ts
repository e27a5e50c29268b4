import { setTimeout as wait } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { Claim, JobEnd } from '../model/run/job.ts';
import { isAlive } from './identity.ts';
import { forgetScratch, readExit, readLedger } from './job-folder.ts';
import { killSet } from './process-set.ts';
import { feelPulse } from './pulse.ts';
import { watchFolder } from './watching.ts';

type RunnerClaim = Extract<Claim, { kind: 'runner' }>;

/** A job somebody works at. It does not need us: `dispose` only stops watching, and then `ended` never settles. */
export interface RunningJob {
  ended: Promise<JobEnd>;
  dispose(): void;
}

/** What a job of an earlier life came to, or is at. */
export type Followed = { kind: 'ended'; end: JobEnd } | { kind: 'running'; job: RunningJob };

/**
 * Takes up a job whose folder says that a runner owns it. The pulse is open before the claim exists, so a connection
 * proves that the runner lives and its close that it died; that nobody listens proves it too, on the same machine.
 */
export async function followRunner(folder: string, job: string, claim: RunnerClaim): Promise<Followed> {
  const liveness = await isAlive(claim);
  if (liveness === 'unknown') return { kind: 'ended', end: await unprovenEnd(folder, claim) };
  const pulse = liveness === 'alive' ? await feelPulse(claim.pulse) : undefined;
  if (pulse) return { kind: 'running', job: followPulse(folder, { job, claim }, pulse) };
  if (await staysAlive(claim)) return { kind: 'running', job: followFolder(folder, job, claim) };
  return { kind: 'ended', end: await endOfDead(folder, job, claim) };
}

/** A process that is ending closes its sockets a moment before it is gone: it gets that moment. */
async function staysAlive(claim: RunnerClaim): Promise<boolean> {
  for (let looks = 0; looks < 10; looks += 1) {
    if ((await isAlive(claim)) !== 'alive') return false;
    await wait(10);
  }
  return true;
}

/** The end of a runner that is gone: what it wrote, or nothing; then whatever it left running is ended here. */
async function endOfDead(folder: string, job: string, { pid }: RunnerClaim): Promise<JobEnd> {
  const written = readExit(folder);
  if (written) return { kind: 'exited', exit: written };
  const ended = await killSet({ job, ledger: readLedger(folder) }, GRACE_FOR_ORPHANS);
  const left = ended.filter((one) => one.pid !== pid);
  forgetScratch(folder);
  const found = left.length === 0 ? 'nothing was left running' : `${left.length} processes it left were ended`;
  return { kind: 'interrupted', reason: `the runner died before the job ended; ${found}` };
}

/** Milliseconds. Nobody reads what they still have to say, so this is only for tidying up after themselves. */
const GRACE_FOR_ORPHANS = 1000;

async function unprovenEnd(folder: string, { host, pid }: RunnerClaim): Promise<JobEnd> {
  const exit = readExit(folder);
  if (exit) return { kind: 'exited', exit };
  const reason = `runner ${pid} on ${host} cannot be asked from here, so it may still be at work`;
  return { kind: 'interrupted', reason, unproven: true };
}

function followPulse(folder: string, { job, claim }: { job: string; claim: RunnerClaim }, pulse: Socket): RunningJob {
  const ended = new Promise<JobEnd>((resolve) => {
    pulse.once('close', () => void endOfDead(folder, job, claim).then(resolve));
  });
  const dispose = (): void => {
    pulse.removeAllListeners('close');
    pulse.destroy();
  };
  return { ended, dispose };
}

/**
 * The runner lives and its pulse cannot be reached: another network namespace, or a swept temporary folder. The exit
 * file is watched, and as only its death would go unseen then, the runner is looked at every two seconds.
 */
function followFolder(folder: string, job: string, claim: RunnerClaim): RunningJob {
  const stop = new AbortController();
  const ended = new Promise<JobEnd>((resolve) => {
    const look = async (): Promise<void> => {
      const exit = readExit(folder);
      if (!exit && (await isAlive(claim)) === 'alive') return;
      if (stop.signal.aborted) return;
      stop.abort();
      resolve(await endOfDead(folder, job, claim));
    };
    const timer = setInterval(() => void look(), 2000);
    stop.signal.addEventListener('abort', () => {
      clearInterval(timer);
      watching.close();
    });
    const watching = watchFolder(folder, () => void look());
  });
  return { ended, dispose: () => stop.abort() };
}
