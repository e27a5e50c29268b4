import { strict as assert } from 'node:assert';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createRun, prepareRun } from '../../src/engine/runs.ts';
import { openSession } from '../../src/engine/open-session.ts';
import type { RunRef, RunSession, SessionOptions } from '../../src/engine/session.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import type { Event, JobPurpose } from '../../src/model/run/event.ts';
import { describe, type Result } from '../../src/model/failure.ts';
import type { Wish } from '../../src/model/run/order.ts';
import type { RunState, TaskState } from '../../src/model/run/state.ts';
import { attention } from '../../src/model/run/view.ts';
import { jobFolder } from '../../src/engine/places.ts';
import { readClaim } from '../../src/process/job-folder.ts';
import { processTable, startedWith } from '../../src/process/process-table.ts';
import { type Files, type RepositoryOptions, TemporaryRepository } from './repository.ts';

export const RUNNER = resolve('dist/runner.cjs');
export const CLI = resolve('dist/cli.cjs');
export const PLAN = 'docs/plan/p/plan.yaml';

/** Inherited by everything this test process starts: runs of different tests have the same names. */
const TOKEN = `ORCHESTRATE_TEST=${process.pid}`;
process.env['ORCHESTRATE_TEST'] = String(process.pid);

/** The value of a result that the test takes for granted. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) assert.fail(describe(result.failure));
  return result.value;
}

export interface RunFiles {
  /** plan.yaml after its `plan_id` and `objective`. */
  tasks: string;
  /** orchestrate.yaml. */
  config?: string;
  files?: Files;
  repository?: RepositoryOptions;
}

/** A real repository with a plan, and the runs made of it; leaves nothing behind. */
export class RunRig implements AsyncDisposable {
  readonly repository: TemporaryRepository;
  readonly #sessions: RunSession[] = [];
  #opened: Repository | undefined;

  constructor({ tasks, config = 'agents: { default: shell }\n', files = {}, repository = {} }: RunFiles) {
    const all = {
      'README.md': '# Example\n',
      [PLAN]: `plan_id: p\nobjective: An example\ntasks:\n${tasks}`,
      'orchestrate.yaml': config,
      ...files,
    };
    this.repository = TemporaryRepository.with(all, repository);
  }

  get root(): string {
    return this.repository.root;
  }

  async create(root = this.root, planFile = PLAN): Promise<RunRef> {
    this.#opened ??= value(await openRepository(root));
    return value(await createRun(this.#opened, value(await prepareRun(this.#opened, { planFile })), 'cli'));
  }

  async open(
    ref?: RunRef,
    as: SessionOptions['as'] = 'drive',
    hosted: SessionOptions['hosted'] = new Map<string, never>(),
  ): Promise<RunSession> {
    const options = { by: 'cli' as const, runner: RUNNER, as, hosted };
    const session = value(await openSession(ref ?? (await this.create()), options));
    this.#sessions.push(session);
    return session;
  }

  /** Opens, approves and goes on until the run is at rest; in another checkout where `root` names one. */
  async run(root?: string): Promise<RunSession> {
    const session = await this.open(await this.create(root));
    await approve(session);
    await session.atRest();
    return session;
  }

  /** Content of a path on the run's integration. */
  merged(session: RunSession, path: string): string {
    return this.repository.show(session.state.integration, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const runs = this.#sessions.map(({ ref }) => ref.run);
    for (const session of this.#sessions) await session.dispose();
    await this.#opened?.chores.take(async () => {});
    const left = await processesOf(runs);
    await this.repository[Symbol.asyncDispose]();
    assert.deepEqual(left, [], 'a process of the run outlived it');
  }
}

export const approve = (session: RunSession, more: object = {}): Promise<void> =>
  order(session, { type: 'approve', planHash: session.state.planHash, ...more });

export async function order(session: RunSession, wish: Wish): Promise<void> {
  value(await session.order(wish));
}

export function taskOf(state: RunState, id: string): TaskState {
  const task = state.tasks.get(id);
  return task ?? assert.fail(`no task ${id}`);
}

/** The run ended so; says what it waits for when it did not. */
export function assertEnded({ state, findings }: RunSession, outcome: string): void {
  const waits = attention(state).map(({ text }) => text);
  assert.equal(state.ended?.outcome, outcome, [state.ended?.reason ?? '', ...waits, ...findings].join('\n'));
}

/** Why the latest ended attempt of a task failed, as `kind: message`. */
export function failureOf(state: RunState, id: string): string | undefined {
  const stage = taskOf(state, id).attempts.findLast((attempt) => attempt.stage.at === 'ended')?.stage;
  return stage?.at === 'ended' ? `${stage.failure.kind}: ${stage.failure.message}` : undefined;
}

/** Resolves at the first event that the test waits for. */
export function eventOf(session: RunSession, matches: (event: Event) => boolean): Promise<Event> {
  return new Promise((resolve_) => {
    const subscription = session.subscribe(({ events }) => {
      const event = events.find(matches);
      if (!event) return;
      subscription[Symbol.dispose]();
      resolve_(event);
    });
  });
}

/** Resolves with the first thing that is found in the state, now or after a change. */
export const settled = <T>(session: RunSession, find: (state: RunState) => T | undefined): Promise<T> =>
  new Promise((resolve_) => {
    const look = (): void => {
      const found = find(session.state);
      if (found === undefined) return;
      subscription[Symbol.dispose]();
      resolve_(found);
    };
    const subscription = session.subscribe(look);
    look();
  });

/** Resolves when the run is paused. */
export const stillness = (session: RunSession): Promise<unknown> => settled(session, ({ paused }) => paused);

/** Command lines of living processes that belong to one of the runs. */
export async function processesOf(runs: readonly string[]): Promise<string[]> {
  const table = await processTable();
  const ours = table.filter(({ pid }) => startedWith(pid, TOKEN));
  const rows = ours.filter(({ pid }) => runs.some((run) => startedWith(pid, `ORCHESTRATE_RUN=${run}`)));
  return rows.map(({ pid, command }) => `${command} (${pid})`);
}

/** Names in the folder of worktrees. */
export const worktrees = (root: string): string[] => {
  const folder = join(root, '.worktrees');
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** Folders of the run's jobs of one kind that are open now. */
export function openJobs({ ref, state }: RunSession, kind: JobPurpose['kind']): string[] {
  const jobs = [...state.open.values()].filter((open) => open.type === 'job.intended' && open.purpose.kind === kind);
  return jobs.map(({ intent }) => jobFolder(ref, intent));
}

/** Ends the runner of the only open job of its kind as a crash would. */
export async function killRunner(session: RunSession, kind: JobPurpose['kind']): Promise<void> {
  const [folder = ''] = openJobs(session, kind);
  const claim = readClaim(folder);
  if (claim?.kind !== 'runner') assert.fail(`no runner has claimed ${folder}`);
  process.kill(claim.pid, 'SIGKILL');
}

/** Kinds of failure of a task's ended attempts, in order. */
export const failuresOf = (state: RunState, id: string): string[] =>
  taskOf(state, id).attempts.flatMap(({ stage }) => (stage.at === 'ended' ? [stage.failure.kind] : []));
