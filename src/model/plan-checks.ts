import { effectiveWaves, findCycle } from './graph.ts';
import { meant } from './nearest.ts';
import { type Plan, TASK_STATUSES, type Task } from './plan.ts';
import { priorityOf, type RawTask } from './plan-schema.ts';
import type { Problem, Severity } from './problem.ts';
import { scopeFault } from './scope.ts';
import type { Path } from './yaml-text.ts';

/** Makes a problem at a place in the file; an error unless said otherwise. */
export type Locate = (path: Path, message: string, severity?: Severity) => Problem;

/** Ids may hold anything that can be printed, up to this many characters. */
const LONGEST_ID = 300;

/** What the shape alone cannot say: names that meet, an order that can be run, places inside the repository. */
export function checkPlan(plan: Plan, raws: readonly RawTask[], locate: Locate): Problem[] {
  const context: Context = { plan, raws, locate, ids: new Map(), suggestions: 20 };
  const problems = [...checkIds(context)];
  for (const [i, task] of plan.tasks.entries()) problems.push(...checkTask(context, task, i));
  problems.push(...checkContracts(context), ...checkCycle(context));
  if (problems.some(({ severity }) => severity === 'error')) return problems;
  const waves = effectiveWaves(plan);
  return [...problems, ...checkWaves(context, waves), ...checkOneWay(context), ...checkScopes(context, waves)];
}

type Waves = ReadonlyMap<string, number>;

interface Context {
  plan: Plan;
  raws: readonly RawTask[];
  locate: Locate;
  /** Id → index of the first task that has it. */
  ids: Map<string, number>;
  /** How many more near ids may be looked for: each costs a walk over all ids. */
  suggestions: number;
}

function* checkIds({ plan, raws, locate, ids }: Context): Generator<Problem> {
  for (const [i, { id }] of plan.tasks.entries()) {
    const path = idPath(raws, i);
    const first = ids.get(id);
    if (first === undefined) ids.set(id, i);
    if (id.trim() === '') yield locate(path, `Task ${i + 1} has no id. Add "id: " with a name of its own.`);
    else if (first !== undefined) {
      yield locate(
        idPath(raws, first),
        `The id "${id}" is used again by task ${i + 1}. Give each task an id of its own.`,
      );
      yield locate(path, `The id "${id}" is already used by task ${first + 1}. Give each task an id of its own.`);
    }
    if (id.length > LONGEST_ID)
      yield locate(path, `The id of task ${i + 1} has ${id.length} characters. Use at most ${LONGEST_ID}.`);
    if (/\p{Cc}/u.test(id)) yield locate(path, `The id of task ${i + 1} has a control character. Remove it.`);
  }
}

const idPath = (raws: readonly RawTask[], i: number): Path => [
  'tasks',
  i,
  raws[i]?.id === undefined ? 'task_id' : 'id',
];

function* checkTask(context: Context, task: Task, i: number): Generator<Problem> {
  const { locate, raws } = context;
  const raw = raws[i];
  yield* checkReferences(context, task, i);
  yield* checkScope(context, task, i);
  if (task.agent === 'shell' && !task.run?.trim()) {
    yield locate(['tasks', i, 'agent'], `Task "${task.id}" has the agent shell but no line to run. Add "run: …".`);
  }
  if (!TASK_STATUSES.some((status) => status === task.status)) {
    const known = TASK_STATUSES.join(', ');
    yield locate(
      ['tasks', i, 'status'],
      `The status "${task.status}" is not known and taken for pending. Known: ${known}.`,
      'warning',
    );
  }
  if (raw?.priority !== undefined && !priorityOf(raw.priority)) {
    yield locate(
      ['tasks', i, 'priority'],
      `The priority "${raw.priority}" is not known and taken for medium. Known: high, medium, low.`,
      'warning',
    );
  }
}

function* checkReferences(context: Context, task: Task, i: number): Generator<Problem> {
  const kinds = [
    ['dependencies', 'depends on'],
    ['depends_on', 'depends on'],
    ['conflicts_with', 'conflicts with'],
  ] as const;
  for (const [key, verb] of kinds) {
    for (const [at, id] of (context.raws[i]?.[key] ?? []).entries()) {
      const path: Path = ['tasks', i, key, at];
      if (id === task.id) yield context.locate(path, `Task "${id}" ${verb} itself. Remove it from the list.`);
      else if (!context.ids.has(id))
        yield context.locate(path, `Task "${task.id}" ${verb} "${id}", which is no task.${suggest(context, id)}`);
    }
  }
}

