import { defined } from '../defined.ts';
import { type GateRun, isReview } from '../gate.ts';
import type { Review } from '../review.ts';
import { begin } from '../run/begin.ts';
import {
  type Closing,
  type Event,
  type Foreseen,
  type Happening,
  type Intent,
  isIntent,
  type Member,
  type Started,
} from '../run/event.ts';
import { evolve } from '../run/evolve.ts';
import { type AgentOutcome, type JobExit, NO_PROCESS } from '../run/job.ts';
import type { RunState } from '../run/state.ts';
import { decide } from './decide.ts';

/** What the world answers; everything else goes well. */
export interface World {
  /** Virtual milliseconds an agent works. */
  takes?: (task: string, attempt: number) => number;
  agent?: (task: string, attempt: number) => AgentOutcome | 'interrupted';
  /** Is the gate green on a tree with these tasks merged into the base (for a task's own tree: just the task)? */
  gate?: (gate: string, tasks: readonly string[], attempt?: number) => boolean;
  /** The one that does not go with the one before it. */
  conflicts?: (members: readonly Member[]) => string | undefined;
  foresees?: (intent: Intent & { type: 'forecast.intended' }) => Foreseen[];
  /** Replaces the outcome altogether. */
  closing?: (intent: Event & Intent, state: RunState) => Closing | undefined;
}

/**
 * A run with a virtual clock in a world that is told beforehand: the same `decide` and `evolve`, nothing else. Nothing is
 * started, written or spent.
 */
export class Rehearsal {
  readonly state: RunState;
  readonly events: Event[] = [];
  /** Epoch milliseconds, as the run takes it. */
  now: number;
  readonly #world: World;
  readonly #due: { at: number; outcome: Happening }[] = [];
  readonly #contents = new Map<string, readonly string[]>([['base', []]]);
  #commits = 0;

  constructor(started: Event & Started, world: World = {}) {
    this.#world = world;
    this.now = started.at;
    this.state = begin(started);
    this.events.push(started);
  }

  /** Folds an event from outside, such as an order. */
  tell(happening: Happening): this {
    this.#fold(happening);
    return this;
  }

  /** Goes on until nothing is due, or not before `until`; fails loudly rather than runs for ever. */
  run(limit = 100_000, until = Infinity): this {
    for (let turns = 0; turns < limit; turns += 1) {
      const decided = decide(this.state, { now: this.now });
      for (const event of decided.events) this.#take(event);
      if (decided.events.length > 0) continue;
      if (!this.#advance(decided.wakeAt, until)) return this;
    }
    throw new Error('the run does not come to rest');
  }

  #take(happening: Happening): void {
    const event = this.#fold(happening);
    if (!isIntent(event)) return;
    const closing = this.#world.closing?.(event, this.state) ?? this.#answer(event);
    const takes =
      event.type === 'job.intended' && event.purpose.kind === 'agent'
        ? (this.#world.takes?.(event.purpose.task, event.purpose.attempt) ?? 10)
        : 1;
    this.#due.push({ at: this.now + takes, outcome: { ...closing, intent: event.intent } });
  }

  #advance(wakeAt: number | undefined, until: number): boolean {
    const next = this.#due.toSorted((a, b) => a.at - b.at)[0];
    if (Math.min(next?.at ?? Infinity, wakeAt ?? Infinity) > until) return false;
    if (next && (wakeAt === undefined || next.at <= wakeAt)) {
      this.#due.splice(this.#due.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      this.#fold(next.outcome);
      return true;
    }
    if (wakeAt === undefined) return false;
    this.now = wakeAt;
    return true;
  }

