import type { Plan, Task } from '../plan/plan.ts';
import { type Shape, shapesOf, shapesOverlap } from './scope.ts';

/**
 * The graph of a plan's tasks as pure functions. All of them are iterative and linear in tasks and edges, take ids
 * that name no task as absent, and end on cyclic plans too: what lies on a cycle keeps what the file says.
 */
type Ids = readonly string[];

/** max(the declared wave, the highest effective wave of a dependency + 1): dependencies count where waves say less. */
export function effectiveWaves(plan: Plan): Map<string, number> {
  const waves = new Map(plan.tasks.map((task) => [task.id, task.wave]));
  for (const task of inOrder(plan)) {
    let wave = task.wave;
    for (const id of task.dependencies) wave = Math.max(wave, (waves.get(id) ?? 0) + 1);
    if (wave !== task.wave) waves.set(task.id, wave);
  }
  return waves;
}

/** Who waits for a task directly, in plan order. */
export function dependants(plan: Plan): Map<string, string[]> {
  const after = new Map<string, string[]>(plan.tasks.map((task) => [task.id, []]));
  for (const task of plan.tasks) for (const id of unique(task.dependencies)) after.get(id)?.push(task.id);
  return after;
}

/** Everything a task stands on, directly or not; itself only where it lies on a cycle. */
export function transitiveDependencies(plan: Plan, id: string): Set<string> {
  const tasks = byId(plan);
  return reach(id, (at) => (tasks.get(at)?.dependencies ?? []).filter((dependency) => tasks.has(dependency)));
}

/** Everything that cannot be done without a task. */
export function transitiveDependants(plan: Plan, id: string): Set<string> {
  const after = dependants(plan);
  return reach(id, (at) => after.get(at) ?? []);
}

/** The weight of the heaviest path from a task to an end, its own included: the higher, the sooner it should start. */
export function criticalPath(plan: Plan, weight: (task: Task) => number): Map<string, number> {
  const after = dependants(plan);
  const lengths = new Map(plan.tasks.map((task) => [task.id, weight(task)]));
  for (const task of inOrder(plan).toReversed()) {
    const rest = (after.get(task.id) ?? []).map((id) => lengths.get(id) ?? 0);
    lengths.set(task.id, weight(task) + rest.reduce((longest, length) => Math.max(longest, length), 0));
  }
  return lengths;
}

/** The heaviest chain of tasks of which each waits for the one before; empty where no task waits for another. */
export function longestPath(plan: Plan, weight: (task: Task) => number): readonly string[] {
  const lengths = criticalPath(plan, weight);
  const length = (id: string): number => lengths.get(id) ?? 0;
  const heavier = (a: string | undefined, b: string): string => (a !== undefined && length(a) >= length(b) ? a : b);
  const next = new Map<string, string>();
  for (const { id, dependencies } of plan.tasks)
    for (const before of dependencies) next.set(before, heavier(next.get(before), id));
  const chain: string[] = [];
  const first = [...lengths.keys()].reduce<string | undefined>(heavier, undefined);
  for (let id = first; id !== undefined; id = next.get(id)) chain.push(id);
  return chain.length > 1 ? chain : [];
}

/** A weight for `criticalPath` from the plan's estimates, in the unit of one small task. */
export const estimatedWeight = ({ estimate = 'medium' }: Pick<Task, 'estimate'>): number =>
  ({ small: 1, medium: 2, large: 4 })[estimate];

/** The tasks that stand on no cycle, dependencies first. */
export function inOrder(plan: Plan): readonly Task[] {
  if (isInOrder(plan)) return plan.tasks;
  const tasks = byId(plan);
  const after = dependants(plan);
  const open = new Map(plan.tasks.map((task) => [task.id, countKnown(task, tasks)]));
  const order = plan.tasks.filter((task) => open.get(task.id) === 0);
  for (const done of order) {
    for (const id of after.get(done.id) ?? []) {
      const left = (open.get(id) ?? 0) - 1;
      open.set(id, left);
      const next = tasks.get(id);
      if (left === 0 && next) order.push(next);
    }
  }
  return order;
}

/** Most plans are written so: then there is nothing to sort. */
function isInOrder({ tasks }: Plan): boolean {
  const above = new Set<string>();
  for (const { id, dependencies } of tasks) {
    for (const dependency of dependencies) if (!above.has(dependency)) return false;
    above.add(id);
  }
  return above.size === tasks.length;
}

