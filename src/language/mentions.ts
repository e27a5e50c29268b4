import { entriesOf, type TextFile } from './document.ts';
import { type Entry, isDirectlyIn, type Span } from './entry.ts';

/** One place of a text that names a task. */
export interface Mention extends Span {
  task: string;
  /** The task's own id, not another's word for it. */
  defines: boolean;
}

const NAMING = new Set(['dependencies', 'depends_on', 'conflicts_with']);
const CONTRACT = new Set(['from_task', 'to_task']);

/** All places that name tasks, in the order of the text. */
export function mentionsOf(file: TextFile): Mention[] {
  if (file.kind !== 'plan') return [];
  return entriesOf(file).flatMap((entry) => {
    const { word, value } = entry;
    const role = roleOf(entry);
    // An anchor, an alias or an escape is not to be edited.
    if (role === undefined || word === undefined || word === '' || /^[&*!]|[\\]/.test(word)) return [];
    return [{ ...value, task: word, defines: role === 'id' }];
  });
}

/** Tasks stand under `tasks`, in some plans under `waves[].tasks` or `phases[].tasks`. */
function roleOf({ path }: Entry): 'id' | 'mention' | undefined {
  const key = path.at(-1);
  if (typeof key === 'number') return path.length > 2 && NAMING.has(String(path.at(-2))) ? 'mention' : undefined;
  if (typeof path.at(-2) !== 'number') return undefined;
  const list = path.at(-3);
  if (list === 'tasks' && (key === 'id' || key === 'task_id')) return 'id';
  if (list === 'tasks' && NAMING.has(String(key))) return 'mention';
  return list === 'contracts' && CONTRACT.has(String(key)) ? 'mention' : undefined;
}

/** The mention at an offset, its end included: that is where the cursor stands after the word was written. */
export const mentionAt = (file: TextFile, offset: number): Mention | undefined =>
  mentionsOf(file).find(({ start, end }) => start <= offset && offset <= end);

/** A task as far as its text can be told, also of a plan that is being written. */
export interface TaskText extends Span {
  id: string;
  title: string;
  /** The id's place. */
  name: Span;
}

/** What the keys of a task say; of two names for the same the first counts. */
interface Said {
  item: Entry;
  id?: Entry;
  task_id?: Entry;
  title?: Entry;
  name?: Entry;
}

export function tasksOf(file: TextFile): TaskText[] {
  if (file.kind !== 'plan') return [];
  const items: Said[] = [];
  for (const entry of entriesOf(file)) {
    const { path } = entry;
    const last = items.at(-1);
    const key = path.at(-1);
    if (typeof key === 'number' && path.at(-2) === 'tasks') items.push({ item: entry });
    // Lists that follow the tasks have ids and titles too.
    else if (last && isTold(key) && isDirectlyIn(path, last.item.path)) last[key] = entry;
  }
  return items.flatMap(({ item, id, task_id, title, name }) => {
    const { word, value } = id ?? task_id ?? {};
    if (!word || !value) return [];
    return [{ id: word, title: (title ?? name)?.word ?? '', name: value, start: item.start, end: item.end }];
  });
}

const isTold = (key: unknown): key is Exclude<keyof Said, 'item'> =>
  key === 'id' || key === 'title' || key === 'task_id' || key === 'name';
