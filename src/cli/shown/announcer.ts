import type { Event } from '../../model/run/event.ts';
import type { RunState, TaskState } from '../../model/run/state.ts';
import { count, plain } from './text.ts';
import { inWaves } from '../../model/run/waves.ts';

/** Says when a wave begins and when it is over, a line each; a plan of one wave has nothing to say that its run does not. */
export class Announcer {
  readonly #begun = new Set<number>();
  readonly #over = new Set<number>();
  #plan: RunState['plan'] | undefined;
  #waves: ReadonlyMap<number, readonly TaskState[]> = new Map();

  /** `state`: where others have told of it so far. */
  constructor(state?: RunState) {
    if (!state) return;
    for (const [wave, tasks] of this.#wavesOf(state)) {
      if (tasks.some(({ attempts }) => attempts.length > 0)) this.#begun.add(wave);
      if (tasks.every((task) => isOver(state, task))) this.#over.add(wave);
    }
  }

  /** `state` is the state with the event folded in. */
  tell(event: Event, state: RunState): string[] {
    const waves = this.#wavesOf(state);
    if (waves.size < 2) return [];
    if (event.type === 'worktree.intended') return this.#begins(state, event.task);
    const touched = new Set(tasksIn(event, state).flatMap((id) => state.tasks.get(id)?.wave ?? []));
    return [...touched].flatMap((wave) => this.#ends(state, wave, waves.get(wave) ?? []));
  }

  #begins(state: RunState, task: string): string[] {
    const wave = state.tasks.get(task)?.wave ?? 0;
    // What begins again is over again later.
    this.#over.delete(wave);
    if (this.#begun.has(wave)) return [];
    this.#begun.add(wave);
    const ids = (this.#wavesOf(state).get(wave) ?? []).map((one) => plain(one.task.id));
    return [`wave ${wave} begins: ${ids.length > MOST ? count(ids.length, 'task') : ids.join(', ')}`];
  }

  #ends(state: RunState, wave: number, tasks: readonly TaskState[]): string[] {
    if (this.#over.has(wave) || !this.#begun.has(wave) || !tasks.every((task) => isOver(state, task))) return [];
    this.#over.add(wave);
    const many = (kind: string): number => tasks.filter(({ settled }) => (settled?.kind ?? 'blocked') === kind).length;
    const lost = ['failed', 'blocked', 'skipped'].filter((kind) => many(kind) > 0);
    const done = `${many('done')} of ${count(tasks.length, 'task')} done`;
    return [`wave ${wave} is over: ${[done, ...lost.map((kind) => `${many(kind)} ${kind}`)].join(', ')}`];
  }

  /** Anew where the plan is another. */
  #wavesOf({ plan, tasks }: RunState): ReadonlyMap<number, readonly TaskState[]> {
    if (plan === this.#plan) return this.#waves;
    this.#plan = plan;
    this.#waves = inWaves(tasks.values(), ({ wave }) => wave);
    return this.#waves;
  }
}

/** As many are named. */
const MOST = 8;

const isOver = ({ frontier }: RunState, { task, settled }: TaskState): boolean =>
  settled !== undefined || frontier.isBlocked(task.id);

/** The tasks that an event may have brought to an end. */
function tasksIn(event: Event, state: RunState): readonly string[] {
  switch (event.type) {
    case 'merge.done':
      return state.merges.at(-1)?.members.map(({ task }) => task) ?? [];
    case 'attempt.failed':
      return event.next.kind === 'giveUp' || event.next.kind === 'skip' ? [event.task] : [];
    case 'attempt.accepted':
      return [event.task];
    case 'order.accepted':
      return 'task' in event.order ? [event.order.task] : [];
    default:
      return [];
  }
}
