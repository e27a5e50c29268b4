import type { Priority } from '../plan/plan.ts';

/** What the frontier needs of a task; everything is fixed for the whole run. */
export interface Node {
  id: string;
  dependencies: readonly string[];
  wave: number;
  priority: Priority;
  /** Length of the longest path from here to an end of the graph. */
  urgency: number;
}

/** What has happened to the tasks of a frontier, apart from the graph: for one that goes on elsewhere. */
export interface FrontierMarks {
  status: Uint8Array;
  missing: Int32Array;
  unfinishedIn: Int32Array;
  barrier: boolean;
  open: number;
  entered: number;
  lowest: number;
  unfinished: number;
}

const WAITING = 0;
const READY = 1;
const TAKEN = 2;
const OVER = 3;
const BLOCKED = 4;

const WEIGHT: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

/**
 * Which tasks may start now, in a total order: priority, critical path, plan order.
 *
 * Tasks are numbers in that order, and what is known of them are counts in plain arrays: of missing dependencies for
 * each task, of unfinished tasks for each wave. Every operation costs the edges it touches and nothing else, so 10,000
 * tasks cost what their edges cost. This class starts nothing and knows no attempt, slot or clock: that is dispatch's.
 */
export class Frontier {
  readonly #ids: readonly string[];
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #status: Uint8Array;
  readonly #missing: Int32Array;
  readonly #dependants: Lists;
  /** The waves there are, ascending; from here on a wave is its place in this list. */
  readonly #waves: readonly number[];
  readonly #places: ReadonlyMap<number, number>;
  readonly #byWave: Lists;
  readonly #waveOf: Int32Array;
  readonly #unfinishedIn: Int32Array;
  readonly #barrier: boolean;
  /** The lowest wave with an unfinished task. */
  #open = 0;
  /** Tasks of waves up to this one were looked at when their wave opened. */
  #entered = -1;
  /** No task before this one is ready. */
  #lowest = 0;
  /** What was offered last, which is what is taken next: it need not be looked up. */
  #offered = 0;
  #unfinished: number;

