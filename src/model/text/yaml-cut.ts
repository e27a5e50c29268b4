/** A piece of a YAML text that can be read by itself: whole lines, from a key at the top or an item of its list on. */
export interface Piece {
  kind: 'entry' | 'item';
  text: string;
  /** Characters and lines of the text before it. */
  start: number;
  line: number;
}

const KEY = /[A-Za-z_][\w-]*:(?=[ \t\r\n]|$)/y;
/** A key that is more than a name: what is read after it is not certain. */
const QUESTION = /^[ -]*\?(?:[ \t\r]|$)/m;
/** A key with nothing but a comment behind it: a list may stand below. */
const BARE = /[A-Za-z_][\w-]*:[ \t]*(?:(?<=[ \t])#.*)?\r?(?:\n|$)/y;
const NOTHING = /[ \t]*(?:#.*)?\r?(?:\n|$)/y;
const DASH = / *-(?=[ \r\n]|$)/y;
const START = /---[ \t]*(?:#.*)?\r?(?:\n|$)/y;
/** A word that someone may be writing: where it is a mistake it is one of its piece alone. */
const WORD = /\w/y;

/**
 * Cuts a text into its entries at the top, and a list below one of them into its items. Inside a value the lines of
 * block YAML stand further in than what it belongs to, so that a key at the left edge, and a dash at the column of the
 * list's first, begin something new whatever stands above them. Undefined for a text that may be anything else: in
 * brackets, of several documents, with keys that are more than a name.
 */
export function cutYaml(text: string): readonly Cut[] | undefined {
  return mayBeCut(text) ? cutOn({ text, pieces: [], list: undefined, at: 0, line: 0, isPart: false }) : undefined;
}

/** Whether these lines have no key that is more than a name. */
export const mayBeCut = (lines: string): boolean => !QUESTION.test(lines);

/** A piece, and what was open above the line that begins it. */
export interface Cut extends Piece {
  above: Cutting['list'];
}

/** The pieces from a line on that were cut before, where the same is open above it as was then. */
export type Tail = (cut: Cutting) => readonly Cut[] | undefined;

/** Goes on from the beginning of a line to the end, or to where the rest is known. */
export function cutOn(cut: Cutting, tail?: Tail): readonly Cut[] | undefined {
  const { text, pieces } = cut;
  let hasStart = false;
  for (; cut.at < text.length; cut.line += 1) {
    const rest = tail?.(cut);
    if (rest) return closed(cut, rest);
    const { list: above, at: start, line } = cut;
    const begins = beginningAt(cut, start);
    if (begins === 'unknown') {
      // One line `---` may stand before everything else.
      if (hasStart || pieces.length > 0 || !matches(START, text, start)) return undefined;
      hasStart = true;
    } else if (begins !== 'nothing') {
      pieces.push({ kind: begins, text: '', start, line, above });
    }
    const end = text.indexOf('\n', start);
    cut.at = end === -1 ? text.length : end + 1;
  }
  return closed(cut, []);
}

/** A text that is cut up to the line at an offset. */
export interface Cutting {
  text: string;
  at: number;
  line: number;
  pieces: Cut[];
  /** Most pieces are of an earlier version: a new one keeps a copy of its own, or all of this version would stay. */
  isPart: boolean;
  /** The column of the list that is open; 'due' directly below a key that may have one. */
  list: number | 'due' | undefined;
}

/** What the line at an offset begins. */
function beginningAt(cut: Cutting, at: number): Piece['kind'] | 'nothing' | 'unknown' {
  const { text } = cut;
  if (matches(KEY, text, at)) {
    cut.list = matches(BARE, text, at) ? 'due' : undefined;
    return 'entry';
  }
  return matches(NOTHING, text, at) ? 'nothing' : beginningBelow(cut, at);
}

/** The same of a line that is no entry of its own. */
function beginningBelow(cut: Cutting, at: number): 'item' | 'nothing' | 'unknown' {
  const { text } = cut;
  const column = columnOfDash(text, at);
  if (cut.list === 'due') cut.list = column;
  if (column !== undefined && column === cut.list) return 'item';
  if (typeof cut.list === 'number' && indentOf(text, at) <= cut.list) return 'unknown';
  const isInside = /[ \t]/.test(text[at] ?? '') || matches(WORD, text, at);
  return isInside && cut.pieces.length > 0 ? 'nothing' : 'unknown';
}

function indentOf(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ') end += 1;
  return end - at;
}

function columnOfDash(text: string, at: number): number | undefined {
  return matches(DASH, text, at) ? DASH.lastIndex - at - 1 : undefined;
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** The first piece has what stands before it, too; those that have their text keep it. */
function closed({ text, pieces, isPart }: Cutting, rest: readonly Cut[]): readonly Cut[] | undefined {
  const all = [...pieces, ...rest];
  if (all.length === 0) return undefined;
  return all.map((piece, i) => {
    if (piece.text !== '') return piece;
    const from = i === 0 ? { start: 0, line: 0 } : { start: piece.start, line: piece.line };
    const own = text.slice(from.start, all[i + 1]?.start);
    return { ...piece, ...from, text: isPart ? copyOf(own) : own };
  });
}

/** A part of a text keeps all of that text in memory. */
export const copyOf = (part: string): string => Buffer.from(part, 'utf16le').toString('utf16le');
