import type { Plan, Task } from '../plan/plan.ts';

/** One difference between a version of a plan, or what a run does of it, and the next. */
export type Change = { task: string; title: string } & (
  | { kind: 'added' }
  | { kind: 'removed'; stays?: Stays }
  | { kind: 'changed'; fields: readonly Difference[]; stays?: Stays }
);
/** Why it is not done. */
export type Stays = 'merged' | 'begun';

interface Difference {
  field: string;
  from: unknown;
  to: unknown;
}

/** What differs from one version of a plan to the next, in the order of its tasks. */
export function changesBetween(
  former: Plan,
  plan: Plan,
  why: (task: string) => { stays?: Stays } = () => ({}),
): readonly Change[] {
  const before = new Map(former.tasks.map((task) => [task.id, task]));
  const known = new Set(plan.tasks.map(({ id }) => id));
  const here = plan.tasks.flatMap((task): Change[] => {
    const { id, title } = task;
    const old = before.get(id);
    if (!old) return [{ kind: 'added', task: id, title }];
    const fields = differences(old, task);
    return fields.length === 0 ? [] : [{ kind: 'changed', task: id, title, fields, ...why(id) }];
  });
  const gone = former.tasks.filter(({ id }) => !known.has(id));
  return [...here, ...gone.map(({ id, title }): Change => ({ kind: 'removed', task: id, title, ...why(id) }))];
}

/** The fields in which two tasks differ, but for what is written back. */
export function differences(a: Task, b: Task): readonly Difference[] {
  const [before, after] = [new Map<string, unknown>(Object.entries(a)), new Map<string, unknown>(Object.entries(b))];
  const fields = [...new Set([...before.keys(), ...after.keys()])].filter((field) => field !== 'status');
  return fields
    .map((field) => ({ field, from: before.get(field), to: after.get(field) }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}
