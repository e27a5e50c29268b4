import type { AttemptFailure, Happening, Intent, JobPurpose, Next } from '../event.ts';
import type { Attempt, RunState } from '../state.ts';

type Wanted = Intent extends infer I ? (I extends Intent ? Omit<I, 'intent'> : never) : never;

/** What one call of `decide` concludes: events in order, intents with their ids, and the next moment that matters. */
export class Draft {
  readonly state: RunState;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly events: Happening[] = [];
  wakeAt: number | undefined;
  #intents = 0;

  constructor(state: RunState, now: number) {
    this.state = state;
    this.now = now;
  }

  intend(wanted: Wanted): void {
    this.#intents += 1;
    this.events.push({ ...wanted, intent: `i${this.state.intents + this.#intents}` });
  }

  job(purpose: JobPurpose): void {
    this.intend({ type: 'job.intended', purpose });
  }

  conclude(...events: readonly Happening[]): void {
    this.events.push(...events);
  }

  failed(attempt: Attempt, failure: AttemptFailure, next: Next): void {
    this.conclude({ type: 'attempt.failed', task: attempt.task, attempt: attempt.number, failure, next });
  }

  wake(at: number): void {
    this.wakeAt = Math.min(this.wakeAt ?? at, at);
  }
}

/** The open jobs with their intent ids. */
export const openJobs = (state: RunState): readonly { intent: string; purpose: JobPurpose }[] =>
  [...state.open.values()].filter((intent) => intent.type === 'job.intended');