  constructor(nodes: readonly Node[], barrier: boolean) {
    const ranked = rank(nodes);
    this.#ids = ranked.map(({ id }) => id);
    this.#ranks = new Map(this.#ids.map((id, index) => [id, index]));
    this.#status = new Uint8Array(ranked.length);
    this.#missing = Int32Array.from(ranked, ({ dependencies }) => new Set(dependencies).size);
    this.#dependants = listsOf(ranked.length, edges(ranked, this.#ranks));
    this.#waves = [...new Set(ranked.map(({ wave }) => wave))].toSorted((a, b) => a - b);
    this.#places = new Map(this.#waves.map((wave, place) => [wave, place]));
    this.#waveOf = Int32Array.from(ranked, ({ wave }) => this.#places.get(wave) ?? 0);
    this.#byWave = listsOf(
      this.#waves.length,
      [...this.#waveOf.entries()].map(([index, place]) => [place, index]),
    );
    this.#unfinishedIn = new Int32Array(this.#waves.length);
    for (const place of this.#waveOf) this.#unfinishedIn[place]! += 1;
    this.#barrier = barrier;
    this.#unfinished = ranked.length;
    this.#openWaves();
  }

  /** They change with the frontier: copy them to keep them. */
  get marks(): FrontierMarks {
    return {
      status: this.#status,
      missing: this.#missing,
      unfinishedIn: this.#unfinishedIn,
      barrier: this.#barrier,
      open: this.#open,
      entered: this.#entered,
      lowest: this.#lowest,
      unfinished: this.#unfinished,
    };
  }

  /** As the one whose marks these are; the nodes are the same. Throws where they cannot be. */
  static from(nodes: readonly Node[], marks: FrontierMarks): Frontier {
    const frontier = new Frontier(nodes, marks.barrier);
    frontier.#status.set(marks.status);
    frontier.#missing.set(marks.missing);
    frontier.#unfinishedIn.set(marks.unfinishedIn);
    frontier.#open = marks.open;
    frontier.#entered = marks.entered;
    frontier.#lowest = marks.lowest;
    frontier.#unfinished = marks.unfinished;
    return frontier;
  }

  /** Tasks neither over nor blocked. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /** Those of a wave of the plan, with a barrier or without. */
  unfinishedIn(wave: number): number {
    return this.#unfinishedIn[this.#places.get(wave) ?? -1] ?? 0;
  }

  /** The lowest wave with an unfinished task; 0 without a barrier, undefined when none is left. */
  get wave(): number | undefined {
    if (this.#unfinished === 0) return undefined;
    return this.#barrier ? this.#waves[this.#open] : 0;
  }

  /** Shows the ids that may start, most urgent first, until `want` says that it wants no more. It may take them. */
  offer(want: (id: string) => boolean): void {
    const status = this.#status;
    while (this.#lowest < status.length && status[this.#lowest] !== READY) this.#lowest += 1;
    for (let index = this.#lowest; index < status.length; index += 1) {
      if (status[index] !== READY) continue;
      this.#offered = index;
      if (!want(this.#ids[index]!)) return;
    }
  }

  /** All that may start. */
  ready(): readonly string[] {
    const ids: string[] = [];
    this.offer((id) => ids.push(id) > 0);
    return ids;
  }

  /** An attempt at it lives; so may one of a wave that is closed again because a task before it was reopened. */
  take(id: string): void {
    const index = this.#index(id);
    if (this.#status[index]! <= READY) this.#status[index] = TAKEN;
  }

  /** The attempt is over and the task is not: it may start again. */
  give(id: string): void {
    const index = this.#index(id);
    if (this.#status[index] !== TAKEN) return;
    this.#status[index] = WAITING;
    this.#consider(index);
  }

  /** Done or skipped: what depends on it comes one step closer. */
  settle(id: string): void {
    const index = this.#index(id);
    if (!this.#finish(index, OVER)) return;
    const { starts, items } = this.#dependants;
    for (let edge = starts[index]!; edge < starts[index + 1]!; edge += 1) {
      const dependant = items[edge]!;
      this.#missing[dependant]! -= 1;
      this.#consider(dependant);
    }
    this.#openWaves();
  }

  /** Failed: it and everything that needs it are out. */
  block(id: string): void {
    const { starts, items } = this.#dependants;
    const stack = [this.#index(id)];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (this.#finish(index, BLOCKED)) stack.push(...items.subarray(starts[index], starts[index + 1]));
    }
    this.#openWaves();
  }

  isBlocked(id: string): boolean {
    return this.standingOf(id) === 'blocked';
  }

  isReady(id: string): boolean {
    return this.standingOf(id) === 'ready';
  }

  /** Undefined for a task that is over, at work, or waits for others. */
  standingOf(id: string): 'ready' | 'blocked' | undefined {
    const status = this.#status[this.#index(id)];
    if (status === BLOCKED) return 'blocked';
    return status === READY ? 'ready' : undefined;
  }

  #index(id: string): number {
    if (this.#ids[this.#offered] === id) return this.#offered;
    const index = this.#ranks.get(id);
    if (index === undefined) throw new Error(`no such task: ${id}`);
    return index;
  }

  #finish(index: number, as: typeof OVER | typeof BLOCKED): boolean {
    if (this.#status[index]! >= OVER) return false;
    this.#status[index] = as;
    this.#unfinished -= 1;
    this.#unfinishedIn[this.#waveOf[index]!]! -= 1;
    return true;
  }

  /** Without a barrier all are open from the start. */
  #openWaves(): void {
    while (this.#unfinishedIn[this.#open] === 0) this.#open += 1;
    const last = this.#barrier ? this.#open : this.#waves.length - 1;
    if (this.#entered >= last) return;
    const { starts, items } = this.#byWave;
    const fresh = items.subarray(starts[this.#entered + 1], starts[last + 1]);
    this.#entered = last;
    for (const index of fresh) this.#consider(index);
  }

  #consider(index: number): void {
    if (this.#status[index] !== WAITING || this.#missing[index] !== 0) return;
    if (this.#waveOf[index]! <= this.#entered) this.#makeReady(index);
  }

  #makeReady(index: number): void {
    this.#status[index] = READY;
    if (index < this.#lowest) this.#lowest = index;
  }
}

/** Lists of numbers in two plain arrays: list `i` is `items[starts[i]]` up to but not including `items[starts[i + 1]]`. */
interface Lists {
  starts: Int32Array;
  items: Int32Array;
}

const rank = (nodes: readonly Node[]): readonly Node[] =>
  nodes
    .map((node, order) => ({ node, order }))
    .toSorted(
      (a, b) =>
        WEIGHT[a.node.priority] - WEIGHT[b.node.priority] || b.node.urgency - a.node.urgency || a.order - b.order,
    )
    .map(({ node }) => node);

/** For each dependency, the task that is needed and the one that needs it. */
const edges = (nodes: readonly Node[], ranks: ReadonlyMap<string, number>): [number, number][] =>
  nodes.flatMap(({ dependencies }, index) =>
    [...new Set(dependencies)].flatMap((id): [number, number][] => {
      const needed = ranks.get(id);
      return needed === undefined ? [] : [[needed, index]];
    }),
  );

function listsOf(many: number, entries: readonly (readonly [list: number, item: number])[]): Lists {
  const starts = new Int32Array(many + 1);
  for (const [list] of entries) starts[list + 1]! += 1;
  for (let list = 0; list < many; list += 1) starts[list + 1]! += starts[list]!;
  const items = new Int32Array(entries.length);
  const next = starts.slice();
  for (const [list, item] of entries) items[next[list]!++] = item;
  return { starts, items };
}
