/** A task that has not begun, as far as it matters where it is put. */
export interface Waiting {
  id: string;
  /** How long it should take, and the longest chain of tasks from it to the end; any unit. */
  weight: number;
  chain: number;
  /** Nothing that it needs is missing. */
  isReady: boolean;
}

export interface Bounds {
  /** Agents at work at once. */
  slots: number;
  /** Task → tasks that it must not run beside. */
  conflicts: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Which tasks of the next wave a wave with idle agents takes along, the longest chain first: those that are ready,
 * conflict with nobody in it, and do not make the two waves together longer. Ids, in the order in which they are taken.
 */
export function fillWave(
  wave: readonly Waiting[],
  next: readonly Waiting[],
  { slots, conflicts }: Bounds,
): readonly string[] {
  const here = [...wave];
  const there = new Set(next);
  const isBeside = (id: string): boolean => here.some((other) => conflicts.get(id)?.has(other.id) === true);
  for (const task of next.toSorted((a, b) => b.chain - a.chain)) {
    if (here.length >= slots) break;
    if (!task.isReady || isBeside(task.id)) continue;
    const before = lengthOf(here, slots) + lengthOf([...there], slots);
    there.delete(task);
    if (lengthOf([...here, task], slots) + lengthOf([...there], slots) > before) there.add(task);
    else here.push(task);
  }
  return here.slice(wave.length).map(({ id }) => id);
}

/** No wave is shorter than its longest task, nor than its work shared out. */
const lengthOf = (tasks: readonly Waiting[], slots: number): number =>
  Math.max(0, ...tasks.map(({ weight }) => weight), tasks.reduce((sum, { weight }) => sum + weight, 0) / slots);
