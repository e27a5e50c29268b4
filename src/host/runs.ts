import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { readSegment } from '../engine/journal/journal-reader.ts';
import { type HowPlanned, startPlanning } from '../engine/plans/planning.ts';
import { startReplanning, type Wanted } from '../engine/plans/replanning.ts';
import { begunHere } from '../engine/elsewhere.ts';
import { openSession } from '../engine/open-session.ts';
import { runsFolder, segments } from '../engine/places.ts';
import { createRun, listRuns, type Prepared, readRun } from '../engine/runs.ts';
import type { Change, RunRef, RunSession } from '../engine/session.ts';
import { editor } from '../agents/editor.ts';
import type { Repository } from '../git/repository.ts';
import { describe, ok, refuse, type Result } from '../model/failure.ts';
import type { RunState } from '../model/run/state.ts';
import { watchFolder, type Watching } from '../process/watching.ts';
import { workWithModel } from './models/agent.ts';
import { isUnsaved } from './plans.ts';

export interface RunChange {
  session: RunSession;
  events: Change['events'];
}

/**
 * The runs of the repository that the window shows, each as an open session, and what this window drives in its others. Those that an editor started and left are driven on;
 * those of a terminal are followed until a person says otherwise. Closing this leaves agents at work.
 */
export class Runs implements vscode.Disposable {
  readonly #runner: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #sessions = new Map<string, { session: RunSession; heard: Disposable }>();
  readonly #changed = new vscode.EventEmitter<RunChange>();
  readonly #listed = new vscode.EventEmitter<void>();
  /** After each durable append of any run. */
  readonly onDidChange = this.#changed.event;
  /** When a run came, went, or has another driver. */
  readonly onDidList = this.#listed.event;
  #repository: Repository | undefined;
  #watcher: Watching | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(runner: string, log: vscode.LogOutputChannel) {
    this.#runner = runner;
    this.#log = log;
  }

  /** Newest first. */
  get sessions(): readonly RunSession[] {
    return [...this.#sessions.values()]
      .map(({ session }) => session)
      .toSorted((a, b) => b.state.startedAt - a.state.startedAt);
  }

  /** The one that buttons without a row mean: the newest that goes on, else the newest. */
  get current(): RunSession | undefined {
    return this.sessions.find(({ state }) => !state.ended) ?? this.sessions[0];
  }

  get repository(): Repository | undefined {
    return this.#repository;
  }

  /** Where a run lies, open or not; undefined while no repository is open. */
  refOf(run: string): RunRef | undefined {
    const repository = this.#repository;
    return this.find(run)?.ref ?? (repository && { repository, run, folder: join(runsFolder(repository), run) });
  }

  find(run: string): RunSession | undefined {
    return this.#sessions.get(run)?.session;
  }

  /**
   * Shows the runs of this repository instead of another's; `undefined` shows none. What an editor began in the window's
   * other repositories goes on: who looks elsewhere does not want it to stand still.
   */
  async attach(repository: Repository | undefined, others: readonly Repository[] = []): Promise<void> {
    await this.#inTurn(async () => {
      if (repository === this.#repository) return;
      await this.#closeAll(repository ? isAtWork : undefined);
      this.#repository = repository;
      if (repository) await this.#watch(repository);
      for (const other of others) await this.#goOn(other);
      await this.#list();
    });
  }

  /** Makes a run of a plan, or takes up the unfinished one there is, and drives it. */
  start(prepared: Prepared): Promise<Result<RunSession>> {
    return this.#made((repository) => createRun(repository, prepared, 'editor'));
  }

  /** Makes the run that plans an objective, and drives it. */
  plan(objective: string, how: HowPlanned): Promise<Result<RunSession>> {
    return this.#made((repository) => startPlanning(repository, objective, { ...how, by: 'editor' }));
  }

  /** Makes the run in which a plan is made anew, and drives it. */
  replan(wanted: Omit<Wanted, 'by'>): Promise<Result<RunSession>> {
    return this.#made((repository) => startReplanning(repository, { ...wanted, by: 'editor' }));
  }

  /** The run in which the plan of this one is made anew at this moment. */
  revising({ plan, planning }: RunState): RunSession | undefined {
    if (planning) return undefined;
    return this.sessions.find(({ state }) => !state.ended && state.planning?.revises && state.planning.id === plan.id);
  }

  /** Takes over a run that nobody drives; follows it where somebody does. */
  async drive(ref: RunRef): Promise<Result<RunSession>> {
    return this.#inTurn(async () => {
      const known = this.find(ref.run);
      if (known?.role === 'drives') return ok(known);
      await this.#followEnded();
      const opened = await this.#open(ref, 'drive');
      // It stays in the tree.
      if (!opened.ok) await this.#open(ref, 'follow');
      return opened;
    });
  }

  /** Drives a run that nobody drives now. A terminal's stays the terminal's, also when the person ends it there. */
  async pickUp(ref: RunRef): Promise<Result<RunSession>> {
    const opened = await this.drive(ref);
    if (!opened.ok || opened.value.role === 'drives') return opened;
    return this.#inTurn(() => this.#open(ref, 'follow'));
  }

  dispose(): void {
    this.#watcher?.close();
    void this.#closeAll();
    this.#changed.dispose();
    this.#listed.dispose();
  }

  /** For the end of the window: what drives has said goodbye when this resolves. */
  async close(): Promise<void> {
    this.#watcher?.close();
    await this.#closeAll();
  }

  /** Drives the run that is made. */
  async #made(make: (repository: Repository) => Promise<Result<RunRef>>): Promise<Result<RunSession>> {
    const repository = this.#repository;
    if (!repository) return refuse(vscode.l10n.t('No repository is open.'));
    const made = await make(repository);
    return made.ok ? this.drive(made.value) : made;
  }

  async #watch(repository: Repository): Promise<void> {
    const folder = runsFolder(repository);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    this.#watcher = watchFolder(folder, () => void this.#inTurn(() => this.#list()));
  }

  async #list(): Promise<void> {
    const repository = this.#repository;
    const refs = repository ? await listRuns(repository) : [];
    // One that was deleted to make room is not there any more.
    const gone = [...this.#sessions.values()].filter(
      ({ session: { ref } }) => ref.repository === repository && !refs.some(({ run }) => run === ref.run),
    );
    for (const { session } of gone) await this.#close(session.ref.run);
    const unknown = refs.slice(-MOST_RUNS).filter(({ run }) => !this.#sessions.has(run));
    for (const ref of unknown) await this.#show(ref, (await isOurs(ref)) ? 'drive' : 'follow');
    this.#listed.fire();
  }

  async #show(ref: RunRef, as: 'drive' | 'follow'): Promise<void> {
    const opened = await this.#open(ref, as);
    if (!opened.ok) this.#log.warn(`Run ${ref.run} cannot be shown: ${describe(opened.failure)}`);
  }

  async #goOn(other: Repository): Promise<void> {
    for (const ref of (await listRuns(other)).slice(-MOST_RUNS))
      if (!this.#sessions.has(ref.run) && (await isOurs(ref))) await this.#show(ref, 'drive');
  }

  async #open(ref: RunRef, as: 'drive' | 'follow'): Promise<Result<RunSession>> {
    await this.#close(ref.run);
    const opened = await openSession(ref, {
      by: 'editor',
      runner: this.#runner,
      as,
      hosted: HOSTED,
      mayWrite: (file) => !isUnsaved(join(ref.repository.root, file)),
      onFinding: (finding) => this.#log.info(`${ref.run}: ${finding}`),
    });
    if (!opened.ok) return opened;
    const session = opened.value;
    const heard = session.subscribe(({ events }) => this.#changed.fire({ session, events }));
    this.#sessions.set(ref.run, { session, heard });
    this.#log.info(`${ref.run}: this window ${session.role} it`);
    this.#listed.fire();
    return opened;
  }

  /** This window only looks at what has ended from now on, so that it may be deleted. */
  letGoOfEnded(): Promise<void> {
    return this.#inTurn(() => this.#followEnded());
  }

  async #followEnded(): Promise<void> {
    const over = this.sessions.filter(({ role, state }) => role === 'drives' && state.ended);
    for (const { ref } of over) await this.#open(ref, 'follow');
  }

  async #close(run: string): Promise<void> {
    const known = this.#sessions.get(run);
    this.#sessions.delete(run);
    known?.heard[Symbol.dispose]();
    await known?.session.dispose();
  }

  async #closeAll(stays: (session: RunSession) => boolean = () => false): Promise<void> {
    this.#watcher?.close();
    this.#watcher = undefined;
    const closing = [...this.#sessions].filter(([, { session }]) => !stays(session));
    await Promise.all(closing.map(([run]) => this.#close(run)));
  }

  /** One thing at a time: two looks at the folder must not open one run twice. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch((error: unknown) => this.#log.error(error instanceof Error ? error : String(error)));
    return done;
  }
}

const isAtWork = ({ role, state }: RunSession): boolean => role === 'drives' && !state.ended;

/** What only an editor can bring. */
const HOSTED = new Map([[editor.name, workWithModel]]);

/** Older runs are in the journal and in git; the tree shows these. */
const MOST_RUNS = 12;

/** Whether an editor started it and it has not ended: then it goes on here. */
async function isOurs(ref: RunRef): Promise<boolean> {
  const [first] = segments(ref.folder);
  const begun = first === undefined ? undefined : await readSegment(ref.folder, first);
  if (!begun?.ok || begun.value.header.writer.by !== 'editor') return false;
  const state = await readRun(ref);
  return state.ok && !state.value.ended && (await begunHere(ref, state.value)).ok;
}
