import { type Duration, durationOf, Z90 } from '../schedule/duration.ts';
import { estimatedWeight } from '../schedule/graph.ts';
import { type Course, spanOf, trials } from '../schedule/makespan.ts';
import type { RunState, TaskState } from '../run/state.ts';
import { unitOf, type Weight, workOf } from '../run/timeline.ts';
import { nodesOf } from '../run/transitions.ts';
import { attention, rest } from '../run/view.ts';

/** When a run should end, epoch milliseconds: half of the times before `likely`, one of ten before `early` or after `late`. */
export interface Ending {
  early: number;
  likely: number;
  late: number;
}

/**
 * When the run should end: all that is left, started as a run starts it, where each task takes what its estimate says,
 * corrected by what the tasks of this run took so far. Undefined where nothing tells, when nothing goes on, and where it
 * waits for a person.
 */
export function expectedEnd(state: RunState, now: number): number | undefined {
  return goesOn(state) ? likelyEnd(state, now, whatIsLeft(state)) : undefined;
}

/** `p50`: what half of the tasks like each one took, milliseconds, where that is known. */
function likelyEnd(
  state: RunState,
  now: number,
  { course, left }: Left,
  p50?: ReadonlyMap<string, number>,
): number | undefined {
  const weight: Weight = p50 ? ({ id }) => p50.get(id) ?? 0 : estimatedWeight;
  const unit = unitOf(state, now, weight) ?? (p50 && 1);
  if (unit === undefined) return undefined;
  const takes = (id: string): number => {
    const task = left.get(id);
    return task ? Math.max(0, weight(task.task) * unit - underWay(task, now)) : 0;
  };
  return now + spanOf(course, takes);
}

/**
 * The same as a range: by how much tasks like these, where that is known, and those of this run differ. `takes`: what
 * `corrected` makes of the same.
 */
export function endingOf(
  state: RunState,
  now: number,
  durations: ReadonlyMap<string, Duration> | undefined,
  takes: ReadonlyMap<string, Duration>,
): Ending | undefined {
  if (!goesOn(state)) return undefined;
  const p50 = durations && new Map([...durations].map(([id, duration]) => [id, duration.p50]));
  const { course, left } = whatIsLeft(state);
  const likely = likelyEnd(state, now, { course, left }, p50);
  if (likely === undefined) return undefined;
  if (left.size > MOST_TRIED) return roughly(likely, now, takes);
  const over = (id: string): number => underWay(left.get(id), now);
  const most = Math.min(60, Math.ceil(10_000 / left.size));
  const at = trials(course, takes, { over, most });
  return { early: Math.min(likely, now + at(0.1)), likely, late: Math.max(likely, now + at(0.9)) };
}

/** A range is looked at again and again while a run goes on: of more tasks it is not tried. */
const MOST_TRIED = 500;

/** Of many tasks, what each is wrong by evens out, and what is wrong with all of them stays. */
function roughly(likely: number, now: number, takes: ReadonlyMap<string, Duration>): Ending {
  const doubts = [...takes.values()].map(({ doubt }) => doubt);
  const factor = Math.exp((Z90 * doubts.reduce((sum, doubt) => sum + doubt, 0)) / doubts.length);
  return { early: now + (likely - now) / factor, likely, late: now + (likely - now) * factor };
}

/** What tasks differ by where only a few of this run say so: the standard deviation of the logarithm. */
const USUAL_SPREAD = 0.5;

/** How long tasks should take, by what those that are done took: the longer known is kept in how much they differ. */
export function corrected(
  state: RunState,
  now: number,
  known?: ReadonlyMap<string, Duration>,
): ReadonlyMap<string, Duration> {
  const weight: Weight = known ? ({ id }) => known.get(id)?.p50 ?? 0 : estimatedWeight;
  const unit = unitOf(state, now, weight) ?? 1;
  const logs = [...state.tasks.values()].flatMap((task) => {
    const took = task.settled?.kind === 'done' ? workOf(state, task, now) : 0;
    const weighed = weight(task.task) * unit;
    return took > 0 && weighed > 0 ? Math.log(took / weighed) : [];
  });
  const own = logs.length > 0 ? durationOf(logs, { stated: 1, prior: USUAL_SPREAD, group: 'run' }) : undefined;
  return new Map(
    [...state.tasks].map(([id, { task }]) => {
      const { spread, doubt, group } = known?.get(id) ??
        own ?? { spread: USUAL_SPREAD, doubt: USUAL_SPREAD, group: '' };
      return [id, { p50: weight(task) * unit, spread, doubt: own ? Math.min(doubt, own.doubt) : doubt, group }];
    }),
  );
}

const goesOn = (state: RunState): boolean =>
  !state.ended && !state.paused && state.frontier.unfinished > 0 && !waitOf(state);

/** A person in the way of the end: nothing tells how long they take. */
export interface Wait {
  /** The tasks that it is about. */
  tasks: readonly string[];
  /** Whether nothing goes on meanwhile. */
  stands: boolean;
}

/** What a person does themselves, or, where nothing goes on without them, all that they are asked. */
export function waitOf(state: RunState): Wait | undefined {
  const stands = rest(state) === 'waiting';
  const items = attention(state).filter(({ kind }) => stands || OWN_WORK.has(kind));
  return items.length > 0 ? { tasks: items.flatMap(({ task }) => task ?? []), stands } : undefined;
}

const OWN_WORK: ReadonlySet<string> = new Set(['manual', 'taken', 'held']);

interface Left {
  course: Course;
  left: ReadonlyMap<string, TaskState>;
}

function whatIsLeft(state: RunState): Left {
  const left = new Map([...state.tasks].filter(([, task]) => !isOut(state, task)));
  const nodes = nodesOf(left, state.graph).map((node) => ({
    ...node,
    dependencies: node.dependencies.filter((id) => left.has(id)),
  }));
  const { mode, limits } = state.config;
  // Of thousands of tasks, looking for those that conflict costs more than it tells.
  const conflicts = left.size > MANY ? new Map<string, never>() : state.graph.conflicts;
  return { course: { nodes, barrier: mode !== 'continuous', conflicts, slots: limits.agents }, left };
}

const MANY = 1_000;

const isOut = (state: RunState, { task, settled }: TaskState): boolean =>
  settled !== undefined || state.frontier.isBlocked(task.id);

/** Milliseconds since its attempt began; what is under way for longer than it should is about to end. */
const underWay = (task: TaskState | undefined, now: number): number => {
  const last = task?.attempts.at(-1);
  return last && last.stretches.at(-1)?.kind !== 'over' ? now - last.startedAt : 0;
};
