import type { ProblemMatcher, ProblemPattern } from '../model/gate.ts';
import { type Problem, type Range, type Severity, at } from '../model/text/problem.ts';
import { inTree } from './place.ts';

/**
 * Problem matchers with the meaning they have in VS Code's tasks: each matcher looks at every line; the patterns of
 * one with several must match lines that follow each other; a last pattern with `loop` goes on matching. Longer lines
 * than 2,000 characters are no compiler's message and are passed over.
 */
export function matchLines(lines: readonly string[], matcher: ProblemMatcher, root: string, found: Problem[]): void {
  const patterns = (isList(matcher.pattern) ? matcher.pattern : [matcher.pattern]).map(compile);
  const last = patterns.at(-1);
  if (!last) return;
  for (let i = 0; i < lines.length;) {
    const data = matchAll(lines, i, patterns);
    if (!data) {
      i += 1;
      continue;
    }
    add(found, data, matcher, root);
    i += patterns.length;
    if (last.loop) i = matchMore(lines, i, { last, data, matcher, root, found });
  }
}

/** At most this many problems of one gate are kept. */
export const MOST_PROBLEMS = 200;
const LONGEST_LINE = 2_000;

type Field = 'file' | 'line' | 'column' | 'endLine' | 'endColumn' | 'location' | 'severity' | 'code' | 'message';
type Data = Partial<Record<Field, string>> & { kind: 'file' | 'location' };

interface Compiled extends Omit<ProblemPattern, 'regexp'> {
  regexp: RegExp;
}

const isList = (pattern: ProblemMatcher['pattern']): pattern is readonly ProblemPattern[] => Array.isArray(pattern);

/** VS Code's defaults for a matcher of one pattern: the groups are file, line, column; the message is the whole. */
function compile(pattern: ProblemPattern, _: number, all: readonly ProblemPattern[]): Compiled {
  const regexp = new RegExp(pattern.regexp);
  if (all.length > 1) return { ...pattern, regexp };
  const placed = pattern.kind === 'file' || pattern.location !== undefined || pattern.line !== undefined;
  return { file: 1, ...(placed ? {} : { line: 2, column: 3 }), message: 0, ...pattern, regexp };
}

function matchAll(lines: readonly string[], start: number, patterns: readonly Compiled[]): Data | undefined {
  const data: Data = { kind: patterns[0]?.kind ?? 'location' };
  for (const [i, pattern] of patterns.entries()) {
    if (!fill(data, pattern, lines[start + i])) return undefined;
  }
  return data;
}

interface Loop {
  last: Compiled;
  data: Data;
  matcher: ProblemMatcher;
  root: string;
  found: Problem[];
}

function matchMore(lines: readonly string[], start: number, { last, data, matcher, root, found }: Loop): number {
  const shared: Data = { ...data };
  for (const field of FIELDS) if (last[field] !== undefined) delete shared[field];
  let i = start;
  for (; i < lines.length; i += 1) {
    const next = { ...shared };
    if (!fill(next, last, lines[i])) break;
    add(found, next, matcher, root);
  }
  return i;
}

const FIELDS: readonly Field[] = [
  'file',
  'line',
  'column',
  'endLine',
  'endColumn',
  'location',
  'severity',
  'code',
  'message',
];

/** What a later pattern says of a message is put below what an earlier one said; of the rest the first counts. */
function fill(data: Data, pattern: Compiled, line: string | undefined): boolean {
  const match = line === undefined || line.length > LONGEST_LINE ? null : pattern.regexp.exec(line);
  if (!match) return false;
  for (const field of FIELDS) {
    const group = pattern[field];
    const text = group === undefined ? undefined : match[group]?.trim();
    if (text === undefined) continue;
    if (field === 'message' && data.message !== undefined) data.message += `\n${text}`;
    else data[field] ??= text;
  }
  return true;
}

function add(found: Problem[], data: Data, matcher: ProblemMatcher, root: string): void {
  const range = rangeOf(data);
  // As in VS Code: without a file, a place and words there is no problem.
  if (data.file === undefined || data.message === undefined || !range) return;
  const file = inTree(data.file, root, baseOf(matcher));
  const severity = severityOf(data.severity) ?? matcher.severity ?? 'error';
  found.push({
    ...(file === undefined ? {} : { file }),
    range: file === undefined ? at(1) : range,
    severity,
    message: data.message,
    ...(data.code ? { code: data.code } : {}),
  });
}

const baseOf = ({ fileLocation }: ProblemMatcher): string | undefined =>
  typeof fileLocation === 'object' ? fileLocation[1] : undefined;

function rangeOf(data: Data): Range | undefined {
  if (data.kind === 'file') return at(1);
  if (data.location === undefined) return rangeFrom(data.line, data.column, data.endLine, data.endColumn);
  const [line, column, endLine, endColumn] = data.location.replaceAll(/[()\s]/g, '').split(',');
  return rangeFrom(line, column, endColumn === undefined ? undefined : endLine, endColumn);
}

function rangeFrom(...words: readonly (string | undefined)[]): Range | undefined {
  const [line, column, endLine, endColumn] = words.map((word) => (word ? Number.parseInt(word, 10) : Number.NaN));
  if (line === undefined || !Number.isFinite(line)) return undefined;
  const start = { line: Math.max(line, 1), column: Math.max(column || 1, 1) };
  if (!endColumn) return at(start.line, start.column);
  return { ...start, endLine: Math.max(endLine || start.line, start.line), endColumn };
}

/** The words compilers use, and the single letters of linters. */
function severityOf(word: string | undefined): Severity | undefined {
  const plain = word?.toLowerCase();
  if (plain === undefined) return undefined;
  if (plain === 'e' || plain.endsWith('error')) return 'error';
  if (plain === 'w' || plain.startsWith('warn')) return 'warning';
  return plain === 'i' || plain === 'info' || plain === 'note' || plain === 'hint' || plain === 'help'
    ? 'info'
    : undefined;
}
