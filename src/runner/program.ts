import type { ChildProcess, StdioOptions } from 'node:child_process';
import { appendFileSync, statSync } from 'node:fs';
import { fail, ok, type Result } from '../model/failure.ts';
import { defined } from '../model/defined.ts';
import type { JobSpec, LedgerEntry, Used } from '../model/run/job.ts';
import { systemError } from '../process/durable-now.ts';
import { faultPoint } from '../process/fault.ts';
import { ledgerFile } from '../process/job-folder.ts';
import { memoryOf, timeOfChildren } from '../process/memory.ts';
import { type ProcessRow, readProcess } from '../process/process-table.ts';
import { livingMembers, toEntry } from '../process/process-set.ts';
import { argvOf, findProgram, start } from '../process/spawn.ts';
import { type Output, outputOf, OWN_PIPES } from './own-pipes.ts';

/** Waits for a line on descriptor 3, then becomes the program; exits when the pipe closes without one. */
export const STUB = `${OWN_PIPES}read -r go <&3 && exec "$@" 3<&-`;

/** A program that has been let go, and the processes that have been seen of it. */
export class Program {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  readonly #folder: string;
  readonly #job: string;
  readonly #ledger: LedgerEntry[] = [];
  #lastLook = Date.now();
  #memory = 0;
  #toldMemory = 0;

  constructor(folder: string, job: string, child: ChildProcess, pid: number) {
    this.#folder = folder;
    this.#job = job;
    this.child = child;
    this.pid = pid;
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  }

  /** Until its end its pid is surely its own. */
  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get processes(): { job: string; ledger: readonly LedgerEntry[]; group: number } {
    return { job: this.#job, ledger: this.#ledger, group: this.pid };
  }

  /** Writes down the processes not seen before; how many are alive now. */
  async look(): Promise<number> {
    return (await this.living()).length;
  }

  async living(): Promise<ProcessRow[]> {
    this.#lastLook = Date.now();
    const living = await livingMembers(this.processes);
    this.note(living.map(toEntry));
    const memory = living.reduce((sum, { pid }) => sum + (memoryOf(pid) ?? 0), 0);
    this.#memory = Math.max(this.#memory, memory);
    return living;
  }

  /**
   * Something happened after a quiet second: a moment at which new processes are likely. What they are seen to take is
   * given back where that is a quarter more than when it was last.
   */
  async lookAfterQuiet(): Promise<Used | undefined> {
    if (Date.now() - this.#lastLook <= 1000) return undefined;
    await this.look();
    if (this.#memory <= this.#toldMemory * 1.25) return undefined;
    this.#toldMemory = this.#memory;
    return { memory: this.#memory };
  }

  /** What it took in all. To be asked when it is over. */
  get used(): { used?: Used } {
    const used = defined({ cpu: timeOfChildren() || undefined, memory: this.#memory || undefined });
    return Object.keys(used).length === 0 ? {} : { used };
  }

  note(entries: readonly LedgerEntry[]): void {
    const fresh = entries.filter(
      (entry) => !this.#ledger.some(({ pid, started }) => pid === entry.pid && started === entry.started),
    );
    if (fresh.length === 0) return;
    this.#ledger.push(...fresh);
    appendFileSync(ledgerFile(this.#folder), fresh.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }
}

/**
 * Starts the job's program as a stub that leads its own group, writes it down, and only then lets it become the
 * program. If we die in between, the stub finds its pipe closed and exits, so no program is ever unknown.
 * `beforeGo` is done just before, while the stub starts. The failure is the system's message.
 */
export async function startProgram(
  folder: string,
  spec: JobSpec,
  env: NodeJS.ProcessEnv,
  beforeGo: () => void,
): Promise<Result<Started, string>> {
  const argv = programArgv(spec, env);
  if (!argv.ok) return argv;
  faultPoint('spawn.before');
  const started = await startStub(argv.value, spec, env);
  if (!started.ok) return started;
  faultPoint('spawn.after');
  const { child, pid, sockets } = started.value;
  const program = new Program(folder, spec.job, child, pid);
  const row = await readProcess(pid);
  if (row) program.note([toEntry(row)]);
  faultPoint('ledger.after');
  beforeGo();
  const output = await outputOf(child, sockets);
  letGo(child, spec);
  faultPoint('byte.after');
  return ok({ program, output });
}

/** A program that runs, and what it prints. */
export interface Started {
  program: Program;
  output: Output;
}

/** With the program as a full path: the system's "not found" is told here, before anything runs. */
function programArgv(spec: JobSpec, env: NodeJS.ProcessEnv): Result<readonly string[], string> {
  if (!statSync(spec.cwd, { throwIfNoEntry: false })?.isDirectory()) return fail(`${spec.cwd} is not a folder`);
  const [program = '', ...args] = argvOf(spec.command, env);
  if (process.platform === 'win32') return ok([program, ...args]);
  const path = findProgram(program, env, spec.cwd);
  return path === undefined ? fail(`${program}: not found`) : ok([path, ...args]);
}

function startStub(
  argv: readonly string[],
  { cwd, stdin, conversation }: JobSpec,
  env: NodeJS.ProcessEnv,
): Promise<Result<{ child: ChildProcess; pid: number; sockets: Output }, string>> {
  const input = stdin === undefined && !conversation ? 'ignore' : 'pipe';
  const stdio: StdioOptions = process.platform === 'win32' ? [input, 'pipe', 'pipe'] : [input, 'pipe', 'pipe', 'pipe'];
  const stubbed = process.platform === 'win32' ? argv : ['/bin/sh', '-c', STUB, 'sh', ...argv];
  return new Promise((resolve) => {
    try {
      const child = start({ argv: stubbed }, { cwd, env, stdio, detached: process.platform !== 'win32' });
      child.once('error', ({ message }) => resolve(fail(message)));
      const { pid, stdout, stderr } = child;
      if (pid !== undefined && stdout && stderr) resolve(ok({ child, pid, sockets: { stdout, stderr } }));
    } catch (error) {
      resolve(fail(systemError(error).message));
    }
  });
}

/** The input of one that is spoken with stays open. */
function letGo(child: ChildProcess, { stdin, conversation }: JobSpec): void {
  const gate = child.stdio[3];
  // A program may end without reading its input; its exit says what there is to say.
  gate?.on('error', () => undefined);
  if (gate && 'end' in gate) gate.end('go\n');
  child.stdin?.on('error', () => undefined);
  if (!conversation) child.stdin?.end(stdin);
}
