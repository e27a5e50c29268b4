import type { Priority } from './plan.ts';

/** What the frontier needs of a task; everything is fixed for the whole run. */
export interface Node {
  id: string;
  dependencies: readonly string[];
  wave: number;
  priority: Priority;
  /** Length of the longest path from here to an end of the graph. */
  urgency: number;
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
 * An in-degree count per task and, with `barrier`, a count of unfinished tasks per wave; every operation costs the
 * edges it touches and nothing else, so 10,000 tasks cost what their edges cost. This class starts nothing and knows
 * no attempt, slot or clock: that is dispatch's.
 */
export class Frontier {
  readonly #ids: readonly string[];
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #dependants: readonly (readonly number[])[];
  readonly #waves: Int32Array;
  readonly #missing: Int32Array;
  readonly #status: Uint8Array;
  readonly #byWave = new Map<number, number[]>();
  /** Tasks neither over nor blocked, by the wave they have in the plan. */
  readonly #unfinishedIn = new Map<number, number>();
  readonly #planned: Int32Array;
  readonly #left = new Map<number, number>();
  /** Waves in ascending order, and which of them is open; without a barrier all are. */
  readonly #order: readonly number[];
  #open = 0;
  /** The place in the order whose tasks were looked at when their wave opened. */
  #entered = -1;
  #lowest = 0;
  #unfinished: number;

  constructor(nodes: readonly Node[], barrier: boolean) {
    const ranked = rank(nodes);
    this.#ids = ranked.map(({ id }) => id);
    this.#ranks = new Map(this.#ids.map((id, index) => [id, index]));
    this.#waves = Int32Array.from(ranked, ({ wave }) => (barrier ? wave : 0));
    this.#planned = Int32Array.from(ranked, ({ wave }) => wave);
    for (const { wave } of ranked) this.#unfinishedIn.set(wave, this.unfinishedIn(wave) + 1);
    this.#missing = Int32Array.from(ranked, ({ dependencies }) => new Set(dependencies).size);
    this.#status = new Uint8Array(ranked.length);
    this.#dependants = dependantsOf(ranked, this.#ranks);
    this.#unfinished = ranked.length;
    for (let index = 0; index < ranked.length; index += 1) this.#enlist(index);
    this.#order = [...this.#left.keys()].toSorted((a, b) => a - b);
    this.#openWaves();
  }

  /** Tasks neither over nor blocked. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /** Those of a wave of the plan, with a barrier or without. */
  unfinishedIn(wave: number): number {
    return this.#unfinishedIn.get(wave) ?? 0;
  }

  /** The lowest wave with an unfinished task; 0 without a barrier, undefined when none is left. */
  get wave(): number | undefined {
    return this.#order[this.#open];
  }

  /** Ids that may start, most urgent first. Taking one while iterating is fine. */
  *ready(): Generator<string> {
    while (this.#lowest < this.#status.length && this.#status[this.#lowest] !== READY) this.#lowest += 1;
    for (let index = this.#lowest; index < this.#status.length; index += 1) {
      if (this.#status[index] === READY) yield this.#ids[index] ?? '';
    }
  }

  /** An attempt at it lives. */
  take(id: string): void {
    const index = this.#index(id);
    if (this.#status[index] === READY) this.#status[index] = TAKEN;
  }

  /** The attempt is over and the task is not: it may start again. */
  give(id: string): void {
    const index = this.#index(id);
    if (this.#status[index] === TAKEN) this.#makeReady(index);
  }

  /** Done or skipped: what depends on it comes one step closer. */
  settle(id: string): void {
    const index = this.#index(id);
    if (!this.#finish(index, OVER)) return;
    for (const dependant of this.#dependants[index] ?? []) {
      this.#missing[dependant]! -= 1;
      this.#consider(dependant);
    }
    this.#openWaves();
  }

  /** Failed: it and everything that needs it are out. */
  block(id: string): void {
    const stack = [this.#index(id)];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (this.#finish(index, BLOCKED)) stack.push(...(this.#dependants[index] ?? []));
    }
    this.#openWaves();
  }

  isBlocked(id: string): boolean {
    return this.#status[this.#index(id)] === BLOCKED;
  }

  isReady(id: string): boolean {
    return this.#status[this.#index(id)] === READY;
  }

  #index(id: string): number {
    const index = this.#ranks.get(id);
    if (index === undefined) throw new Error(`no such task: ${id}`);
    return index;
  }

  #enlist(index: number): void {
    const wave = this.#waves[index] ?? 0;
    this.#left.set(wave, (this.#left.get(wave) ?? 0) + 1);
    const members = this.#byWave.get(wave);
    if (members) members.push(index);
    else this.#byWave.set(wave, [index]);
  }

  #finish(index: number, as: typeof OVER | typeof BLOCKED): boolean {
    const status = this.#status[index] ?? OVER;
    if (status >= OVER) return false;
    this.#status[index] = as;
    this.#unfinished -= 1;
    const planned = this.#planned[index] ?? 0;
    this.#unfinishedIn.set(planned, this.unfinishedIn(planned) - 1);
    const wave = this.#waves[index] ?? 0;
    this.#left.set(wave, (this.#left.get(wave) ?? 1) - 1);
    return true;
  }

  #openWaves(): void {
    while (this.#open < this.#order.length && this.#left.get(this.#order[this.#open] ?? 0) === 0) this.#open += 1;
    const wave = this.wave;
    if (wave === undefined || this.#entered === this.#open) return;
    this.#entered = this.#open;
    for (const index of this.#byWave.get(wave) ?? []) this.#consider(index);
  }

  #consider(index: number): void {
    if (this.#status[index] !== WAITING || this.#missing[index] !== 0) return;
    const wave = this.wave;
    if (wave !== undefined && (this.#waves[index] ?? 0) <= wave) this.#makeReady(index);
  }

  #makeReady(index: number): void {
    this.#status[index] = READY;
    if (index < this.#lowest) this.#lowest = index;
  }
}

const rank = (nodes: readonly Node[]): readonly Node[] =>
  nodes
    .map((node, order) => ({ node, order }))
    .toSorted(
      (a, b) =>
        WEIGHT[a.node.priority] - WEIGHT[b.node.priority] || b.node.urgency - a.node.urgency || a.order - b.order,
    )
    .map(({ node }) => node);

function dependantsOf(nodes: readonly Node[], ranks: ReadonlyMap<string, number>): number[][] {
  const dependants: number[][] = nodes.map(() => []);
  for (const [index, { dependencies }] of nodes.entries()) {
    for (const id of new Set(dependencies)) dependants[ranks.get(id) ?? -1]?.push(index);
  }
  return dependants;
}
