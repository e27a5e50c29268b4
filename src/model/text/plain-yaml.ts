import type { Path } from './problem.ts';

/**
 * The fast way through large plans. It reads the part of YAML that programs write: block mappings and lists, one-line
 * scalars, `[a, b]`, `|` texts. At anything else (anchors, tabs, folded texts, a comment behind a value, …) it gives
 * up, and the library reads the text from the start. So it decides nothing: what it returns is what the library would,
 * twenty times sooner; a property test holds it to that.
 */
export function readPlainYaml(text: string, visit?: Visit): { value: unknown } | undefined {
  if (hasOddSpace(text) || !text.endsWith('\n')) return undefined;
  const source: Source = { text, offset: 0, line: '', indent: -1, path: [], visit, key: '', after: new Map() };
  goTo(source, 0);
  try {
    skipBlank(source);
    const { indent } = source;
    if (indent === -1 || startsItem(source, indent)) return undefined;
    const value = readMapping(source, indent);
    return isAtEnd(source) ? { value } : undefined;
  } catch (error) {
    if (error === GIVING_UP) return undefined;
    throw error;
  }
}

/**
 * Told of each key and each item of a list: where key and value begin and the value ends, as offsets. A value that
 * does not stand on its key's line is undefined, and its place is the key's. The path is reused: copy it to keep it.
 */
export type Visit = (path: Path, place: Entry, value: unknown) => void;
export interface Entry {
  key: number;
  start: number;
  end: number;
}

/** `line` stands at `offset`, its first character that is no space at `indent`, -1 without any; `path` leads to the value being read; `after` says which key came after which. */
interface Source {
  readonly text: string;
  offset: number;
  line: string;
  indent: number;
  path: (string | number)[];
  visit: Visit | undefined;
  key: string;
  readonly after: Map<string, string>;
}

/** One for all: the trace of a new one costs more than what was read. */
const GIVING_UP = new Error('not plain');
const giveUp = (): never => {
  throw GIVING_UP;
};

