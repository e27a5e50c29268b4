import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationAgent, ProcessAgent } from '../../src/agents/agent.ts';
import type { AgentSettings } from '../../src/model/config/config.ts';
import type { AgentEvent, JobExit } from '../../src/model/run/job.ts';
import { defined } from '../../src/model/defined.ts';
import { plainTask } from '../../src/model/plan/plan.ts';
import type { RunningJob } from '../../src/process/follow.ts';
import { startJob } from '../../src/process/job.ts';
import { eventsOf, exitOf, type JobBench } from '../engine/jobs/bench.ts';
import { furnish } from './machine.ts';

/** Attempts of a real agent in a worktree and a home of their own, through the real runner. */
export class Attempts {
  readonly root = mkdtempSync(join(tmpdir(), 'attempts-'));
  /** The worktree they all work in. */
  readonly repository = join(this.root, 'repository');
  readonly home = join(this.root, 'home');
  readonly #bench: JobBench;
  readonly #agent: ProcessAgent | ConversationAgent;
  #serial = 0;

  constructor(bench: JobBench, agent: ProcessAgent | ConversationAgent, home: Readonly<Record<string, string>> = {}) {
    this.#bench = bench;
    this.#agent = agent;
    furnish(this.home, home);
    const origin = join(this.root, 'origin');
    mkdirSync(origin);
    this.#git(origin, 'init', '-q', '-b', 'main');
    this.#git(origin, 'commit', '-q', '--allow-empty', '-m', 'Begin');
    this.#git(origin, 'worktree', 'add', '-q', '-b', 'task', this.repository);
  }

  git(...args: string[]): string {
    return this.#git(this.repository, ...args);
  }

  async start(usual: AgentSettings, options: AttemptOptions = {}): Promise<Attempt> {
    const { prompt = 'Do as scripted.', timeout } = options;
    const settings = { ...usual, ...options.settings, env: { ...usual.env, ...options.settings?.env } };
    const request = {
      run: 'run',
      objective: 'Try the agent',
      task: TASK,
      attempt: 1,
      prompt,
      promptFile: '',
      cwd: this.repository,
      branch: 'task',
      session: `00000000-0000-4000-8000-${String((this.#serial += 1)).padStart(12, '0')}`,
      settings,
      ...defined({ resume: options.resume, readOnly: options.readOnly, budget: options.budget }),
    };
    const start = this.#agent.start(request);
    if (!start.ok) throw new Error(JSON.stringify(start.failure));
    const spec = { ...start.value, cwd: this.repository, agent: this.#agent.name };
    const job = this.#bench.job({ ...spec, ...(timeout === undefined ? {} : { timeout }) });
    const runner = { runner: this.#bench.runner, node: process.execPath, env: this.#environment() };
    const started = await startJob(job.folder, job.spec, runner);
    if (!started.ok) throw new Error(JSON.stringify(started.failure));
    return new Attempt(job.folder, this.root, request.session, started.value);
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #git(cwd: string, ...args: string[]): string {
    return execFileSync('git', args, { cwd, encoding: 'utf8', env: this.#environment() }).trim();
  }

  /** Nothing of the machine's own but where programs are. */
  #environment(): NodeJS.ProcessEnv {
    mkdirSync(this.home, { recursive: true });
    const person = {
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.org',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.org',
    };
    return { PATH: process.env['PATH'], HOME: this.home, LANG: 'C.UTF-8', ...person };
  }
}

export interface AttemptOptions {
  /** Over the usual ones. */
  settings?: AgentSettings;
  prompt?: string;
  /** The session of an earlier attempt to go on with. */
  resume?: string;
  /** Its role only looks. */
  readOnly?: true;
  /** US dollars. */
  budget?: number;
  /** Milliseconds until it is ended as timed out. */
  timeout?: number;
}

/** One running attempt. */
export class Attempt {
  readonly folder: string;
  /** The folder that its worktree and its home lie in. */
  readonly root: string;
  readonly session: string;
  readonly #running: RunningJob;

  constructor(folder: string, root: string, session: string, running: RunningJob) {
    this.folder = folder;
    this.root = root;
    this.session = session;
    this.#running = running;
  }

  async exit(): Promise<JobExit> {
    return exitOf(await this.#running.ended);
  }

  async events(): Promise<AgentEvent[]> {
    return eventsOf(this.folder);
  }
}

const TASK = plainTask('t', { title: 'T' });