  #fold(happening: Happening): Event {
    const event = { at: this.now, ...happening };
    this.events.push(event);
    evolve(this.state, event);
    return event;
  }

  #answer(intent: Event & Intent): Closing {
    switch (intent.type) {
      case 'worktree.intended':
        return {
          type: 'worktree.created',
          path: `/w/${intent.name}`,
          carried: intent.carry ? 'applied' : 'none',
          warnings: [],
        };
      case 'job.intended':
        return this.#job(intent);
      case 'cancel.intended':
        return { type: 'cancel.sent' };
      case 'steer.intended':
        return { type: 'steer.replied', reply: { kind: 'applied' } };
      case 'result.intended':
        return { type: 'result.taken', commit: this.#commit([intent.task]), paths: [intent.task], findings: [] };
      case 'forecast.intended':
        return {
          type: 'forecast.made',
          conflicts: this.#world.foresees?.(intent) ?? [],
        };
      case 'candidate.intended': {
        const culprit = this.#world.conflicts?.(intent.members);
        if (culprit !== undefined) return conflicted(culprit, intent.members);
        const inside = this.#contents.get(intent.onto) ?? [];
        return {
          type: 'candidate.built',
          commit: this.#commit([...inside, ...intent.members.map((member) => member.task)]),
        };
      }
      case 'merge.intended':
        return { type: 'merge.done' };
      case 'rollback.intended':
        return { type: 'rollback.done', ...(intent.publish ? { branch: 'orchestrate/p' } : {}) };
      case 'push.intended':
        return { type: 'push.done', url: '' };
      case 'removal.intended':
        return { type: 'worktree.removed' };
      case 'tidying.intended':
        return { type: 'tidying.done' };
      case 'branch.intended':
        return { type: 'branch.moved', branch: 'orchestrate/p' };
    }
  }

  #job({ purpose }: Intent & { type: 'job.intended' }): Closing {
    if (purpose.kind === 'setup') return { type: 'job.ended', end: exited(SUCCEEDED) };
    if (purpose.kind === 'agent') {
      const outcome = this.#world.agent?.(purpose.task, purpose.attempt) ?? SUCCEEDED;
      return { type: 'job.ended', end: outcome === 'interrupted' ? KILLED : exited(outcome) };
    }
    const tasks = purpose.kind === 'taskGate' ? [purpose.task] : (this.#contents.get(purpose.commit) ?? []);
    const attempt = purpose.kind === 'taskGate' ? purpose.attempt : undefined;
    const green = this.#world.gate?.(purpose.gate, tasks, attempt) ?? true;
    const run = { ...gateRun(purpose.gate, green), ...this.#reviewed(purpose.gate, green) };
    return { type: 'job.ended', end: exited(undefined, green ? 0 : 1), gate: run };
  }

  /** What a reviewer says, where the gate is one. */
  #reviewed(gate: string, green: boolean): { review?: Review } {
    const reviewer = this.state.config.gates.find(({ name }) => name === gate);
    if (!reviewer || !isReview(reviewer)) return {};
    const [startedAt, endedAt] = [this.now, this.now];
    const verdict = green ? 'approved' : 'needs_revision';
    const said = { verdict, summary: '', remarks: [], criteria: [] } as const;
    return { review: { agent: reviewer.command.agent, startedAt, endedAt, changed: [], ...said } };
  }

  #commit(tasks: readonly string[]): string {
    this.#commits += 1;
    this.#contents.set(`c${this.#commits}`, tasks);
    return `c${this.#commits}`;
  }
}

const SUCCEEDED: AgentOutcome = { kind: 'succeeded', summary: '' };
const KILLED = { kind: 'interrupted', reason: 'killed' } as const;

export const gateRun = (name: string, green: boolean): GateRun => ({
  gate: name,
  result: green ? 'passed' : 'failed',
  exitCode: green ? 0 : 1,
  problems: [],
  tail: '',
  duration: 1,
});

function exited(agent: AgentOutcome | undefined, code = 0): { kind: 'exited'; exit: JobExit } {
  return {
    kind: 'exited',
    exit: { ...NO_PROCESS, code, startedAt: 0, endedAt: 0, ...defined({ agent }) },
  };
}

function conflicted(culprit: string, members: readonly Member[]): Closing {
  const before = members[members.findIndex(({ task }) => task === culprit) - 1];
  return { type: 'candidate.conflicted', task: culprit, paths: ['f'], with: before ? [before.task] : [] };
}
