import { deepEqual } from 'node:assert/strict';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConversationAgent, ProcessAgent } from '../../src/agents/agent.ts';
import type { AgentSettings } from '../../src/model/config/config.ts';
import type { JobExit } from '../../src/model/run/job.ts';
import { sendOrder } from '../../src/process/job.ts';
import { JobBench } from '../engine/jobs/bench.ts';
import type { Step } from '../rig/model-server/script.ts';
import { ModelServer, type ScriptedRun } from '../rig/model-server/server.ts';
import { record } from './recorder.ts';
import type { UsedUp } from './scripted.ts';
import { Attempts, type Attempt, type AttemptOptions } from './attempt.ts';

/** How a test drives one real program with a scripted model. */
export interface Driven {
  agent: ProcessAgent | ConversationAgent;
  /** Installs the program; what to start. */
  install: () => Promise<string[]>;
  /** What makes it use the scripted model, whose base URL is given. */
  settings: (url: string) => AgentSettings;
  /** What its service says when a plan is used up. */
  usedUp: UsedUp;
  /** Files of the home it finds, by path in it. */
  home?: Readonly<Record<string, string>>;
  /** The file below the home in which it saves a session, where it does so only after a while. */
  saved?: (session: string) => string;
}

/** Everything a test of a real agent needs: the program, the model, a worktree and a home. Opened once for a file. */
export class AgentRig {
  readonly #driven: Driven;
  readonly #command: string[];
  readonly server: ModelServer;
  readonly bench: JobBench;
  readonly attempts: Attempts;
  readonly #running = new Set<Attempt>();

  private constructor(driven: Driven, command: string[], server: ModelServer, bench: JobBench) {
    this.#driven = driven;
    this.#command = command;
    this.server = server;
    this.bench = bench;
    this.attempts = new Attempts(bench, driven.agent, driven.home);
  }

  static async open(driven: Driven): Promise<AgentRig> {
    const command = await driven.install();
    return new AgentRig(driven, command, await ModelServer.open(), await JobBench.open());
  }

  /** A test that failed may have left its attempt at work. */
  async close(): Promise<void> {
    for (const attempt of this.#running) await this.cancel(attempt);
    await Promise.all([...this.#running].map((attempt) => attempt.exit()));
    await this.server.close();
    deepEqual(await this.bench.leftovers(), []);
    this.attempts.close();
    this.bench.close();
  }

  async begin(steps: Step[], options: AttemptOptions = {}): Promise<{ run: ScriptedRun; attempt: Attempt }> {
    const run = this.server.run({ steps });
    const settings = { command: this.#command, ...this.#driven.settings(run.url) };
    const attempt = await this.attempts.start(settings, options);
    this.#running.add(attempt);
    void attempt.exit().then(() => this.#running.delete(attempt));
    return { run, attempt };
  }

  /** With ORCHESTRATE_RECORD set, what the program printed becomes a fixture of the reader's own test. */
  async exitOf(attempt: Attempt, name: string): Promise<JobExit> {
    const exit = await attempt.exit();
    if (process.env['ORCHESTRATE_RECORD']) record(attempt, exit, this.#driven.agent.name, name);
    return exit;
  }

  cancel(attempt: Attempt): Promise<unknown> {
    return sendOrder(attempt.folder, { id: 'cancel', epoch: 1, kind: 'cancel' });
  }

  path(name: string): string {
    return join(this.attempts.repository, name);
  }

  /** Resolves when there is such a file in the worktree. */
  appeared(name: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!existsSync(this.path(name))) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(this.attempts.repository, look);
      look();
    });
  }

  /** Resolves when a process of this name is at work in an attempt. */
  async isRunning(command: string): Promise<void> {
    while (!(await this.bench.leftovers()).some((line) => line.endsWith(` ${command}`))) await wait(50);
  }

  /** Resolves when the session of an attempt can be gone on with. */
  async isSaved({ session }: Attempt): Promise<void> {
    const path = this.#driven.saved?.(session);
    if (path === undefined) return;
    while (!existsSync(join(this.attempts.home, path))) await wait(50);
  }
}
