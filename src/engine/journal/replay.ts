import { eventWords } from '../../model/shown/event-words.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import type { RunState } from '../../model/run/state.ts';
import { foldOn } from './fold.ts';
import { type Journal, readJournal } from './journal-reader.ts';
import type { RunRef } from '../session.ts';

/** A past moment of a run: its journal folded up to one event and no further. */
export interface Moment {
  /** The number of that event, from 1, and how many there are. */
  event: number;
  of: number;
  /** When it was, epoch milliseconds. */
  at: number;
  /** What it was, in a few words. */
  words: string;
  state: RunState;
}

/** Looks at past moments of a run, as its journal was when this was opened. Going on is quick, going back folds anew. */
export class Replay {
  readonly #journal: Journal;
  #known: { state: RunState; events: number } | undefined;

  private constructor(journal: Journal) {
    this.#journal = journal;
  }

  static async open({ folder }: RunRef): Promise<Result<Replay>> {
    const journal = await readJournal(folder);
    if (!journal.ok) return journal;
    if (journal.value.events.length > 0) return ok(new Replay(journal.value));
    return fail({ kind: 'unreadable', file: folder, message: 'the run has no events' });
  }

  get length(): number {
    return this.#journal.events.length;
  }

  /** When the first and the last event were, epoch milliseconds. */
  get span(): { from: number; to: number } {
    const { events } = this.#journal;
    return { from: events[0]?.at ?? 0, to: events.at(-1)?.at ?? 0 };
  }

  /** The number of the last event that was not after a time; the first where all were. */
  before(time: number): number {
    return Math.max(1, this.#journal.events.findLastIndex(({ at }) => at <= time) + 1);
  }

  /** The state of an earlier answer is not to be looked at any more. Numbers that are none are the nearest that is one. */
  moment(event: number): Result<Moment> {
    const number = Math.min(Math.max(1, Math.round(event)), this.length);
    const before = number === 1 ? undefined : this.#fold(number - 1);
    if (before && !before.ok) return before;
    const last = this.#journal.events[number - 1]!;
    const words = eventWords(last, before?.value);
    const state = this.#fold(number);
    return state.ok ? ok({ event: number, of: this.length, at: last.at, words, state: state.value }) : state;
  }

  #fold(events: number): Result<RunState> {
    const known = this.#known && this.#known.events <= events ? this.#known : undefined;
    const state = foldOn(this.#journal, events, known);
    this.#known = state.ok ? { state: state.value, events } : undefined;
    return state;
  }
}
