import type { AttemptFailure, Happening, Intent, JobPurpose, Next, Question } from '../run/event.ts';
import type { Attempt, RunState } from '../run/state.ts';
import type { Without } from '../without.ts';

type Wanted = Without<Intent, 'intent'>;

/** All that `decide` may know beyond the state. */
export interface World {
  /** Epoch milliseconds. */
  now: number;
  /** Names of the agents with a home that whoever drives is; all of them where it is left out. */
  hosted?: { has(agent: string): boolean };
}

/** What one call of `decide` concludes: events in order, intents with their ids, and the next moment that matters. */
export class Draft {
  readonly state: RunState;
  /** Epoch milliseconds. */
  readonly now: number;
  /** A task that could go on, were its agent here. */
  homeless: string | undefined;
  readonly events: Happening[] = [];
  wakeAt: number | undefined;
  #intents = 0;

  readonly #hosted: World['hosted'];

  constructor(state: RunState, { now, hosted }: World) {
    this.state = state;
    this.now = now;
    this.#hosted = hosted;
  }

  /** Whether whoever drives can start the task's agent. */
  isAtHome(task: string): boolean {
    const agent = this.state.agents[task];
    const home = agent?.home === undefined || this.#hosted === undefined || this.#hosted.has(agent.name);
    if (!home) this.homeless ??= task;
    return home;
  }

  intend(wanted: Wanted): void {
    this.#intents += 1;
    this.events.push({ ...wanted, intent: `i${this.state.intents + this.#intents}` });
  }

  job(purpose: JobPurpose): void {
    this.intend({ type: 'job.intended', purpose });
  }

  conclude(event: Happening): void {
    this.events.push(event);
  }

  /** Asks a person; what is asked already is not asked again. */
  ask(question: Question): void {
    if (!this.state.questions.has(question.id)) this.conclude({ type: 'question.asked', question });
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

/** Something is under way between the queue and the result. */
export const isMerging = (state: RunState): boolean =>
  [...state.open.values()].some(({ type }) => MERGING.has(type)) ||
  openJobs(state).some(({ purpose }) => purpose.kind === 'candidateGate');

const MERGING: ReadonlySet<Intent['type']> = new Set(['candidate.intended', 'merge.intended', 'rollback.intended']);
