import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { FileStatus } from './plan.ts';

/**
 * The text of a plan with the statuses of some tasks, and the plan's own where the file has one, replaced. Everything
 * else stays byte for byte: comments, order, quotes, line ends. A task without a status gets one: on a line of its own
 * after its id, or inside its braces. A text that is not a plan comes back as it is. Twice is once.
 */
export function writeStatuses(text: string, statuses: ReadonlyMap<string, FileStatus>, planStatus?: string): string {
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'error' });
  const mistakes = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  if (mistakes.length > 0 || !isMap(document.contents)) return text;
  const edits: Edit[] = [];
  const own = planStatus === undefined ? undefined : pairOf(document.contents, 'status');
  if (own && planStatus !== undefined) edits.push(...replacement(text, own, planStatus));
  const tasks = pairOf(document.contents, 'tasks')?.value;
  for (const task of isSeq(tasks) ? tasks.items : []) {
    if (isMap(task)) edits.push(...taskEdits(text, task, statuses));
  }
  return applied(text, edits);
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

function taskEdits(text: string, task: YAMLMap, statuses: ReadonlyMap<string, FileStatus>): Edit[] {
  const id = pairOf(task, 'id') ?? pairOf(task, 'task_id');
  const status = isScalar(id?.value) ? statuses.get(String(id.value.value)) : undefined;
  if (!id || status === undefined) return [];
  const known = pairOf(task, 'status');
  return known ? replacement(text, known, status) : insertion(text, task, id, status);
}

/** Of a key that is there twice the last one counts. */
const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.findLast((pair) => isScalar(pair.key) && pair.key.value === key);

const rangeOf = (node: unknown): readonly [number, number, number] | undefined =>
  isScalar(node) ? (node.range ?? undefined) : undefined;

function replacement(text: string, { key, value }: Pair, status: string): Edit[] {
  const range = rangeOf(value);
  const keyEnd = rangeOf(key)?.[1];
  if (!range || keyEnd === undefined || !isScalar(value) || value.value === status) return [];
  const [start, end] = range;
  const old = text.slice(start, end);
  if (old.trim() !== '') return [{ start, end, text: quotedAs(old, status) + (/\r?\n$/.exec(old)?.[0] ?? '') }];
  // `status:` with nothing behind it: right after the colon, before a comment.
  const colon = text.indexOf(':', keyEnd);
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

function insertion(text: string, task: YAMLMap, id: Pair, status: string): Edit[] {
  const keyStart = rangeOf(id.key)?.[0];
  const range = rangeOf(id.value);
  if (keyStart === undefined || !range) return [];
  const entry = `status: ${plain(status)}`;
  if (task.flow) return [{ start: range[1], end: range[1], text: `, ${entry}` }];
  const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1;
  const lead = text.slice(lineStart, keyStart);
  // `? id` and anchors before the key have no line to follow: nothing is written rather than something wrong.
  if (!/^\uFEFF?[ \t]*(?:-[ \t]+)*$/.test(lead)) return [];
  const indent = lead.replace('\uFEFF', '').replaceAll('-', ' ');
  const end = lineEnd(text, range[1]);
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
