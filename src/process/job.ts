import type { ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Failure, fail, ok, type Result } from '../model/failure.ts';
import type { JobEnd, JobOrder, JobSpec } from '../model/run/job.ts';
import { nameOf } from '../model/text/names.ts';
import { createExclusively, ioFailure } from './durable-now.ts';
import { makeFolder, syncFile, writeByRename, writeDurably } from './durable.ts';
import { faultPoint } from './fault.ts';
import { findNode, nodeEnvironment } from './find-node.ts';
import { claimFile, ordersFolder, readClaim, readExit, reportsFile, runnerLog, specFile } from './job-folder.ts';
import { knock } from './pulse.ts';
import { type Followed, followRunner, type RunningJob } from './follow.ts';
import { heldBack } from './held-back.ts';
import { start } from './spawn.ts';

type Settled =
  | Followed
  | { kind: 'notStarted' }
  /** A folder that cannot be written is not a thing to guess about: a runner may yet claim it. */
  | { kind: 'unsettled'; failure: Failure };

export interface StartOptions {
  /** Path of the runner's bundle. */
  runner: string;
  /** As `findNode` gave it; asked for anew when left out. */
  node?: string;
  /** The environment of the runner and, without what belongs to the editor, of the program; else our own. */
  env?: NodeJS.ProcessEnv;
}

/**
 * Starts a job in a folder of its own, which is made where it is missing: writes the spec, then starts a runner that
 * outlives us. A folder serves one job, once.
 */
export async function startJob(folder: string, spec: JobSpec, options: StartOptions): Promise<Result<RunningJob>> {
  const written = await writeSpec(folder, spec);
  if (!written.ok) return written;
  const node = options.node ?? (await findNode());
  try {
    const child = startRunner(folder, spec.job, { ...options, node });
    faultPoint('runner.after');
    return ok(watchChild(folder, spec.job, child));
  } catch (error) {
    return fail(ioFailure(runnerLog(folder), error));
  }
}

/**
 * What a job of an earlier life came to. An exit file says it; a living runner is followed; what a dead one left
 * behind is ended first; a folder that nobody claimed is claimed here, so that a late runner finds it taken.
 */
export async function settleJob(folder: string, job: string): Promise<Settled> {
  const exit = readExit(folder);
  if (exit) return { kind: 'ended', end: { kind: 'exited', exit } };
  const claim = readClaim(folder);
  if (claim?.kind === 'revoked') return { kind: 'notStarted' };
  if (claim) return followRunner(folder, job, claim);
  const revoked = await revoke(folder);
  if (!revoked.ok) return { kind: 'unsettled', failure: revoked.failure };
  return revoked.value ? { kind: 'notStarted' } : settleJob(folder, job);
}

/** Tells the runner something. Followed once, however often it is sent; the runner renames it when it has. */
export async function sendOrder(folder: string, order: JobOrder): Promise<Result<undefined>> {
  const path = join(ordersFolder(folder), `${nameOf(order.id)}.json`);
  const made = await makeFolder(ordersFolder(folder));
  if (!made.ok) return made;
  const written = await writeByRename(path, `${JSON.stringify(order)}\n`);
  const claim = readClaim(folder);
  if (claim?.kind === 'runner') await knock(claim.pulse);
  return written;
}

async function writeSpec(folder: string, spec: JobSpec): Promise<Result<undefined>> {
  try {
    mkdirSync(ordersFolder(folder), { recursive: true, mode: 0o700 });
    // There from the start, so that it can be watched before anything is in it.
    if (spec.agent !== undefined) appendFileSync(reportsFile(folder), '');
  } catch (error) {
    return fail(ioFailure(folder, error));
  }
  return writeDurably(specFile(folder), `${JSON.stringify(spec)}\n`);
}

/** Detached, in a session of its own, with nothing of ours open: the runner does not notice our end. */
function startRunner(folder: string, job: string, options: StartOptions & { node: string }): ChildProcess {
  const log = openSync(runnerLog(folder), 'a');
  try {
    const inherited = heldBack(options.env ?? process.env);
    const env = { ...inherited, ...nodeEnvironment(options.node), ORCHESTRATE_JOB: job };
    const stdio = ['ignore' as const, log, log];
    faultPoint('runner.before');
    return start({ argv: [options.node, options.runner, folder] }, { cwd: folder, detached: true, env, stdio });
  } finally {
    closeSync(log);
  }
}

function watchChild(folder: string, job: string, child: ChildProcess): RunningJob {
  const watch: { adopted?: RunningJob; over?: boolean } = {};
  const ended = new Promise<JobEnd>((resolve) => {
    const conclude = async (how: string): Promise<void> => {
      const settled = await settleJob(folder, job);
      if (watch.over) return;
      if (settled.kind === 'ended') return resolve(settled.end);
      // The runner is gone, so nobody claims a folder that we cannot claim either.
      if (settled.kind === 'notStarted' || settled.kind === 'unsettled')
        return resolve({ kind: 'interrupted', reason: `the runner did not start: ${how}` });
      // Another runner owns the folder.
      watch.adopted = settled.job;
      resolve(await settled.job.ended);
    };
    child.once('exit', (code, signal) => void conclude(`it ended with ${signal ?? code ?? 'no code'}`));
    child.once('error', ({ message }) => void conclude(message));
  });
  const dispose = (): void => {
    watch.over = true;
    watch.adopted?.dispose();
    child.removeAllListeners('exit');
    child.unref();
  };
  return { ended, dispose };
}

async function revoke(folder: string): Promise<Result<boolean>> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const created = createExclusively(claimFile(folder), `${JSON.stringify({ kind: 'revoked', at: Date.now() })}\n`);
    if (created.ok && created.value) await syncFile(claimFile(folder));
    return created;
  } catch (error) {
    return fail(ioFailure(folder, error));
  }
}
