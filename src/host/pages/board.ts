import * as vscode from 'vscode';
import { durationsOf } from '../../analysis/plan-times.ts';
import { expectedTimes } from '../../engine/past/past-runs.ts';
import { Replay, type Moment } from '../../engine/journal/replay.ts';
import { readRun } from '../../engine/runs.ts';
import type { RunRef } from '../../engine/session.ts';
import { defined } from '../../model/defined.ts';
import { describe, type Result } from '../../model/failure.ts';
import type { RunState } from '../../model/run/state.ts';
import { beginningOf } from '../../model/shown/measure.ts';
import type { Duration } from '../../model/schedule/duration.ts';
import type { FromBoard, ToBoard } from '../../webview/board/protocol.ts';
import type { Asking } from '../asking/asking.ts';
import { type Look, onlySpeakers, Told } from './board-page.ts';
import { keptRun, Panel } from './panel.ts';
import { COMMAND } from './review.ts';
import type { RunChange, Runs } from '../runs.ts';

const TYPE = 'orchestrate.run';

/** What the pages of runs need of the rest. */
export interface BoardParts {
  runs: Runs;
  asking: Asking;
  /** Shows a task in the tree. */
  reveal: (run: string, task: string) => Promise<void>;
}

/**
 * The pages of runs, one panel for each: what ran when, live or as of any past moment. A page is told what changed since
 * it was last told, when the last message is on the screen; it is made again by the run's id after a reload of the window.
 */
