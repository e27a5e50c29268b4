import { normals, uniforms } from './chance.ts';
import { type Duration } from './duration.ts';
import { Frontier, type Node } from './frontier.ts';

/** What decides when the tasks of a plan start. */
export interface Course {
  nodes: readonly Node[];
  /** Waves wait for each other. */
  barrier: boolean;
  /** Task → tasks that it must not run beside. */
  conflicts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Agents at work at once. */
  slots: number;
}

/** Milliseconds that half, and nine of ten, of the runs of a plan take. */
export interface Makespan {
  p50: number;
  p90: number;
}

/**
 * How long all tasks take, by trying: each time with other durations, drawn from theirs, and started in the order in which
 * a run would start them. The same input gives the same answer. Time grows with the tasks up to some thousand and then
 * no more than in proportion to them, because there are fewer trials. Nothing is retried, merged or waited for here: the
 * durations are those of tasks with all that.
 */
export function makespan(course: Course, durations: ReadonlyMap<string, Duration>): Makespan {
  const at = trials(course, durations);
  return { p50: at(0.5), p90: at(0.9) };
}

/** What a share of the trials takes at most, milliseconds; `over` is what of a task is over already. */
export function trials(
  course: Course,
  durations: ReadonlyMap<string, Duration>,
  { over = () => 0, most = 400 }: { over?: (id: string) => number; most?: number } = {},
): (share: number) => number {
  const many = Math.max(20, Math.min(most, Math.floor(100_000 / Math.max(1, course.nodes.length))));
  const normal = normals(uniforms(1));
  const spans = Array.from({ length: many }, () => {
    const whole = draw(durations, normal);
    return spanOf(course, (id) => Math.max(0, whole(id) - over(id)));
  });
  const sorted = spans.toSorted((a, b) => a - b);
  return (share) => sorted[Math.min(many - 1, Math.floor(share * many))] ?? 0;
}

/** How long it takes where each task takes exactly so long; what can never start is left out. */
export function spanOf({ nodes, barrier, conflicts, slots }: Course, duration: (id: string) => number): number {
  const frontier = new Frontier(nodes, barrier);
  const running = new Map<string, number>();
  const isHeld = (id: string): boolean => [...running.keys()].some((other) => conflicts.get(id)?.has(other));
  for (let now = 0; ;) {
    if (running.size < slots)
      frontier.offer((id) => {
        if (isHeld(id)) return true;
        frontier.take(id);
        running.set(id, now + duration(id));
        return running.size < slots;
      });
    const [next, end] = firstOf(running);
    if (next === undefined) return now;
    now = end;
    running.delete(next);
    frontier.settle(next);
  }
}

function firstOf(running: ReadonlyMap<string, number>): [string | undefined, number] {
  let first: string | undefined;
  let least = Infinity;
  for (const [id, end] of running) if (end < least) [first, least] = [id, end];
  return [first, least];
}

/** One duration each; what a group's are wrong by is drawn once. */
function draw(durations: ReadonlyMap<string, Duration>, normal: () => number): (id: string) => number {
  const shifts = new Map<string, number>();
  return (id) => {
    const duration = durations.get(id);
    if (!duration) return 0;
    const { p50, spread, doubt, group } = duration;
    const shift = shifts.get(group) ?? normal();
    shifts.set(group, shift);
    return p50 * Math.exp(doubt * shift + spread * normal());
  };
}