function suggest(context: Context, id: string): string {
  const fallback = ' Name an id of this plan or remove it.';
  if (context.suggestions === 0) return fallback;
  context.suggestions -= 1;
  return meant(id, context.ids.keys()) || fallback;
}

function* checkScope({ locate, raws }: Context, task: Task, i: number): Generator<Problem> {
  for (const [at, glob] of (raws[i]?.scope ?? []).entries()) {
    const fault = scopeFault(glob);
    if (fault) yield locate(['tasks', i, 'scope', at], `The scope "${glob}" of task "${task.id}" ${fault}.`);
  }
}

function* checkContracts(context: Context): Generator<Problem> {
  for (const [i, contract] of context.plan.contracts.entries()) {
    for (const [key, id] of [
      ['from_task', contract.fromTask],
      ['to_task', contract.toTask],
    ] as const) {
      const path: Path = ['contracts', i, key];
      if (id === '') yield context.locate(path, `Contract ${i + 1} has no ${key}. Add the id of a task.`);
      else if (!context.ids.has(id))
        yield context.locate(path, `Contract ${i + 1} names "${id}", which is no task.${suggest(context, id)}`);
    }
  }
}

function* checkCycle({ plan, raws, locate, ids }: Context): Generator<Problem> {
  const cycle = findCycle(plan);
  const [first, second] = cycle ?? [];
  // A task that depends on itself has been told so.
  if (!cycle || first === undefined || cycle.length < 3) return;
  const i = ids.get(first) ?? 0;
  const key = raws[i]?.dependencies.includes(second ?? '') ? 'dependencies' : 'depends_on';
  yield locate(
    ['tasks', i, key],
    `These tasks wait for each other: ${cycle.join(' → ')}. Remove one of the dependencies.`,
  );
}

/** Where the file's waves say less than its dependencies, the dependencies count. */
function* checkWaves({ plan, raws, locate, ids }: Context, waves: Waves): Generator<Problem> {
  for (const [i, task] of plan.tasks.entries()) {
    if (raws[i]?.wave === undefined) continue;
    for (const id of task.dependencies) {
      const place = ids.get(id) ?? 0;
      const wave = raws[place]?.wave;
      if (wave === undefined || wave < task.wave) continue;
      const runs = `It will run in wave ${waves.get(task.id) ?? task.wave}.`;
      yield locate(
        ['tasks', i, 'wave'],
        `Task "${task.id}" is in wave ${task.wave}, but "${id}", which it depends on, is in wave ${wave}. ${runs}`,
        'warning',
      );
    }
  }
}

function* checkOneWay({ plan, locate, ids }: Context): Generator<Problem> {
  for (const [i, task] of plan.tasks.entries()) {
    for (const id of task.conflictsWith) {
      if (plan.tasks[ids.get(id) ?? -1]?.conflictsWith.includes(task.id)) continue;
      yield locate(
        ['tasks', i, 'conflicts_with'],
        `"${id}" does not name "${task.id}" in its conflicts_with. It is read both ways.`,
        'info',
      );
    }
  }
}

/** One warning for the whole plan: a thousand of them would hide the rest. */
function* checkScopes({ plan, locate }: Context, waves: Waves): Generator<Problem> {
  const sizes = new Map<number, number>();
  for (const wave of waves.values()) sizes.set(wave, (sizes.get(wave) ?? 0) + 1);
  const unknown = plan.tasks.filter((task) => task.scope === undefined && task.produces === 'change');
  const beside = unknown.filter((task) => (sizes.get(waves.get(task.id) ?? task.wave) ?? 0) > 1);
  if (beside.length === 0) return;
  const example = beside
    .slice(0, 3)
    .map((task) => `"${task.id}"`)
    .join(', ');
  const who = `${example}${beside.length > 3 ? ` and ${beside.length - 3} more` : ''}`;
  yield locate(
    ['tasks'],
    `${who} may run beside others, but do not say which files they change. Add "scope:" to keep them from colliding.`,
    'warning',
  );
}
