import { stat } from 'node:fs/promises';
import { defined } from '../model/defined.ts';
import { type JobSigns, type OpenJob, processesOf } from '../model/shown/processes.ts';
import type { RunState } from '../model/run/state.ts';
import { isAlive } from '../process/identity.ts';
import {
  claimFile,
  ledgerFile,
  outputFile,
  rawFile,
  readClaim,
  readExit,
  readLedger,
  readSpec,
} from '../process/job-folder.ts';
import { jobFolder } from './places.ts';
import type { RunRef } from './session.ts';

/** The open jobs of a run and the processes that do them, as their folders and the system say now. Changes nothing. */
export async function readProcesses(ref: RunRef, state: RunState): Promise<OpenJob[]> {
  const jobs = [...state.open.values()].filter(({ type }) => type === 'job.intended').map(({ intent }) => intent);
  const signs = new Map(
    await Promise.all(jobs.map(async (job) => [job, await readSigns(jobFolder(ref, job))] as const)),
  );
  return processesOf(state, (job) => signs.get(job) ?? { ledger: [] });
}

/** The exit is read after the runner was looked for: one that ends meanwhile has ended, and is not lost. */
async function readSigns(folder: string): Promise<JobSigns> {
  const [spec, claim, ledger] = [readSpec(folder), readClaim(folder), readLedger(folder)];
  const runner = claim?.kind === 'runner' ? await isAlive(claim) : undefined;
  const lastSign = await lastChange([claimFile, ledgerFile, outputFile, rawFile].map((file) => file(folder)));
  return { ledger, ...defined({ spec, claim, runner, lastSign, exit: readExit(folder) }) };
}

/** When one of the files was last written to; what is not there was not. */
async function lastChange(files: readonly string[]): Promise<number | undefined> {
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => [Math.round(mtimeMs)],
        () => [],
      ),
    ),
  );
  const known = times.flat();
  return known.length === 0 ? undefined : Math.max(...known);
}
