import type { Path, Problem } from '../../model/text/problem.ts';
import { scopeFault } from '../../model/schedule/scope.ts';
import type { YamlText } from '../../model/text/yaml-document.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { type Draft, notePlaces, withRest } from '../draft.ts';
import { isMapping, isNothing, listOf, textOf } from '../../model/text/values.ts';

/** Tasks that stand elsewhere than in a list at the top. */
const HOLDERS = ['waves', 'phases'] as const;

/** A draft of a plan whose tasks are under waves or phases, or in a mapping by id; undefined for a plan like ours. */
export function draftOfShape(
  top: Record<string, unknown>,
  yaml: YamlText,
  file: string,
): { draft: Draft; repairs: Problem[] } | undefined {
  const found = findTasks(top);
  if (!found) return undefined;
  const { holder, tasks } = found;
  const rest = Object.entries(top).filter(([key]) => key !== holder && key !== 'tasks');
  const draft: Draft = { data: { ...Object.fromEntries(rest), tasks: [] }, places: new Map() };
  notePlaces(draft, [], {
    yaml,
    file,
    path: [],
    keys: [...rest.map(([key]) => [key, key] as const), [holder, 'tasks']],
  });
  const groups: readonly unknown[] = holder === 'tasks' ? [] : listOf(top[holder]).map(withoutTasks);
  // What a wave says beside its tasks is kept under a name that is not read.
  if (groups.some((group) => !isMapping(group) || Object.keys(group).length > 0)) draft.data[`${holder}_kept`] = groups;
  const shapes = tasks.map(({ task, wave, id }) => shapeTask(task, wave, id));
  for (const [i, { keys }] of shapes.entries())
    notePlaces(draft, ['tasks', i], { yaml, file, path: tasks[i]?.path ?? [], keys });
  draft.data['tasks'] = byOwnId(
    shapes.map(({ data }) => data),
    tasks.map(({ id }) => id),
  );
  const what = holder === 'tasks' ? 'in a mapping by their ids' : `under "${holder}"`;
  const message = `The tasks are ${what}; they become one list${holder === 'phases' ? ', each phase a wave' : ''}.`;
  return { draft, repairs: [{ ...problem(file, yaml.keyRangeAt([holder]), message, 'info'), code: 'repaired' }] };
}

interface Found {
  task: unknown;
  path: Path;
  wave?: number;
  id?: string;
}

function findTasks(top: Record<string, unknown>): { holder: string; tasks: Found[] } | undefined {
  const own = top['tasks'];
  if (isMapping(own) && Object.values(own).every(isMapping) && Object.keys(own).length > 0)
    return { holder: 'tasks', tasks: Object.entries(own).map(([id, task]) => ({ task, path: ['tasks', id], id })) };
  if (!isNothing(own) && (!Array.isArray(own) || own.length > 0)) return undefined;
  const holder = HOLDERS.find((key) =>
    listOf(top[key]).some((group) => isMapping(group) && Array.isArray(group['tasks'])),
  );
  if (!holder) return undefined;
  const tasks = listOf(top[holder]).flatMap((group, i) => {
    const held = isMapping(group) ? group['tasks'] : undefined;
    const path: Path = [holder, i, 'tasks'];
    const wave = waveOf(group, i);
    if (Array.isArray(held)) return held.map((task: unknown, k): Found => ({ task, path: [...path, k], wave }));
    // What is no list is for the reader of plans to refuse.
    return isNothing(held) ? [] : [{ task: held, path, wave }];
  });
  return { holder, tasks };
}

/** `wave: 2`, `id: wave-2`, `name: "Phase 2: …"`, else its place in the list. */
function waveOf(group: unknown, i: number): number {
  const keys = ['wave', 'wave_number', 'number', 'wave_id', 'phase', 'id', 'name'];
  const words = isMapping(group) ? keys.map((key) => textOf(group[key])) : [];
  const said = words
    .map((word) => /^(?:(?:wave|phase)[\s_-]*)?0*([1-9]\d{0,3})\b/i.exec(word ?? '')?.[1])
    .find((n) => n !== undefined);
  return said === undefined ? i + 1 : Number(said);
}

const withoutTasks = (group: unknown): unknown =>
  isMapping(group) ? Object.fromEntries(Object.entries(group).filter(([key]) => key !== 'tasks')) : group;

function shapeTask(task: unknown, wave?: number, id?: string): { data: unknown; keys: (readonly [string, string])[] } {
  if (!isMapping(task)) return { data: task, keys: [] };
  const keys = Object.keys(task).map((key) => [key, nameFor(key, task)] as const);
  const fields = keys.map(([key, name]) => [name, task[key]] as const);
  const data = named(Object.fromEntries(fields), id);
  if (wave !== undefined && isNothing(data['wave'])) data['wave'] = wave;
  return { data, keys };
}

/** With the key of its mapping: its id, or kept as `key` where it has another of its own. */
function named(own: Record<string, unknown>, key?: string): Record<string, unknown> {
  if (key === undefined || own['id'] === key) return own;
  return isNothing(own['id']) ? Object.assign({ id: key }, own, { id: key }) : withRest(own, [['key', key]]);
}

const REFERENCES = ['dependencies', 'depends_on', 'conflicts_with'] as const;

/** Tasks that name another by its key of the mapping name it by its own id, where it has one. */
function byOwnId(tasks: readonly unknown[], keys: readonly (string | undefined)[]): unknown[] {
  const ids = tasks.map((task) => (isMapping(task) ? task['id'] : undefined));
  const others = new Map(keys.map((key, i) => [key as unknown, ids[i]]));
  const idOf = (one: unknown): unknown => (ids.includes(one) ? one : (others.get(one) ?? one));
  return tasks.map((task) => {
    if (!isMapping(task)) return task;
    const renewed = REFERENCES.flatMap((field): [string, unknown][] => {
      const value = task[field];
      return Array.isArray(value) ? [[field, value.map(idOf)]] : [];
    });
    return renewed.length === 0 ? task : { ...task, ...Object.fromEntries(renewed) };
  });
}

/** The second names of fields; the second only where the first is not there too. */
function nameFor(key: string, task: Record<string, unknown>): string {
  if (key === 'task_id' && !('id' in task)) return 'id';
  if (key === 'name' && !('title' in task)) return 'title';
  if (key === 'assigned_agent' && !('agent' in task)) return 'agent';
  if (key === 'file_targets' && !('scope' in task) && areFiles(task[key])) return 'scope';
  return key;
}

const areFiles = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((file) => typeof file === 'string' && !/\s/.test(file) && scopeFault(file) === undefined);
