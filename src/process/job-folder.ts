import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim, JobExit, JobOrder, JobSpec, LedgerEntry } from '../model/job.ts';
import { hash8 } from '../model/names.ts';
import { readJson, readJsonLines } from './durable.ts';

/** The files of a job; model/job.ts says what is in them. */
export const specFile = (folder: string): string => join(folder, 'spec.json');
export const claimFile = (folder: string): string => join(folder, 'claim');
export const ordersFolder = (folder: string): string => join(folder, 'orders');
export const outputFile = (folder: string): string => join(folder, 'output.jsonl');
export const rawFile = (folder: string): string => join(folder, 'raw.log');
export const ledgerFile = (folder: string): string => join(folder, 'ledger.jsonl');
export const exitFile = (folder: string): string => join(folder, 'exit.json');
export const runnerLog = (folder: string): string => join(folder, 'runner.log');

/** TMPDIR of an agent that wants its own: short, because sockets are made in it, and known from the folder alone. */
export const scratchFolder = (folder: string): string =>
  join(tmpdir(), `orchestrate-${hash8(folder)}${hash8('tmp', folder)}`);

export const readSpec = (folder: string): Promise<JobSpec | undefined> => readObject(specFile(folder), 'protocol');
export const readExit = (folder: string): Promise<JobExit | undefined> => readObject(exitFile(folder), 'endedAt');
export const readClaim = (folder: string): Promise<Claim | undefined> => readObject(claimFile(folder), 'kind');

export async function readLedger(folder: string): Promise<LedgerEntry[]> {
  return (await readJsonLines(ledgerFile(folder))).filter((value) => has(value, 'pid')) as LedgerEntry[];
}

/** Orders not yet applied or refused, with the path each lies at. */
export async function readOrders(folder: string): Promise<{ path: string; order: JobOrder }[]> {
  const names = await readdir(ordersFolder(folder)).catch(() => []);
  const paths = names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => join(ordersFolder(folder), name));
  const orders = await Promise.all(paths.map((path) => readObject<JobOrder>(path, 'epoch')));
  return paths.flatMap((path, index) => {
    const order = orders[index];
    return order ? [{ path, order }] : [];
  });
}

export const removeScratch = (folder: string): Promise<void> =>
  rm(scratchFolder(folder), { recursive: true, force: true });

/** These files are written by ourselves in one step, so one field tells a whole value from none. */
async function readObject<T>(path: string, field: keyof T & string): Promise<T | undefined> {
  const value = await readJson(path);
  return has(value, field) ? (value as T) : undefined;
}

const has = (value: unknown, field: string): boolean => typeof value === 'object' && value !== null && field in value;