/** A cycle as it would be told, `[a, b, a]` where a depends on b and b on a; undefined when there is none. */
export function findCycle(plan: Plan): string[] | undefined {
  const order = inOrder(plan);
  if (order.length === plan.tasks.length) return undefined;
  const sorted = new Set(order.map((task) => task.id));
  const tasks = byId(plan);
  const stuck = plan.tasks.find((task) => !sorted.has(task.id));
  if (!stuck) return undefined;
  const path: string[] = [];
  const seen = new Map<string, number>();
  // Every task left has a dependency that is left: walking along them must come back.
  for (let id = stuck.id; ;) {
    const start = seen.get(id);
    if (start !== undefined) return [...path.slice(start), id];
    seen.set(id, path.length);
    path.push(id);
    const next = tasks.get(id)?.dependencies.find((dependency) => tasks.has(dependency) && !sorted.has(dependency));
    if (next === undefined) return undefined;
    id = next;
  }
}

/** They are at the same thing, and one of their results is taken: no two of them come together. */
const isOneContest = (a: Task | undefined, b: Task | undefined): boolean =>
  a?.contest !== undefined && a.contest === b?.contest;

/**
 * Whom each task conflicts with, symmetric, in no order: whom either of the two names, or whose declared scope overlaps
 * its own. Time and memory grow with the number of pairs found.
 */
export function conflictsOf(plan: Plan): Map<string, Set<string>> {
  const conflicts = new Map<string, Set<string>>(plan.tasks.map((task) => [task.id, new Set()]));
  const contestants = new Map(plan.tasks.flatMap((task) => (task.contest === undefined ? [] : [[task.id, task]])));
  const join = (a: string, b: string): void => {
    if (a === b || !conflicts.has(a) || !conflicts.has(b)) return;
    if (contestants.size > 0 && isOneContest(contestants.get(a), contestants.get(b))) return;
    conflicts.get(a)?.add(b);
    conflicts.get(b)?.add(a);
  };
  for (const task of plan.tasks) for (const id of task.conflictsWith) join(task.id, id);
  for (const [some, others] of overlappingGroups(plan)) for (const a of some) for (const b of others) join(a, b);
  return conflicts;
}

const byId = (plan: Plan): Map<string, Task> => new Map(plan.tasks.map((task) => [task.id, task]));

function countKnown(task: Task, tasks: ReadonlyMap<string, Task>): number {
  let count = 0;
  for (const id of unique(task.dependencies)) if (tasks.has(id)) count += 1;
  return count;
}

const unique = (ids: Ids): Iterable<string> => (ids.length < 2 ? ids : new Set(ids));

function reach(from: string, next: (id: string) => Ids): Set<string> {
  const found = new Set<string>();
  const open = [...next(from)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...next(id));
  }
  return found;
}

/** The tasks that declare one glob, at the node of a tree of folders where its wildcards begin. */
interface Node {
  folders: Map<string, Node>;
  here: { shape: Shape; tasks: string[] }[];
}

/** Two globs can overlap only if one's leading folders start with the other's: only those are compared. */
function overlappingGroups(plan: Plan): [Ids, Ids][] {
  const root: Node = { folders: new Map(), here: [] };
  const pairs: [Ids, Ids][] = [];
  for (const { shape, tasks } of groups(plan)) {
    pairs.push([tasks, tasks]);
    const { above, node } = plant(root, shape);
    const near = [...above, ...below(node)];
    for (const other of near) if (shapesOverlap(shape, other.shape)) pairs.push([tasks, other.tasks]);
    node.here.push({ shape, tasks });
  }
  return pairs;
}

function groups(plan: Plan): { shape: Shape; tasks: string[] }[] {
  const found = new Map<string, { shape: Shape; tasks: string[] }>();
  for (const task of plan.tasks) {
    for (const shape of shapesOf(task.scope ?? [])) {
      const key = shape.segments.join('/');
      const group = found.get(key) ?? { shape, tasks: [] };
      group.tasks.push(task.id);
      found.set(key, group);
    }
  }
  return [...found.values()];
}

function plant(root: Node, shape: Shape): { above: Node['here']; node: Node } {
  const above: Node['here'] = [];
  let node = root;
  for (const folder of shape.segments.slice(0, shape.literal)) {
    above.push(...node.here);
    const next = node.folders.get(folder) ?? { folders: new Map(), here: [] };
    node.folders.set(folder, next);
    node = next;
  }
  return { above, node };
}

function below(node: Node): Node['here'] {
  const found: Node['here'] = [];
  const open = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    found.push(...next.here);
    open.push(...next.folders.values());
  }
  return found;
}
