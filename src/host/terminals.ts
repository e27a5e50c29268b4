import * as vscode from 'vscode';
import { readJournal } from '../engine/journal/journal-reader.ts';
import { jobFolder } from '../engine/places.ts';
import type { RunSession } from '../engine/session.ts';
import type { Event, JobPurpose } from '../model/run/event.ts';
import { type Attempt, attemptOf, latest, taskOf } from '../model/run/state.ts';
import { outputFile, rawFile } from '../process/job-folder.ts';
import { FollowedFile } from './followed-file.ts';
import type { RunChange, Runs } from './runs.ts';
import { setting } from './settings.ts';
import { type Ending, endingLine, saidLines, terminalName, transcriptOf } from './transcript.ts';

/**
 * A terminal for each attempt, read only: what its agent says, then its gates. It shows files, so closing one stops
 * nothing, and one can be had again at any time, also after a reload.
 */
export class Terminals implements vscode.Disposable {
  readonly #open = new Map<string, { terminal: vscode.Terminal; screen: Screen }>();
  /** Those nobody asked for, oldest first. */
  readonly #byThemselves: string[] = [];
  readonly #listening: vscode.Disposable[];

  constructor(runs: Runs) {
    this.#listening = [
      runs.onDidChange((change) => this.#hear(change)),
      vscode.window.onDidCloseTerminal((closed) => this.#forget(closed)),
    ];
  }

  async show(session: RunSession, attempt: Attempt): Promise<void> {
    const journal = await readJournal(session.ref.folder);
    const { terminal } = this.#terminalOf(session, attempt, journal.ok ? journal.value.events : []);
    terminal.show(true);
  }

  /** Name and text of each, for tests. */
  texts(): { name: string; text: string }[] {
    return [...this.#open.values()].map(({ terminal, screen }) => ({ name: terminal.name, text: screen.text }));
  }

  dispose(): void {
    for (const one of this.#listening) one.dispose();
    for (const { terminal } of this.#open.values()) terminal.dispose();
  }

  #hear({ session, events }: RunChange): void {
    for (const event of events) {
      if (event.type === 'order.accepted' && event.order.type === 'tell') this.#said(session, event.order);
      const part = partOf(event);
      if (!part) continue;
      const attempt = attemptOf(session.state, part.task, part.attempt);
      const known = this.#open.get(keyOf(session, attempt));
      if (known) known.screen.add(part);
      else if (part.purpose?.kind === 'agent' && setting('orchestrate.terminals.open') === 'auto')
        this.#openByItself(session, attempt, events);
    }
  }

  /** A person's word stands where the agent's words stand. */
  #said(session: RunSession, { task, text }: { task: string; text: string }): void {
    const attempt = latest(taskOf(session.state, task));
    if (attempt) this.#open.get(keyOf(session, attempt))?.screen.say(saidLines(text));
  }

  #openByItself(session: RunSession, attempt: Attempt, events: readonly Event[]): void {
    this.#makeRoom(session);
    const first = this.#open.size === 0;
    const { terminal } = this.#terminalOf(session, attempt, events);
    this.#byThemselves.push(keyOf(session, attempt));
    // Only the first: the person may be looking at something else in the panel by now.
    if (first) terminal.show(true);
  }

  /** As many as agents may work at once; the oldest whose attempt is over goes. */
  #makeRoom({ state }: RunSession): void {
    const over = (key: string): boolean => ![...state.live].some((attempt) => key === keyOf({ state }, attempt));
    while (this.#byThemselves.length >= state.config.limits.agents) {
      const oldest = this.#byThemselves.findIndex(over);
      const [key] = this.#byThemselves.splice(Math.max(oldest, 0), 1);
      if (key === undefined || oldest < 0) return;
      const kept = this.#open.get(key)?.terminal;
      if (kept !== vscode.window.activeTerminal) kept?.dispose();
    }
  }

