import {
  bracketEnd,
  isBlockHeader,
  linesInside,
  parentColumn,
  quotedEnd,
  sentenceKeyLength,
  takeApart,
  type YamlLine,
} from './yaml-lines.ts';

/** A repair at a place, both from 0. */
export interface Repair {
  line: number;
  column: number;
  message: string;
  /** The last line it is about. */
  lastLine?: number;
}

/** Puts the texts in quotes that YAML would not take, in place, line by line. Texts of `|` and `>` are left alone. */
export function repairScalars(lines: string[], repairs: Repair[]): void {
  for (let i = 0; i < lines.length; i += 1) {
    const line = takeApart(lines[i] ?? '');
    if (line) i += repairLine({ lines, repairs, i, line });
  }
}

interface Spot {
  lines: string[];
  repairs: Repair[];
  i: number;
  line: YamlLine;
}

/** Returns how many further lines belong to this value. */
function repairLine(spot: Spot): number {
  const { lines, i, line } = spot;
  const { value } = line;
  if (value === '') return 0;
  const inside = linesInside(lines, i, parentColumn(line));
  if (isBlockHeader(value)) return inside;
  if (value.startsWith('"') || value.startsWith("'")) return repairQuoted(spot, inside);
  if (value.startsWith('[') || value.startsWith('{')) return repairBrackets(spot, inside);
  return repairPlain(spot, inside);
}

