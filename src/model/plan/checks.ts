import { effectiveWaves, findCycle } from '../schedule/graph.ts';
import { nearest } from '../text/nearest.ts';
import { type Plan, sameStatus, TASK_STATUSES, type Task } from './plan.ts';
import { priorityOf, type RawTask } from './schema.ts';
import { fixOf, type PlanFixes } from './fixes.ts';
import type { PlanRule } from './rules.ts';
import type { Fix, Path, Problem, Severity } from '../text/problem.ts';
import { scopeFault } from '../schedule/scope.ts';

/** Makes a problem of a rule at a place in the file; as severe as the rule is unless said otherwise. */
export type Say = (
  rule: PlanRule,
  path: Path,
  message: string,
  more?: { fix?: Fix | undefined; severity?: Severity },
) => Problem;

/** What a check tells with. */
export interface Telling {
  say: Say;
  fixes: PlanFixes;
}

/** Ids may hold anything that can be printed, up to this many characters. */
const LONGEST_ID = 300;

/** What the shape alone cannot say: names that meet, an order that can be run, places inside the repository. */
export function checkPlan(plan: Plan, raws: readonly RawTask[], telling: Telling): Problem[] {
  const context: Context = { plan, raws, ...telling, ids: new Map(), suggestions: 20 };
  const problems = [...checkIds(context)];
  for (const [i, task] of plan.tasks.entries()) problems.push(...checkTask(context, task, i));
  problems.push(...checkContracts(context), ...checkCycle(context));
  if (problems.some(({ severity }) => severity === 'error')) return problems;
  const waves = effectiveWaves(plan);
  return [...problems, ...checkWaves(context, waves), ...checkOneWay(context), ...checkScopes(context, waves)];
}

type Waves = ReadonlyMap<string, number>;

interface Context extends Telling {
  plan: Plan;
  raws: readonly RawTask[];
  /** Id → index of the first task that has it. */
  ids: Map<string, number>;
  /** How many more near ids may be looked for: each costs a walk over all ids. */
  suggestions: number;
}

function* checkIds({ plan, raws, say, ids }: Context): Generator<Problem> {
  for (const [i, { id }] of plan.tasks.entries()) {
    const path = idPath(raws, i);
    const first = ids.get(id);
    if (first === undefined) ids.set(id, i);
    if (id.trim() === '') yield say('id-missing', path, `Task ${i + 1} has no id. Add "id: " with a name of its own.`);
    else if (first !== undefined) {
      const own = 'Give each task an id of its own.';
      yield say('id-twice', idPath(raws, first), `The id "${id}" is used again by task ${i + 1}. ${own}`);
      yield say('id-twice', path, `The id "${id}" is already used by task ${first + 1}. ${own}`);
    }
    if (id.length > LONGEST_ID)
      yield say('id-unusable', path, `The id of task ${i + 1} has ${id.length} characters. Use at most ${LONGEST_ID}.`);
    if (/\p{Cc}/u.test(id))
      yield say('id-unusable', path, `The id of task ${i + 1} has a control character. Remove it.`);
  }
}

const idKey = (raw: RawTask | undefined): string => (raw?.id === undefined ? 'task_id' : 'id');
const idPath = (raws: readonly RawTask[], i: number): Path => ['tasks', i, idKey(raws[i])];

/** Each is in the id of a task of the run. */
function* checkAgents({ say }: Context, { id, agents = [] }: Task, i: number): Generator<Problem> {
  const wrong = agents.find((agent) => agent.trim() === '' || /\p{Cc}/u.test(agent) || agent.length > LONGEST_ID);
  if (wrong !== undefined)
    yield say('id-unusable', ['tasks', i, 'agents'], `An agent of task "${id}" has no name that can be used.`);
}

function* checkTask(context: Context, task: Task, i: number): Generator<Problem> {
  const { say, fixes, raws } = context;
  const raw = raws[i];
  yield* checkAgents(context, task, i);
  yield* checkReferences(context, task, i);
  yield* checkScope(context, task, i);
  if ((task.agent === 'shell' || task.agents?.includes('shell')) && !task.run?.trim()) {
    const message = `Task "${task.id}" has the agent shell but no line to run. Add "run: …".`;
    yield say('run-missing', ['tasks', i, task.agents ? 'agents' : 'agent'], message);
  }
  if (!TASK_STATUSES.some((status) => status === task.status)) {
    const path: Path = ['tasks', i, 'status'];
    const meantStatus = sameStatus(task.status);
    const fix = meantStatus && fixOf(`Change to ${meantStatus}`, fixes.replace(path, task.status, meantStatus), true);
    const known = TASK_STATUSES.join(', ');
    const message = `The status "${task.status}" is not known and taken for pending. Known: ${known}.`;
    yield say('status-unknown', path, message, { fix });
  }
  if (raw?.priority !== undefined && !priorityOf(raw.priority)) {
    const message = `The priority "${raw.priority}" is not known and taken for medium. Known: high, medium, low.`;
    yield say('priority-unknown', ['tasks', i, 'priority'], message);
  }
}

const REFERENCES = [
  ['dependencies', 'dependency', 'depends on'],
  ['depends_on', 'dependency', 'depends on'],
  ['conflicts_with', 'conflict', 'conflicts with'],
] as const;

function* checkReferences(context: Context, task: Task, i: number): Generator<Problem> {
  const { say, fixes } = context;
  for (const [key, kind, verb] of REFERENCES) {
    for (const [at, id] of (context.raws[i]?.[key] ?? []).entries()) {
      const path: Path = ['tasks', i, key, at];
      if (id === task.id) {
        const fix = fixOf('Remove it', fixes.remove(path), true);
        yield say(`${kind}-self`, path, `Task "${id}" ${verb} itself. Remove it from the list.`, { fix });
      } else if (!context.ids.has(id)) {
        const { words, fix } = suggest(context, path, id);
        yield say(`${kind}-unknown`, path, `Task "${task.id}" ${verb} "${id}", which is no task.${words}`, { fix });
      }
    }
  }
}

