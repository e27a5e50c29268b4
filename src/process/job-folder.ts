import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim, JobExit, JobOrder, JobSpec, LedgerEntry } from '../model/run/job.ts';
import { hash8 } from '../model/text/names.ts';
import { readJsonLinesNow, readJsonNow } from './durable-now.ts';
import { removeNow } from './remove-now.ts';

/** The files of a job; model/run/job.ts says what is in them. */
export const specFile = (folder: string): string => join(folder, 'spec.json');
export const claimFile = (folder: string): string => join(folder, 'claim');
export const ordersFolder = (folder: string): string => join(folder, 'orders');
export const outputFile = (folder: string): string => join(folder, 'output.jsonl');
export const reportsFile = (folder: string): string => join(folder, 'reports.jsonl');
export const rawFile = (folder: string): string => join(folder, 'raw.log');
export const ledgerFile = (folder: string): string => join(folder, 'ledger.jsonl');
export const exitFile = (folder: string): string => join(folder, 'exit.json');
export const runnerLog = (folder: string): string => join(folder, 'runner.log');

/** TMPDIR of an agent that wants its own: short, because sockets are made in it, and known from the folder alone. */
export const scratchFolder = (folder: string): string =>
  join(tmpdir(), `orchestrate-${hash8(folder)}${hash8('tmp', folder)}`);

export const readSpec = (folder: string): JobSpec | undefined => only(isSpec, readJsonNow(specFile(folder)));
export const readExit = (folder: string): JobExit | undefined => only(isExit, readJsonNow(exitFile(folder)));
export const readClaim = (folder: string): Claim | undefined => only(isClaim, readJsonNow(claimFile(folder)));
export const readLedger = (folder: string): LedgerEntry[] => readJsonLinesNow(ledgerFile(folder)).filter(isEntry);

/** Orders not yet applied or refused, with the path each lies at. */
export function readOrders(folder: string): { path: string; order: JobOrder }[] {
  const names = readdirSync(ordersFolder(folder)).filter((name) => /^[^.].*\.json$/.test(name));
  return names.flatMap((name) => {
    const path = join(ordersFolder(folder), name);
    const order = only(isOrder, readJsonNow(path));
    return order ? [{ path, order }] : [];
  });
}

const only = <T>(is: (value: unknown) => value is T, value: unknown): T | undefined => (is(value) ? value : undefined);

// We write these files ourselves, in one step each, so one field tells a whole value from none.
const isSpec = (value: unknown): value is JobSpec => has(value, 'protocol');
const isExit = (value: unknown): value is JobExit => has(value, 'endedAt');
const isClaim = (value: unknown): value is Claim => has(value, 'kind');
const isEntry = (value: unknown): value is LedgerEntry => has(value, 'pid');
const isOrder = (value: unknown): value is JobOrder => has(value, 'epoch');

const has = (value: unknown, field: string): boolean => typeof value === 'object' && value !== null && field in value;

/** Whether it is gone: what resists is no reason to lose what the job came to. */
export function forgetScratch(folder: string): boolean {
  try {
    removeNow(scratchFolder(folder));
    return true;
  } catch {
    return false;
  }
}