function repairQuoted(spot: Spot, inside: number): number {
  const { i, line } = spot;
  const whole = textOf(spot, inside);
  const end = quotedEnd(whole);
  // A key in quotes is no value.
  if (end !== -1 && line.key === undefined && /^\s*:(?:\s|$)/.test(whole.slice(end))) return 0;
  const isAlone = end !== -1 && /^\s*(?:#.*)?(?:\n|$)/.test(whole.slice(end));
  if (!isAlone) return quote(spot, inside);
  const below = whole.slice(0, end).split('\n').length - 1;
  if (line.value.startsWith('"'))
    for (let n = 0; n <= below; n += 1) escapeAgain(spot, i + n, n === 0 ? line.valueColumn : 0);
  return below;
}

const BAD_ESCAPE = /\\(?:[0abtnvfre "/\\N_LP\t]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|$)|(\\)/g;

/** In a text with one bad escape no backslash was meant as an escape, but before a quote or a backslash. */
function escapeAgain({ lines, repairs }: Spot, index: number, from: number): void {
  const text = lines[index] ?? '';
  const tail = text.slice(from);
  const bad = [...tail.matchAll(BAD_ESCAPE)].find(([, escape]) => escape !== undefined);
  if (!bad) return;
  const column = from + bad.index;
  lines[index] =
    text.slice(0, from) + tail.replaceAll(/\\(["\\])|\\/g, (escape, kept) => (kept === undefined ? '\\\\' : escape));
  repairs.push({
    line: index,
    column,
    message: 'Backslashes in double quotes that escape nothing are read as backslashes.',
  });
}

function repairBrackets(spot: Spot, inside: number): number {
  const whole = textOf(spot, inside);
  const end = bracketEnd(whole);
  if (end === -1) return quote(spot, 0);
  const rest = whole.slice(end);
  if (/^\s*(?:#.*)?(?:\n|$)/.test(rest)) return whole.slice(0, end).split('\n').length - 1;
  return quote(spot, inside);
}

/** The value with the lines below that belong to it. */
function textOf({ lines, i, line }: Spot, inside: number): string {
  return [line.value, ...lines.slice(i + 1, i + 1 + inside)].join('\n');
}

function repairPlain(spot: Spot, inside: number): number {
  const { line } = spot;
  const key = line.key === undefined ? sentenceKeyLength(line.value) : 0;
  if (line.key === undefined && !line.isItem) return repairLooseKey(spot, inside);
  if (key > 0) return repairSentence(spot, inside, key);
  return isRisky(textOf(spot, inside)) ? quote(spot, inside) : inside;
}

/** `- Some words: more` is a mapping; with entries beside it, it is meant as one. */
function repairSentence(spot: Spot, inside: number, key: number): number {
  const { lines, i, line } = spot;
  const rest = line.value.slice(key);
  const below = inside > 0 ? takeApart(lines[i + 1] ?? '') : undefined;
  const isMapping = below?.key !== undefined && below.indent === line.column;
  if (isMapping) return isRisky(rest) ? quote({ ...spot, line: behindKey(line, key) }, 0) : 0;
  if (isBlockHeader(rest)) return inside;
  const isWrong =
    (rest !== '' && (isRisky(rest) || isBroken(rest))) || isRisky(lines.slice(i + 1, i + 1 + inside).join('\n'));
  return isWrong ? quote(spot, inside) : 0;
}

/** A key of several words outside a list. */
function repairLooseKey(spot: Spot, inside: number): number {
  const { line } = spot;
  const key = sentenceKeyLength(line.value);
  const rest = line.value.slice(key);
  if (key === 0 || rest === '') return 0;
  if (isBlockHeader(rest)) return inside;
  return isRisky(rest) || isBroken(rest) ? quote({ ...spot, line: behindKey(line, key) }, 0) : 0;
}

const behindKey = (line: YamlLine, key: number): YamlLine => ({
  ...line,
  value: line.value.slice(key),
  valueColumn: line.valueColumn + key,
});

/** A plain text that YAML would read as something else or not at all. */
const isRisky = (text: string): boolean =>
  /^(?:[`@%|>,\]}]|[&!](?![\w!<]))/.test(text) ||
  /^\*(?![\w-]+\s*$)/.test(text) ||
  /^[-?:] /.test(text) ||
  /:(?:[ \t]|$)/m.test(withoutComment(text));

/** Starts in quotes or brackets and goes on behind them, or never ends. */
function isBroken(text: string): boolean {
  const end = /^["']/.test(text) ? quotedEnd(text) : /^[[{]/.test(text) ? bracketEnd(text) : text.length;
  return end === -1 || !/^\s*(?:#.*)?$/.test(text.slice(end));
}

const withoutComment = (text: string): string => text.replace(/(?<![ \t])[ \t]+# .*$/m, '');

/** Puts the value at a spot in single quotes, over `below` further lines; returns how many. */
function quote({ lines, repairs, i, line }: Spot, below: number): number {
  // Entries below a text may stand too far in instead: that is not for us to say.
  if (lines.slice(i + 1, i + 1 + below).some(isEntry)) return 0;
  const comment = below === 0 ? line.value.search(/(?<![ \t])[ \t]+# /) : -1;
  const value = comment === -1 ? line.value : line.value.slice(0, comment);
  const first = lines[i] ?? '';
  const tail = first.slice(line.valueColumn + value.length);
  lines[i] = `${first.slice(0, line.valueColumn)}'${doubled(value)}${below === 0 ? "'" : ''}${tail}`;
  for (let n = 1; n <= below; n += 1) {
    const text = lines[i + n] ?? '';
    const body = text.trimEnd();
    lines[i + n] = doubled(body) + (n === below ? "'" : '') + text.slice(body.length);
  }
  const message = `Read as if in quotes: ${shown(line.value)}`;
  repairs.push({ line: i, column: line.valueColumn, lastLine: i + below, message });
  return below;
}

function isEntry(text: string): boolean {
  const part = takeApart(text);
  return part !== undefined && (part.isItem || part.key !== undefined);
}

const doubled = (text: string): string => text.replaceAll("'", "''");

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** An anchor, a tag, or the name of an anchor that is there: YAML that was meant. */
function isReference(lines: readonly string[], value: string): boolean {
  if (/^[&!]/.test(value)) return true;
  const name = /^\*([\w-]+)$/.exec(value)?.[1];
  return name !== undefined && lines.some((line) => line.includes(`&${name}`));
}

/** The second way: what the parser stumbled over on a line is quoted, if it can be; says whether it was. */
export function quoteAt(lines: string[], i: number, repairs: Repair[]): boolean {
  const line = takeApart(lines[i] ?? '');
  if (!line || !mayBeQuoted(line) || isReference(lines, line.value)) return false;
  const inside = linesInside(lines, i, parentColumn(line));
  if (inside > 0 && /^[[{]/.test(line.value)) return false;
  const before = repairs.length;
  quote({ lines, repairs, i, line }, inside);
  return repairs.length > before;
}

function mayBeQuoted({ value, key, isItem }: YamlLine): boolean {
  if (value === '' || isBlockHeader(value) || value.startsWith("'")) return false;
  return (key !== undefined || isItem) && !(value.startsWith('"') && quotedEnd(value) === value.length);
}