/** The id that was probably meant, in words and as a proposal. */
function suggest(context: Context, path: Path, id: string): { words: string; fix?: Fix | undefined } {
  const near = context.suggestions > 0 ? nearest(id, context.ids.keys()) : undefined;
  context.suggestions -= 1;
  if (near === undefined) return { words: ' Name an id of this plan or remove it.' };
  const fix = fixOf(`Change to "${near}"`, context.fixes.replace(path, id, near), false);
  return { words: ` Did you mean "${near}"?`, fix };
}

function* checkScope({ say, raws }: Context, task: Task, i: number): Generator<Problem> {
  for (const [at, glob] of (raws[i]?.scope ?? []).entries()) {
    const fault = scopeFault(glob);
    if (fault)
      yield say('scope-outside', ['tasks', i, 'scope', at], `The scope "${glob}" of task "${task.id}" ${fault}.`);
  }
}

function* checkContracts(context: Context): Generator<Problem> {
  const { say } = context;
  for (const [i, contract] of context.plan.contracts.entries()) {
    for (const [key, id] of [
      ['from_task', contract.fromTask],
      ['to_task', contract.toTask],
    ] as const) {
      const path: Path = ['contracts', i, key];
      if (id === '') yield say('contract-incomplete', path, `Contract ${i + 1} has no ${key}. Add the id of a task.`);
      else if (!context.ids.has(id)) {
        const { words, fix } = suggest(context, path, id);
        yield say('contract-unknown', path, `Contract ${i + 1} names "${id}", which is no task.${words}`, { fix });
      }
    }
  }
}

function* checkCycle({ plan, raws, say, ids }: Context): Generator<Problem> {
  const cycle = findCycle(plan);
  const [first, second] = cycle ?? [];
  // A task that depends on itself has been told so.
  if (!cycle || first === undefined || cycle.length < 3) return;
  const i = ids.get(first) ?? 0;
  const key = raws[i]?.dependencies.includes(second ?? '') ? 'dependencies' : 'depends_on';
  const message = `These tasks wait for each other: ${cycle.join(' → ')}. Remove one of the dependencies.`;
  yield say('cycle', ['tasks', i, key], message);
}

/** Where the file's waves say less than its dependencies, the dependencies count: said once a task, of the latest. */
function* checkWaves({ plan, raws, say, fixes, ids }: Context, waves: Waves): Generator<Problem> {
  const waveOf = (id: string): number => raws[ids.get(id) ?? 0]?.wave ?? 0;
  for (const [i, task] of plan.tasks.entries()) {
    if (raws[i]?.wave === undefined) continue;
    const late = task.dependencies.filter((id) => waveOf(id) >= task.wave);
    const latest = late.find((id) => late.every((other) => waveOf(other) <= waveOf(id)));
    if (latest === undefined) continue;
    const path: Path = ['tasks', i, 'wave'];
    const real = String(waves.get(task.id) ?? task.wave);
    const fix = fixOf(`Move to wave ${real}`, fixes.replace(path, String(task.wave), real), true);
    const more = late.length > 1 ? `, and ${late.length - 1} more of them too late as well` : '';
    const message = `Task "${task.id}" is in wave ${task.wave}, but "${latest}", which it depends on, is in wave ${waveOf(latest)}${more}. It will run in wave ${real}.`;
    yield say('wave-order', path, message, { fix });
  }
}

function* checkOneWay({ plan, raws, say, fixes, ids }: Context): Generator<Problem> {
  for (const [i, task] of plan.tasks.entries()) {
    for (const id of task.conflictsWith) {
      const place = ids.get(id) ?? -1;
      const other = plan.tasks[place];
      if (!other || other.conflictsWith.includes(task.id)) continue;
      const list = {
        task: place,
        key: 'conflicts_with',
        length: other.conflictsWith.length,
        idKey: idKey(raws[place]),
      };
      const fix = fixOf(`Add "${task.id}" to the conflicts of "${id}"`, fixes.add(list, task.id), true);
      const message = `"${id}" does not name "${task.id}" in its conflicts_with. It is read both ways.`;
      yield say('conflict-one-way', ['tasks', i, 'conflicts_with'], message, { fix });
    }
  }
}

/** One warning for the whole plan: a thousand of them would hide the rest. */
function* checkScopes({ plan, say }: Context, waves: Waves): Generator<Problem> {
  const sizes = new Map<number, number>();
  for (const wave of waves.values()) sizes.set(wave, (sizes.get(wave) ?? 0) + 1);
  const unknown = plan.tasks.filter((task) => task.scope === undefined && task.produces === 'change');
  const beside = unknown.filter((task) => (sizes.get(waves.get(task.id) ?? task.wave) ?? 0) > 1);
  if (beside.length === 0) return;
  const says = beside.length === 1 ? 'does not say which files it changes' : 'do not say which files they change';
  const message = `${some(beside)} may run beside others, but ${says}. Add "scope:" to keep ${beside.length === 1 ? 'it' : 'them'} from colliding.`;
  yield say('scope-missing', ['tasks'], message);
}

/** `"a", "b", "c" and 4 more`. */
export function some(tasks: readonly Task[]): string {
  const named = tasks.slice(0, 3).map(({ id }) => `"${id}"`);
  return `${named.join(', ')}${tasks.length > 3 ? ` and ${tasks.length - 3} more` : ''}`;
}
