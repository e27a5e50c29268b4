import { conflictsOf, criticalPath, dependants, effectiveWaves, estimatedWeight } from '../model/schedule/graph.ts';
import { readPlan } from '../model/plan/reader.ts';
import type { Plan, Task } from '../model/plan/plan.ts';
import { entriesOf, type TextFile } from './document.ts';
import { mentionAt, tasksOf } from './mentions.ts';
import type { Shape } from './shapes/shape.ts';
import type { Span } from './entry.ts';
import { shapeOf } from './shapes/all.ts';

/** What there is to know about what stands at a place. */
export type Hover = Span & ({ kind: 'task'; task: TaskFacts } | { kind: 'key'; name: string; shape: Shape });

/** A task as its plan makes it; of a plan with mistakes only the title is sure. */
export interface TaskFacts {
  id: string;
  /** Absent: no task has the id. */
  title?: string;
  graph?: {
    wave: number;
    /** What the file says, where that is another wave. */
    stated?: number;
    after: readonly string[];
    before: readonly string[];
    conflicts: readonly string[];
    /** How many tasks of medium size wait for it one after the other, itself included. */
    path: number;
    task: Task;
  };
}

export function hoverAt(file: TextFile, offset: number): Hover | undefined {
  const mention = mentionAt(file, offset);
  if (mention) return { start: mention.start, end: mention.end, kind: 'task', task: factsOf(file, mention.task) };
  const entry = entriesOf(file).find(({ key }) => key && key.start <= offset && offset <= key.end);
  const shape = entry && shapeOf(file, entry.path);
  if (entry?.key && shape) return { ...entry.key, kind: 'key', name: entry.path.filter(isName).join('.'), shape };
  return wordAt(file, offset);
}

const isName = (part: string | number): boolean => typeof part === 'string';

/** One of the words that a key may be. */
function wordAt(file: TextFile, offset: number): Hover | undefined {
  const entry = entriesOf(file).find(({ word, value }) => word && value.start <= offset && offset <= value.end);
  const about = entry?.word && shapeOf(file, entry.path)?.words?.[entry.word];
  return about ? { ...entry.value, kind: 'key', name: entry.word ?? '', shape: { about } } : undefined;
}

function factsOf(file: TextFile, id: string): TaskFacts {
  const title = tasksOf(file).find((task) => task.id === id)?.title;
  const facts: TaskFacts = title === undefined ? { id } : { id, title };
  const { plan } = readPlan(file.text, file.path, file.memory);
  const task = plan?.tasks.find((one) => one.id === id);
  return plan && task ? { ...facts, graph: graphOf(plan, task) } : facts;
}

function graphOf(plan: Plan, task: Task): NonNullable<TaskFacts['graph']> {
  const wave = effectiveWaves(plan).get(task.id) ?? task.wave;
  return {
    wave,
    ...(wave === task.wave ? {} : { stated: task.wave }),
    after: task.dependencies,
    before: dependants(plan).get(task.id) ?? [],
    conflicts: [...(conflictsOf(plan).get(task.id) ?? [])],
    path: (criticalPath(plan, estimatedWeight).get(task.id) ?? 0) / 2,
    task,
  };
}
