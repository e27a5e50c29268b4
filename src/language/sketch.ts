import {
  isBlockHeader,
  linesInside,
  parentColumn,
  quotedEnd,
  takeApart,
  type YamlLine,
} from '../formats/text/yaml-lines.ts';
import type { Path } from '../model/text/problem.ts';
import type { Entry, Span } from './entry.ts';
import { noteFlow } from './flow.ts';

/**
 * What a YAML text says, line by line, also while it is being written and is no YAML: a line that cannot be understood
 * spoils only itself. In the order of the text, each entry before those inside it. It decides nothing: whether the text
 * is right is for the readers to say.
 */
export function sketchYaml(text: string): Entry[] {
  const found: Entry[] = [];
  const first = text.search(/\S/);
  if (text[first] === '{') noteFlow({ text, end: text.length, found }, first, []);
  else sketchLines(text, found);
  return found;
}

/** A mapping or list that is open where a line stands; `at` is its present key or index. */
interface Open {
  column: number;
  path: Path;
  isList: boolean;
  at: string | number;
  entry: Entry;
}

function sketchLines(text: string, found: Entry[]): void {
  // Tabs are no indentation in YAML; counted as a column each they still tell what stands in what.
  const lines = text.split('\n').map((line) => line.replace(/^[ \t]+/, (lead) => ' '.repeat(lead.length)));
  const open: Open[] = [];
  let offset = 0;
  for (let i = 0; i < lines.length; i += 1) {
    const line = takeApart(lines[i] ?? '');
    const inside = line ? insideValue(lines, i, line) : 0;
    if (line && !isContinued(line, open)) {
      const last = offsetBehind(lines, { line: i, offset }, inside);
      note({ text, found, open }, line, { start: offset, end: last });
    }
    for (let n = 0; n <= inside; n += 1) offset += (lines[i + n] ?? '').length + 1;
    i += inside;
  }
}

/** How many lines below belong to this one's value: a text, brackets or quotes that are not closed on it. */
function insideValue(lines: readonly string[], at: number, line: YamlLine): number {
  const { value } = line;
  const isOpen =
    isBlockHeader(value) || /^["']/.test(value) ? isBlockHeader(value) || quotedEnd(value) === -1 : isUnclosed(value);
  return isOpen ? bounded(lines, at, linesInside(lines, at, parentColumn(line)), isBlockHeader(value)) : 0;
}

const isUnclosed = (value: string): boolean =>
  /^[[{]/.test(value) && (value.match(/[[{]/g)?.length ?? 0) > (value.match(/[\]}]/g)?.length ?? 0);

/** Brackets that someone has just opened do not swallow the keys below them. */
function bounded(lines: readonly string[], at: number, inside: number, isText: boolean): number {
  if (isText) return inside;
  for (let n = 1; n <= inside; n += 1) {
    const line = takeApart(lines[at + n] ?? '');
    if (line?.isItem || (line?.key !== undefined && !/[,{[\]}]\s*$/.test(line.value))) return n - 1;
  }
  return inside;
}

function offsetBehind(lines: readonly string[], from: { line: number; offset: number }, inside: number): number {
  let offset = from.offset;
  for (let n = 0; n <= inside; n += 1) offset += (lines[from.line + n] ?? '').length + 1;
  return offset - 1;
}

/** A line without key and dash that stands further in goes on with the sentence above it. */
const isContinued = ({ isItem, key, column }: YamlLine, open: readonly Open[]): boolean =>
  !isItem && key === undefined && open.some((one) => one.column < column || one.isList);

interface Noting {
  text: string;
  found: Entry[];
  open: Open[];
}

function note(noting: Noting, line: YamlLine, { start, end }: Span): void {
  const { found, open } = noting;
  const column = line.isItem ? line.itemColumn : line.column;
  while (isOver(open.at(-1), column, line.isItem)) open.pop();
  if (line.isItem) {
    const list = listAt(open, column);
    const entry = entryAt([...list.path, list.at], { start: start + column, end });
    list.entry = entry;
    found.push(entry);
    if (line.key === undefined) return fill(noting, entry, { line, start, end });
  }
  if (line.key === undefined) return;
  const mapping = mappingAt(open, line.column);
  mapping.at = unquoted(line.key);
  const entry = entryAt([...mapping.path, mapping.at], { start: start + line.column, end });
  const quote = mapping.at === line.key ? 0 : 1;
  entry.key = { start: entry.start + quote, end: entry.start + quote + mapping.at.length };
  mapping.entry = entry;
  found.push(entry);
  for (const one of open) one.entry.end = end;
  fill(noting, entry, { line, start, end });
}

function isOver(open: Open | undefined, column: number, isItem: boolean): boolean {
  if (!open) return false;
  if (open.column > column) return true;
  // A list may stand at the column of its key: then a key there ends it.
  return open.column === column && open.isList && !isItem;
}

function listAt(open: Open[], column: number): Open {
  const top = open.at(-1);
  if (top?.isList && top.column === column && typeof top.at === 'number') {
    top.at += 1;
    return top;
  }
  const list: Open = { column, path: pathOf(top), isList: true, at: 0, entry: entryAt([], { start: 0, end: 0 }) };
  open.push(list);
  return list;
}

function mappingAt(open: Open[], column: number): Open {
  const top = open.at(-1);
  if (top && !top.isList && top.column === column) return top;
  const mapping: Open = { column, path: pathOf(top), isList: false, at: '', entry: entryAt([], { start: 0, end: 0 }) };
  open.push(mapping);
  return mapping;
}

const pathOf = (open: Open | undefined): Path => (open ? [...open.path, open.at] : []);
const unquoted = (key: string): string => (/^["']/.test(key) ? key.slice(1, -1) : key);
const entryAt = (path: Path, { start, end }: Span): Entry => ({ path, start, end, value: { start: end, end } });

/** What stands behind the key or the dash. */
function fill({ text, found, open }: Noting, entry: Entry, { line, start, end }: Span & { line: YamlLine }): void {
  for (const one of open) one.entry.end = end;
  const from = start + line.valueColumn;
  if (/^[[{]/.test(line.value)) {
    entry.value = { start: from, end: Math.min(noteFlow({ text, end, found }, from, entry.path), end) };
    return;
  }
  const quoted = /^["']/.test(line.value) ? quotedEnd(line.value) : 0;
  const plain = line.value.replace(/(?:^|\s)#.*$/, '');
  const [head, length] = quoted > 0 ? [1, quoted - 2] : quoted === -1 ? [1, line.value.length - 1] : [0, plain.length];
  const behind = line.value === '' ? Math.min(from, start + line.valueColumn) : from + head;
  entry.value = { start: behind, end: behind + Math.max(0, length) };
  if (!isBlockHeader(line.value)) entry.word = text.slice(entry.value.start, entry.value.end);
}