  #terminalOf(
    session: RunSession,
    attempt: Attempt,
    events: readonly Event[],
  ): { terminal: vscode.Terminal; screen: Screen } {
    const key = keyOf(session, attempt);
    const known = this.#open.get(key);
    if (known) return known;
    const title = session.state.tasks.get(attempt.task)?.task.title ?? attempt.task;
    const screen = new Screen(session, attempt, title);
    for (const event of events) {
      const part = partOf(event);
      if (part?.task === attempt.task && part.attempt === attempt.number) screen.add(part);
    }
    const options = {
      name: terminalName(title, attempt.number),
      pty: screen,
      iconPath: new vscode.ThemeIcon('hubot'),
      isTransient: true,
    };
    const made = { terminal: vscode.window.createTerminal(options), screen };
    this.#open.set(key, made);
    return made;
  }

  #forget(closed: vscode.Terminal): void {
    for (const [key, { terminal, screen }] of this.#open) {
      if (terminal !== closed) continue;
      screen.close();
      this.#open.delete(key);
      const place = this.#byThemselves.indexOf(key);
      if (place >= 0) this.#byThemselves.splice(place, 1);
    }
  }
}

const keyOf = ({ state }: Pick<RunSession, 'state'>, { task, number }: Attempt): string =>
  JSON.stringify([state.run, task, number]);

/** What a terminal of an attempt shows: one of its jobs, or its end. */
interface Part {
  key: string;
  task: string;
  attempt: number;
  purpose?: Extract<JobPurpose, { task: string }>;
  ending?: Ending;
}

function partOf(event: Event): Part | undefined {
  if (event.type === 'attempt.accepted' || event.type === 'attempt.failed')
    return { key: event.type, task: event.task, attempt: event.attempt, ending: event };
  if (event.type !== 'job.intended' || !('task' in event.purpose)) return undefined;
  const { task, attempt } = event.purpose;
  return { key: event.intent, task, attempt, purpose: event.purpose };
}

/** The parts of an attempt, one after the other. It takes no input. */
class Screen implements vscode.Pseudoterminal {
  readonly #session: RunSession;
  readonly #attempt: Attempt;
  readonly #title: string;
  readonly #write = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.#write.event;
  readonly #named = new vscode.EventEmitter<string>();
  readonly onDidChangeName = this.#named.event;
  readonly #parts = new Map<string, Part>();
  readonly #files: FollowedFile[] = [];
  #turn: Promise<void> = Promise.resolve();
  #isOpen = false;
  #text = '';

  constructor(session: RunSession, attempt: Attempt, title: string) {
    this.#session = session;
    this.#attempt = attempt;
    this.#title = title;
  }

  get text(): string {
    return this.#text;
  }

  /** Shows something that no job wrote; lost while the terminal is not open. */
  say(text: string): void {
    if (this.#isOpen) this.#say(text);
  }

  add(part: Part): void {
    if (this.#parts.has(part.key)) return;
    this.#parts.set(part.key, part);
    if (this.#isOpen) this.#show(part);
  }

  /** The editor shows the terminal now; what was written before would have been lost. */
  open(): void {
    this.#isOpen = true;
    if (this.#parts.size === 0) this.#say(`${vscode.l10n.t('Nothing was started for this attempt yet.')}\r\n`);
    for (const part of this.#parts.values()) this.#show(part);
  }

  close(): void {
    this.#isOpen = false;
    for (const file of this.#files.splice(0)) file[Symbol.dispose]();
  }

  /** After what an earlier part still has to say. */
  #show({ key, purpose, ending }: Part): void {
    this.#turn = this.#turn.then(async () => {
      await this.#files.at(-1)?.settled();
      if (!this.#isOpen) return;
      if (purpose) await this.#follow(key, purpose);
      if (!ending) return;
      this.#say(endingLine(ending));
      this.#named.fire(terminalName(this.#title, ending.attempt, ending));
    });
  }

  async #follow(intent: string, purpose: JobPurpose): Promise<void> {
    const { agents, reviewers } = this.#session.state;
    const reviewer = 'gate' in purpose ? reviewers[purpose.gate]?.name : undefined;
    const transcript = transcriptOf(purpose, agents[this.#attempt.task]?.name ?? '', reviewer);
    const folder = jobFolder(this.#session.ref, intent);
    this.#say(transcript.heading);
    const path = transcript.source === 'output' ? outputFile(folder) : rawFile(folder);
    const file = new FollowedFile(path, (piece) => this.#say(transcript.text(piece)));
    this.#files.push(file);
    file.start();
    await file.settled();
  }

  #say(text: string): void {
    if (text === '') return;
    this.#text = (this.#text + text).slice(-MOST_KEPT);
    this.#write.fire(text);
  }
}

/** Characters kept for tests. */
const MOST_KEPT = 200_000;