/** Every blank but space and line end. Looking for one character after the other is many times faster than a pattern. */
const hasOddSpace = (text: string): boolean => ODD.some((blank) => text.includes(blank)) || ODD_AND_WIDE.test(text);
const ODD = ['\t', '\r', '\v', '\f', '\u0085', '\u00a0'];
const ODD_AND_WIDE = /[\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;

const DEEPEST = 50;

const isAtEnd = ({ offset, text }: Source): boolean => offset >= text.length;
const startsItem = (source: Source, indent: number): boolean =>
  source.indent === indent && source.line.startsWith('- ', indent);

const advance = (source: Source): void => goTo(source, source.offset + source.line.length + 1);

/** Lines are cut off one by one: a list of all of them would be kept alive to the end. */
function goTo(source: Source, offset: number): void {
  source.offset = offset;
  source.line = source.text.slice(offset, Math.max(offset, source.text.indexOf('\n', offset)));
  source.indent = indentIn(source.line);
}

function skipBlank(source: Source): void {
  while (!isAtEnd(source) && isBlank(source)) advance(source);
}

const isBlank = ({ line, indent }: Source): boolean => indent === -1 || line.charCodeAt(indent) === HASH;

const [SPACE, HASH, DASH, COLON, LOW_LINE] = [32, 35, 45, 58, 95];

/** Where the first character stands that is no space; -1 where there is none. Counting is faster than a pattern. */
function indentIn(line: string): number {
  let at = 0;
  while (at < line.length && line.charCodeAt(at) === SPACE) at += 1;
  return at === line.length ? -1 : at;
}

/** Where the key that begins at `column` ends, which is where its colon stands; undefined where there is none. */
function endOfKey(line: string, column: number): number | undefined {
  let end = column;
  while (isWord(line.charCodeAt(end)) || (end > column && line.charCodeAt(end) === DASH)) end += 1;
  if (end === column || isDigit(line.charCodeAt(column)) || line.charCodeAt(end) !== COLON) return undefined;
  return end + 1 === line.length || line.charCodeAt(end + 1) === SPACE ? end : undefined;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || isDigit(code) || code === LOW_LINE;

/** A mapping whose keys stand at `column`; the first may stand behind a `- `. */
function readMapping(source: Source, column: number): Record<string, unknown> {
  if (source.path.length > DEEPEST) giveUp();
  const mapping: Record<string, unknown> = {};
  for (let isFirst = true; isFirst || source.indent === column; isFirst = false) {
    // A `- ` at the column of the keys is the next item of a list around, where there is one.
    if (!isFirst && startsItem(source, column)) break;
    const line = source.line;
    const key = readKey(source, line, column);
    const end = column + key.length;
    if (key === '__proto__' || Object.hasOwn(mapping, key)) return giveUp();
    const rest = end + 1 === line.length ? undefined : line.slice(end + 2).trim() || giveUp();
    source.path.push(key);
    mapping[key] = readValue(source, column, { key, rest });
    source.path.pop();
  }
  if (source.indent > column) giveUp();
  return mapping;
}

/** Programs write the keys of each task in the same order: a key that is as foreseen need not be made a string again. */
function readKey(source: Source, line: string, column: number): string {
  const end = endOfKey(line, column) ?? giveUp();
  const foreseen = source.after.get(source.key);
  const key =
    foreseen?.length === end - column && line.startsWith(foreseen, column) ? foreseen : line.slice(column, end);
  if (key !== foreseen) source.after.set(source.key, key);
  source.key = key;
  return key;
}

function readValue(source: Source, column: number, { key, rest }: { key: string; rest: string | undefined }): unknown {
  const isText = rest === '|' || rest === '|-';
  if (rest === undefined || isText) {
    const place = source.offset + column;
    source.visit?.(source.path, { key: place, start: place, end: place + key.length }, undefined);
    return isText ? readText(source, column, rest === '|') : readBelow(source, column);
  }
  const value = oneLine(rest);
  if (source.visit) {
    const start = source.offset + source.line.indexOf(rest, column + key.length + 1);
    source.visit(source.path, { key: source.offset + column, start, end: start + rest.length }, value);
  }
  advance(source);
  skipBlank(source);
  if (source.indent > column) giveUp();
  return value;
}

/** What belongs to a key with nothing behind it: a list may stand at the key's own column. */
function readBelow(source: Source, column: number): unknown {
  advance(source);
  skipBlank(source);
  const { indent } = source;
  if (indent >= column && startsItem(source, indent)) return readList(source, indent);
  return indent > column ? readMapping(source, indent) : '';
}

function readList(source: Source, indent: number): unknown[] {
  const list: unknown[] = [];
  while (startsItem(source, indent)) {
    source.path.push(list.length);
    if (source.visit) {
      const start = source.offset + indent + 2;
      const end = source.offset + source.line.trimEnd().length;
      source.visit(source.path, { key: start, start, end }, undefined);
    }
    list.push(readItem(source, indent));
    source.path.pop();
  }
  if (source.indent > indent) giveUp();
  return list;
}

function readItem(source: Source, indent: number): unknown {
  const line = source.line;
  if (endOfKey(line, indent + 2) !== undefined) return readMapping(source, indent + 2);
  const rest = line.slice(indent + 2);
  const value = rest.startsWith(' ') ? giveUp() : oneLine(rest.trimEnd() || giveUp());
  advance(source);
  skipBlank(source);
  if (source.indent > indent) giveUp();
  return value;
}

/** A text under `|`: it ends at the first line that stands less deep, and keeps one line end, or none with `|-`. */
function readText(source: Source, column: number, keepsEnd: boolean): string {
  advance(source);
  const { indent } = source;
  if (indent <= column) return giveUp();
  const lines: string[] = [];
  for (; !isAtEnd(source); advance(source)) {
    if (source.indent !== -1 && source.indent < indent) break;
    lines.push(source.line.slice(indent));
  }
  if (source.indent > column || source.line.trimStart().startsWith('#')) giveUp();
  while (lines.at(-1) === '') lines.pop();
  if (lines.at(-1)?.trim() === '') giveUp();
  return lines.join('\n') + (keepsEnd ? '\n' : '');
}

const PLAIN = /^[\w./(<=+$;^~\\\p{L}\p{N}]/u;
/** Most words and sentences: nothing in them could be anything else. */
const SIMPLE = /^\w[\w ./(),+-]*$/;
const WORD = /^[\w.][\w./+-]*$/;

function oneLine(text: string): unknown {
  if (SIMPLE.test(text)) return text;
  if (text === '[]') return [];
  if (text === '{}') return {};
  if (text.startsWith('[') && text.endsWith(']')) return text.slice(1, -1).split(',').map(flowWord);
  const quoted = /^"([^"\\]*)"$|^'([^']*)'$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? '';
  if (!PLAIN.test(text) || /: | #|:$/.test(text) || /^\.\.\.$|^---$/.test(text)) return giveUp();
  return text;
}

function flowWord(text: string): string {
  const word = text.trim();
  return WORD.test(word) && word !== '...' ? word : giveUp();
}
