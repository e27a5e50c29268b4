import { deepEqual } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import {
  type AgentEvent,
  type JobEnd,
  type JobExit,
  type JobSpec,
  RUNNER_PROTOCOL,
} from '../../../src/model/run/job.ts';
import { readJsonLinesNow } from '../../../src/process/durable-now.ts';
import { ledgerFile, outputFile, rawFile } from '../../../src/process/job-folder.ts';
import type { RunningJob } from '../../../src/process/follow.ts';
import { startJob } from '../../../src/process/job.ts';
import { processTable, startedWith } from '../../../src/process/process-table.ts';
import { Children } from '../../rig/children.ts';

/** A bench and children for the tests of one suite, which leaves no process of either behind. */
export function jobBench(): { readonly bench: JobBench; readonly children: Children } {
  const on = {} as { bench: JobBench; children: Children };
  before(async () => {
    on.bench = await JobBench.open();
    on.children = await Children.open();
  });
  after(async () => {
    await on.children.close();
    deepEqual(await on.bench.leftovers(), []);
    on.bench.close();
  });
  return on;
}

/** A bench for jobs: a folder for each, the runner as built from the sources, and a look for what was left behind. */
export class JobBench {
  readonly root = mkdtempSync(join(tmpdir(), 'jobs-'));
  readonly runner = join(this.root, 'runner.cjs');
  readonly #jobs: string[] = [];

  static async open(): Promise<JobBench> {
    const bench = new JobBench();
    const options = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' } as const;
    const define = { 'process.env.ORCHESTRATE_PRODUCTION': '""' };
    await build({ ...options, define, entryPoints: ['src/runner/main.ts'], outfile: bench.runner });
    return bench;
  }

  /** A job's spec with its own token, and the folder it will have. */
  job(parts: Partial<JobSpec> & Pick<JobSpec, 'command'>): { folder: string; spec: JobSpec } {
    const name = `job-${process.pid}-${this.#jobs.length}-${this.root.slice(-6)}`;
    this.#jobs.push(name);
    const defaults = {
      protocol: RUNNER_PROTOCOL,
      epoch: 1,
      job: name,
      cwd: this.root,
      env: {},
      grace: 5000,
      outputLimit: 1_000_000,
    };
    return { folder: join(this.root, name), spec: { ...defaults, ...parts } };
  }

  /** Starts a job that must start. `env` is laid over our own for the runner. */
  async start({ folder, spec }: { folder: string; spec: JobSpec }, env: NodeJS.ProcessEnv = {}): Promise<RunningJob> {
    mkdirSync(folder, { recursive: true });
    const options = { runner: this.runner, node: process.execPath, env: { ...process.env, ...env } };
    const started = await startJob(folder, spec, options);
    if (!started.ok) throw new Error(JSON.stringify(started.failure));
    return started.value;
  }

  /** Processes that carry the token of any job of this bench. */
  async leftovers(): Promise<string[]> {
    const rows = await processTable();
    const tokens = this.#jobs.map((job) => `ORCHESTRATE_JOB=${job}`);
    return rows
      .filter(({ pid }) => tokens.some((token) => startedWith(pid, token)))
      .map(({ pid, command }) => `${pid} ${command}`);
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export const rawOf = (folder: string): string => readFileSync(rawFile(folder), 'utf8');
export const eventsOf = (folder: string): AgentEvent[] => readJsonLinesNow(outputFile(folder)).filter(isEvent);
export const ledgerOf = (folder: string): unknown[] => readJsonLinesNow(ledgerFile(folder));

/** The exit of a job that must have exited. */
export function exitOf(end: JobEnd): JobExit {
  if (end.kind !== 'exited') throw new Error(end.reason);
  return end.exit;
}

const isEvent = (value: unknown): value is AgentEvent => typeof value === 'object' && value !== null && 'type' in value;