export class BoardPages implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #parts: BoardParts;
  readonly #root: vscode.Uri;
  readonly #boards = new Map<string, Board>();
  readonly #listening: vscode.Disposable[];

  constructor(parts: BoardParts, root: vscode.Uri) {
    const { runs } = parts;
    this.#parts = parts;
    this.#root = root;
    this.#listening = [
      vscode.window.registerWebviewPanelSerializer(TYPE, this),
      runs.onDidChange((change) => this.#boards.get(change.session.state.run)?.changed(change)),
      runs.onDidList(() => {
        for (const board of this.#boards.values()) void board.listed();
      }),
    ];
  }

  show(run: string): void {
    const known = this.#boards.get(run);
    if (known) return known.reveal();
    const state = this.#parts.runs.find(run)?.state;
    const title = vscode.l10n.t('Run {0}', state?.plan.id ?? run);
    this.#adopt(run, vscode.window.createWebviewPanel(TYPE, title, vscode.ViewColumn.Active));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const run = keptRun(state);
    if (run === undefined) panel.dispose();
    else this.#adopt(run, panel);
  }

  /** What each open page shows, for tests; and a way to say what a person does there. */
  boards(): { shown: ToBoard | undefined; hear: (message: FromBoard) => Promise<void> }[] {
    return [...this.#boards.values()].map((board) => ({
      shown: board.whole(),
      hear: (message) => board.hear(message),
    }));
  }

  dispose(): void {
    for (const one of [...this.#listening, ...this.#boards.values()]) one.dispose();
  }

  #adopt(run: string, panel: vscode.WebviewPanel): void {
    const board = new Board(run, panel, this.#parts);
    this.#boards.set(run, board);
    panel.onDidDispose(() => {
      board.dispose();
      this.#boards.delete(run);
    });
    board.load(this.#root);
  }
}

const MOST_EXPECTED = 1_000;

/** The page of one run, and the moment of it that is looked at. */
class Board implements vscode.Disposable {
  readonly #run: string;
  readonly #parts: BoardParts;
  readonly #panel: Panel<FromBoard, ToBoard>;
  readonly #told = new Told();
  /** Tasks that were spoken of since the page was told; undefined = it must look at all. */
  #touched: Set<string> | undefined;
  /** What tasks like its own took in earlier runs; found once. */
  #durations: ReadonlyMap<string, Duration> | undefined;
  #isExpected = false;
  /** Of a run that is too old to be open. */
  #past: RunState | undefined;
  #replay: Replay | undefined;
  #moment: Moment | undefined;
  /** Where the person wants to look; only the last wish counts. */
  #wish: ((replay: Replay) => number) | undefined;
  #isOpening = false;

  constructor(run: string, panel: vscode.WebviewPanel, parts: BoardParts) {
    this.#run = run;
    this.#parts = parts;
    this.#panel = new Panel(panel, {
      next: () => this.#next(),
      hear: (message) => void this.hear(message),
    });
  }

  load(root: vscode.Uri): void {
    this.#panel.load(root, 'board');
  }

  /** Something happened; of the past nothing changes. */
  changed({ session: { state }, events }: RunChange): void {
    const speakers = onlySpeakers(state, events);
    if (!speakers) this.#touched = undefined;
    else for (const task of speakers) this.#touched?.add(task);
    if (!this.#moment) this.#panel.draw();
  }

  /** The runs are others, or can be found now. */
  async listed(): Promise<void> {
    this.#touched = undefined;
    await this.#find();
    await this.#open();
    this.#panel.draw();
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  whole(): ToBoard | undefined {
    this.#follow();
    const look = this.#look();
    return look && new Told().tell(look);
  }

  async hear(message: FromBoard): Promise<void> {
    switch (message.kind) {
      case 'ready':
        return this.#begin(message.event);
      case 'drawn':
        this.#renew();
        return this.#panel.drawn(false);
      case 'seek':
        return this.#go((replay) => replay.before(message.time));
      case 'step':
        return this.#step(message.by);
      case 'live':
        return this.#live();
      case 'reveal':
        return this.#parts.reveal(this.#run, message.task);
      case 'do': {
        const { kind: _, what, ...about } = message;
        await vscode.commands.executeCommand(COMMAND[what], { target: { run: this.#run, ...about } });
      }
    }
  }

  /** The page is new, as after it was hidden: it is told everything. */
  async #begin(event: number | undefined): Promise<void> {
    this.#told.forget();
    this.#touched = undefined;
    await this.#find();
    if (event !== undefined) await this.#go(() => event);
    this.#panel.drawn(true);
    await this.#expect();
  }

  /** Earlier runs tell how long this one should take; of one with very many tasks, so do its own soon enough. */
  async #expect(): Promise<void> {
    const session = this.#parts.runs.find(this.#run);
    if (this.#isExpected || !session || session.state.ended || session.state.tasks.size > MOST_EXPECTED) return;
    this.#isExpected = true;
    this.#durations = durationsOf(await expectedTimes(session.ref.repository, session.state, this.#run));
    this.#panel.draw();
  }

  /** Older runs are not open: their state is read when it is looked at. */
  async #find(): Promise<void> {
    const ref = this.#ref();
    if (this.#past || !ref || this.#parts.runs.find(this.#run)) return;
    const read = await readRun(ref);
    if (read.ok) this.#past = read.value;
    else await this.#tell(read);
  }

  #ref(): RunRef | undefined {
    return this.#parts.runs.refOf(this.#run);
  }

  /** From where the person looks, or will look when the steps before this one are taken. */
  async #step(by: number): Promise<void> {
    const before = this.#wish;
    if (!before && !this.#moment && by > 0) return;
    const from = (replay: Replay): number => before?.(replay) ?? this.#moment?.event ?? replay.length;
    await this.#go((replay) => Math.max(1, from(replay)) + by);
  }

  #live(): void {
    this.#leave();
    this.#panel.draw();
  }

  #leave(): void {
    this.#wish = undefined;
    this.#replay = undefined;
    this.#moment = undefined;
    this.#touched = undefined;
  }

  /** Looks elsewhere when the page is ready for it: while the journal is read, or a slider is drawn, wishes overtake. */
  async #go(wish: (replay: Replay) => number): Promise<void> {
    this.#wish = wish;
    await this.#open();
  }

  async #open(): Promise<void> {
    const ref = this.#ref();
    if (!this.#wish || this.#isOpening || !ref) return;
    if (!this.#replay) {
      this.#isOpening = true;
      const replay = await Replay.open(ref);
      this.#isOpening = false;
      if (!replay.ok) return this.#tell(replay);
      // Somebody may have gone back to the present meanwhile.
      if (this.#wish !== undefined) this.#replay = replay.value;
    }
    this.#panel.draw();
  }

  #next(): ToBoard | undefined {
    this.#follow();
    const look = this.#look();
    const touched = this.#moment ? undefined : this.#touched;
    this.#touched = new Set();
    return look && this.#told.tell(look, touched);
  }

  /** What was said is on the screen: now there is time for what takes looking at every task. */
  #renew(): void {
    const look = this.#moment ? undefined : this.#look();
    if (look && this.#told.renew(look)) this.#panel.draw();
  }

  #look(): Look | undefined {
    const state = this.#parts.runs.find(this.#run)?.state ?? this.#past;
    if (!state) return undefined;
    const [from, now] = [beginningOf(state), Date.now()];
    const goesOn = state.ended === undefined;
    if (!this.#moment || !this.#replay)
      return { state, now, from, goesOn, end: state.ended?.at ?? now, ...defined({ durations: this.#durations }) };
    const { state: then, ...moment } = this.#moment;
    return { state: then, now: moment.at, from, goesOn, end: this.#replay.span.to, moment };
  }

  #follow(): void {
    const wish = this.#wish;
    if (!wish || !this.#replay) return;
    this.#wish = undefined;
    const event = wish(this.#replay);
    // On from the last event is the present.
    if (event > this.#replay.length) return this.#leave();
    const moment = this.#replay.moment(event);
    if (moment.ok) this.#moment = moment.value;
    else void this.#tell(moment);
  }

  async #tell(result: Result<unknown>): Promise<void> {
    this.#wish = undefined;
    if (!result.ok) await this.#parts.asking.tell('error', describe(result.failure));
  }
}
