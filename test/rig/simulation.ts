import { decide } from '../../src/model/decide/decide.ts';
import { DEFAULT_CONFIG, type Config } from '../../src/model/config/config.ts';
import {
  type Event,
  type Foreseen,
  type Happening,
  type Intent,
  isIntent,
  type Member,
  type Outcome,
} from '../../src/model/run/event.ts';
import { evolve } from '../../src/model/run/evolve.ts';
import { type Gate, type GateRun, isReview } from '../../src/model/gate.ts';
import type { AgentOutcome, JobExit } from '../../src/model/run/job.ts';
import type { Assignment } from '../../src/model/crew/assignment.ts';
import { plainTask, type Plan, type Task } from '../../src/model/plan/plan.ts';
import { begin } from '../../src/model/run/begin.ts';
import { heardOf } from '../../src/model/run/revision.ts';
import type { RunState } from '../../src/model/run/state.ts';

export type Closing = Outcome extends infer O ? (O extends Outcome ? Omit<O, 'intent'> : never) : never;

/** What the world answers; everything else goes well. */
export interface Oracle {
  /** Virtual milliseconds an agent works. */
  takes?: (task: string, attempt: number) => number;
  agent?: (task: string, attempt: number) => AgentOutcome | 'interrupted';
  /** Is the gate green on a tree with these tasks merged into the base (for a task's own tree: just the task)? */
  gate?: (gate: string, tasks: readonly string[], attempt?: number) => boolean;
  conflicts?: (members: readonly Member[]) => string | undefined;
  /** Without it, about every other result conflicts. */
  foresees?: (intent: Intent & { type: 'forecast.intended' }) => Foreseen[];
  /** Replaces the outcome altogether. */
  closing?: (intent: Event & Intent, state: RunState) => Closing | undefined;
}

export const task = (id: string, more: Partial<Task> = {}): Task => plainTask(id, { agent: 'shell', ...more });

export const gate = (name: string, ...on: Gate['on']): Gate => ({ name, on, command: { line: name }, problems: [] });

/** A run with a virtual clock and a scripted world: the same `decide` and `evolve`, nothing else. */
export class Simulation {
  readonly state: RunState;
  readonly events: Event[] = [];
  now = 1_000;
  readonly #oracle: Oracle;
  readonly #due: { at: number; outcome: Happening }[] = [];
  readonly #contents = new Map<string, readonly string[]>([['base', []]]);
  #commits = 0;

  constructor(
    tasks: readonly Task[],
    config: Partial<Config> = {},
    oracle: Oracle = {},
    agents: Readonly<Record<string, Partial<Assignment>>> = {},
  ) {
    this.#oracle = oracle;
    const plan = planOf(tasks);
    const started: Event = {
      at: this.now,
      type: 'run.started',
      run: 'p-1',
      plan,
      planFile: 'plan.yaml',
      planHash: 'h',
      base: 'base',
      root: '/r',
      config: { ...DEFAULT_CONFIG, ...config },
      author: { name: 'n', email: 'e' },
      baselines: [],
      completed: {},
      agents: assigned(tasks, agents),
      reviewers: Object.fromEntries(reviewersOf(config)),
    };
    this.state = begin(started);
    this.events.push(started);
  }

  /** Folds an event from outside, such as an order. */
  tell(happening: Happening): this {
    this.#fold(happening);
    return this;
  }

  approve(): this {
    return this.tell({ type: 'order.accepted', order: { id: 'approve', type: 'approve', planHash: 'h' } });
  }

  /** The plan's file says something else now; an edit that says nothing new is none. */
  edit(tasks: readonly Task[], planHash: string): this {
    const heard = heardOf(this.state, { plan: planOf(tasks), planHash, agents: assigned(tasks) });
    return heard ? this.tell(heard) : this;
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

  /** Tasks in the order in which their attempts began. */
  get started(): string[] {
    return this.events.flatMap((event) => (event.type === 'worktree.intended' ? [event.task] : []));
  }

  statuses(): Record<string, string> {
    return Object.fromEntries([...this.state.tasks].map(([id, { settled }]) => [id, settled?.kind ?? 'open']));
  }

  #take(happening: Happening): void {
    const event = this.#fold(happening);
    if (!isIntent(event)) return;
    const closing = this.#oracle.closing?.(event, this.state) ?? this.#answer(event);
    const takes =
      event.type === 'job.intended' && event.purpose.kind === 'agent'
        ? (this.#oracle.takes?.(event.purpose.task, event.purpose.attempt) ?? 10)
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
          conflicts: this.#oracle.foresees?.(intent) ?? intent.beside.filter(isOdd).map(inPath),
        };
      case 'candidate.intended': {
        const culprit = this.#oracle.conflicts?.(intent.members);
        if (culprit !== undefined) return { type: 'candidate.conflicted', task: culprit, paths: ['f'], with: [] };
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
      const outcome = this.#oracle.agent?.(purpose.task, purpose.attempt) ?? SUCCEEDED;
      return { type: 'job.ended', end: outcome === 'interrupted' ? KILLED : exited(outcome) };
    }
    const tasks = purpose.kind === 'taskGate' ? [purpose.task] : (this.#contents.get(purpose.commit) ?? []);
    const attempt = purpose.kind === 'taskGate' ? purpose.attempt : undefined;
    const green = this.#oracle.gate?.(purpose.gate, tasks, attempt) ?? true;
    return { type: 'job.ended', end: exited(undefined, green ? 0 : 1), gate: gateRun(purpose.gate, green) };
  }

  #commit(tasks: readonly string[]): string {
    this.#commits += 1;
    this.#contents.set(`c${this.#commits}`, tasks);
    return `c${this.#commits}`;
  }
}

const isOdd = ({ commit }: Member): boolean => Number(commit.slice(1)) % 2 === 1;
const inPath = (member: Member): Foreseen => ({ ...member, paths: ['f'] });

const planOf = (tasks: readonly Task[]): Plan => ({ id: 'p', objective: 'o', tasks, contracts: [] });

/** Each gate that is an agent is done by the one it names. */
const reviewersOf = ({ gates = [] }: Partial<Config>) =>
  gates.filter(isReview).map(({ name, command }) => [name, { name: command.agent, manual: false }] as const);

const assigned = (
  tasks: readonly Task[],
  more: Readonly<Record<string, Partial<Assignment>>> = {},
): Record<string, Assignment> =>
  Object.fromEntries(
    tasks.map(({ id, agent }) => [
      id,
      {
        name: agent ?? 'shell',
        manual: agent === 'manual',
        ...(agent === 'claude' ? { resumes: true as const } : {}),
        ...more[id],
      },
    ]),
  );

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
    exit: {
      code,
      signal: null,
      startedAt: 0,
      endedAt: 0,
      strays: 0,
      bytes: 0,
      dropped: 0,
      ...(agent ? { agent } : {}),
    },
  };
}
