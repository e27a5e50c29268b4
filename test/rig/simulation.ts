import { DEFAULT_CONFIG, type Config } from '../../src/model/config/config.ts';
import type { Assignment } from '../../src/model/crew/assignment.ts';
import { Rehearsal, type World } from '../../src/model/decide/rehearsal.ts';
import { type Gate, isReview } from '../../src/model/gate.ts';
import { plainTask, type Plan, type Task } from '../../src/model/plan/plan.ts';
import type { Foreseen, Member, Started } from '../../src/model/run/event.ts';
import { heardOf } from '../../src/model/run/revision.ts';

export type { Closing } from '../../src/model/run/event.ts';
export { gateRun, type World as Oracle } from '../../src/model/decide/rehearsal.ts';

export const task = (id: string, more: Partial<Task> = {}): Task => plainTask(id, { agent: 'shell', ...more });

export const gate = (name: string, ...on: Gate['on']): Gate => ({ name, on, command: { line: name }, problems: [] });

/** A rehearsal of tasks that are given here; unless told otherwise, about every other result is foreseen to conflict. */
export class Simulation extends Rehearsal {
  constructor(
    tasks: readonly Task[],
    { times = {}, ...config }: Partial<Config & Pick<Started, 'times'>> = {},
    world: World = {},
    agents: Readonly<Record<string, Partial<Assignment>>> = {},
  ) {
    super(
      {
        at: 1_000,
        type: 'run.started',
        run: 'p-1',
        plan: planOf(tasks),
        planFile: 'plan.yaml',
        planHash: 'h',
        base: 'base',
        root: '/r',
        config: { ...DEFAULT_CONFIG, ...config },
        author: { name: 'n', email: 'e' },
        containment: {},
        notes: [],
        requirements: [],
        baselines: [],
        times,
        footprints: {},
        completed: {},
        agents: assigned(tasks, agents),
        reviewers: Object.fromEntries(reviewersOf(config)),
      },
      { foresees: ({ beside }) => beside.filter(isOdd).map(inPath), ...world },
    );
  }

  approve(): this {
    return this.tell({ type: 'order.accepted', order: { id: 'approve', type: 'approve', planHash: 'h' } });
  }

  /** The plan's file says something else now; an edit that says nothing new is none. */
  edit(tasks: readonly Task[], planHash: string): this {
    const heard = heardOf(this.state, { plan: planOf(tasks), planHash, agents: assigned(tasks), containment: {} });
    return heard ? this.tell(heard) : this;
  }

  /** Tasks in the order in which their attempts began. */
  get started(): string[] {
    return this.events.flatMap((event) => (event.type === 'worktree.intended' ? [event.task] : []));
  }

  statuses(): Record<string, string> {
    return Object.fromEntries([...this.state.tasks].map(([id, { settled }]) => [id, settled?.kind ?? 'open']));
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
