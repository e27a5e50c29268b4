import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { readPlainYaml } from '../text/plain-yaml.ts';
import type { FileStatus } from './plan.ts';
import { isMapping, listOf } from '../text/values.ts';

/**
 * The text of a plan with the statuses of some tasks, and the plan's own where the file has one, replaced. Everything
 * else stays byte for byte: comments, order, quotes, line ends. A task without a status gets one: on a line of its own
 * after its id, or inside its braces. A text that is not a plan comes back as it is. Twice is once.
 */
export function writeStatuses(text: string, statuses: ReadonlyMap<string, FileStatus>, planStatus?: string): string {
  const spots = plainSpots(text) ?? spotsOf(text);
  const edits: Edit[] = [];
  if (planStatus !== undefined && spots.status) edits.push(...replacement(text, spots.status, planStatus));
  for (const task of spots.tasks) {
    const status = statuses.get(task.id.value);
    if (status === undefined) continue;
    edits.push(...(task.status ? replacement(text, task.status, status) : insertion(text, task, status)));
  }
  return applied(text, edits);
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A key and its value: where they begin and end, as offsets. */
interface Spot {
  key: number;
  start: number;
  end: number;
  value: string;
}

interface TaskSpots {
  id: Spot;
  status?: Spot;
  /** Written in braces. */
  isFlow: boolean;
}

interface Spots {
  status?: Spot;
  tasks: TaskSpots[];
}

/** The fast way; undefined where the library has to look. */
function plainSpots(text: string): Spots | undefined {
  const found = new Map<string, Spot>();
  const read = readPlainYaml(text, (path, { key, start, end }, value) => {
    if (!SPOTTED.has(path.at(-1) ?? '') || (path.length !== 1 && (path.length !== 3 || path[0] !== 'tasks'))) return;
    if (typeof value === 'string') found.set(path.join('/'), { key, start, end, value });
  });
  if (!isMapping(read?.value)) return undefined;
  // Seen as a value, but not on its line: the library knows where.
  let isWhole = true;
  const spot = (mapping: Record<string, unknown>, path: string, name: string): Spot | undefined => {
    const one = found.get(path + name);
    isWhole &&= one !== undefined || !Object.hasOwn(mapping, name);
    return one;
  };
  const status = spot(read.value, '', 'status');
  const tasks: TaskSpots[] = [];
  for (const [i, task] of listOf(read.value['tasks']).entries()) {
    if (!isMapping(task)) continue;
    const path = `tasks/${i}/`;
    const id = spot(task, path, 'id') ?? spot(task, path, 'task_id');
    if (id) tasks.push({ id, ...withStatus(spot(task, path, 'status')), isFlow: false });
  }
  return isWhole ? { ...withStatus(status), tasks } : undefined;
}

const SPOTTED = new Set<string | number>(['id', 'task_id', 'status']);

const withStatus = (status: Spot | undefined): { status?: Spot } => (status ? { status } : {});

function spotsOf(text: string): Spots {
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'error' });
  const mistakes = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  if (mistakes.length > 0 || !isMap(document.contents)) return { tasks: [] };
  const list = pairOf(document.contents, 'tasks')?.value;
  const tasks = (isSeq(list) ? list.items : []).flatMap((task): TaskSpots[] => {
    const id = isMap(task) ? (spotOf(task, 'id') ?? spotOf(task, 'task_id')) : undefined;
    return id && isMap(task) ? [{ id, ...withStatus(spotOf(task, 'status')), isFlow: task.flow === true }] : [];
  });
  return { ...withStatus(spotOf(document.contents, 'status')), tasks };
}

/** Of a key that is there twice the last one counts. */
const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.findLast((pair) => isScalar(pair.key) && pair.key.value === key);

function spotOf(map: YAMLMap, name: string): Spot | undefined {
  const pair = pairOf(map, name);
  const key = rangeOf(pair?.key)?.[0];
  const range = rangeOf(pair?.value);
  if (key === undefined || !range || !isScalar(pair?.value)) return undefined;
  return { key, start: range[0], end: range[1], value: String(pair.value.value) };
}

const rangeOf = (node: unknown): readonly [number, number, number] | undefined =>
  isScalar(node) ? (node.range ?? undefined) : undefined;

function replacement(text: string, { key, start, end, value }: Spot, status: string): Edit[] {
  if (value === status) return [];
  const old = text.slice(start, end);
  if (old.trim() !== '') return [{ start, end, text: quotedAs(old, status) + (/\r?\n$/.exec(old)?.[0] ?? '') }];
  // `status:` with nothing behind it: right after the colon, before a comment.
  const colon = text.indexOf(':', key);
  return colon === -1 ? [] : [{ start: colon + 1, end: colon + 1, text: ` ${plain(status)}` }];
}

function quotedAs(old: string, status: string): string {
  if (old.startsWith("'")) return `'${status.replaceAll("'", "''")}'`;
  return old.startsWith('"') ? JSON.stringify(status) : plain(status);
}

/** A plain scalar where YAML takes the word for a text and nothing else. */
const plain = (status: string): string =>
  /^[a-z_][\w-]*$/i.test(status) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(status)
    ? status
    : JSON.stringify(status);

function insertion(text: string, { id, isFlow }: TaskSpots, status: string): Edit[] {
  const entry = `status: ${plain(status)}`;
  if (isFlow) return [{ start: id.end, end: id.end, text: `, ${entry}` }];
  const lineStart = text.lastIndexOf('\n', id.key) + 1;
  const lead = text.slice(lineStart, id.key);
  // `? id` and anchors before the key have no line to follow: nothing is written rather than something wrong.
  if (!/^\uFEFF?[ \t]*(?:-[ \t]+)*$/.test(lead)) return [];
  const indent = lead.replace('\uFEFF', '').replaceAll('-', ' ');
  const end = lineEnd(text, id.end);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (end === text.length && !text.endsWith('\n')) return [{ start: end, end, text: `${eol}${indent}${entry}` }];
  return [{ start: end, end, text: `${indent}${entry}${eol}` }];
}

/** Where the line after the one with this offset starts; a block scalar ends there already. */
function lineEnd(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  const next = text.indexOf('\n', offset);
  return next === -1 ? text.length : next + 1;
}

function applied(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  return parts.join('') + text.slice(from);
}
