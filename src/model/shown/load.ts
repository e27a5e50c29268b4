import { usedByAttempt } from '../crew/used.ts';
import { usedShare } from '../crew/strain.ts';
import type { Attempt, RunState } from '../run/state.ts';
import { barsOf } from '../run/timeline.ts';

/** A value from a time on, epoch milliseconds, until the next one. */
export type Point = readonly [at: number, value: number];

/** What a run and all else took of the machine over time, oldest first; what nobody measured is empty. */
export interface Load {
  /** Bytes of memory that agents at work took together, each counted with the most that it was seen to take. */
  agents: readonly Point[];
  /** Shares of the machine, 0 to 1, that were used by anybody. */
  memory: readonly Point[];
  cpu: readonly Point[];
  /** Bytes of memory that the machine has, where it was told. */
  total?: number;
}

/** So many points say as much as more would on a screen. */
const MOST = 120;

/** Undefined where nothing was measured. */
export function loadOf(state: RunState, now: number): Load | undefined {
  const memory = state.seen.flatMap((seen): Point[] => (seen.memory ? [[seen.at, usedShare(seen)]] : []));
  const cpu = state.seen.flatMap(({ at, cpu: busy }): Point[] => (busy === undefined ? [] : [[at, busy]]));
  const agents = takenByAgents(state, now);
  if (memory.length + cpu.length + agents.length === 0) return undefined;
  const total = state.machine?.memory?.total;
  return {
    agents: thinned(agents),
    memory: thinned(memory),
    cpu: thinned(cpu),
    ...(total === undefined ? {} : { total }),
  };
}

function takenByAgents(state: RunState, now: number): Point[] {
  const attempts = [...state.tasks.values()].flatMap((task) => task.attempts);
  const changes = attempts.flatMap((attempt) => changesBy(state, attempt, now)).toSorted(([a], [b]) => a - b);
  let sum = 0;
  return changes.map(([at, by]): Point => [at, (sum += by)]);
}

/** What comes and goes with its agent, bytes. */
function changesBy(state: RunState, attempt: Attempt, now: number): Point[] {
  const memory = usedByAttempt(attempt)?.memory;
  if (memory === undefined) return [];
  return barsOf(state, attempt, now)
    .filter(({ kind }) => kind === 'agent')
    .flatMap(({ from, to, isOpen }): Point[] =>
      isOpen
        ? [[from, memory]]
        : [
            [from, memory],
            [to, -memory],
          ],
    );
}

/** Of the points of each slice of time the highest, so that no peak is lost; the last one stays. */
function thinned(points: readonly Point[]): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length <= MOST) return points;
  const slice = (last[0] - first[0]) / MOST;
  const highest = new Map<number, Point>();
  for (const point of points) {
    const at = Math.floor((point[0] - first[0]) / slice);
    if (point[1] >= (highest.get(at)?.[1] ?? -1)) highest.set(at, point);
  }
  return [...highest.values(), ...(highest.get(MOST) === last ? [] : [last])];
}
