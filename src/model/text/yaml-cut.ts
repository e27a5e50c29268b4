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
export function cutYaml(text: string): readonly Piece[] | undefined {
  if (QUESTION.test(text)) return undefined;
  const cut: Cutting = { text, pieces: [], list: undefined };
  let line = 0;
  let hasStart = false;
  for (let at = 0; at < text.length; line += 1) {
    const begins = beginningAt(cut, at);
    if (begins === 'unknown') {
      // One line `---` may stand before everything else.
      if (hasStart || cut.pieces.length > 0 || !matches(START, text, at)) return undefined;
      hasStart = true;
    } else if (begins !== 'nothing') {
      cut.pieces.push({ kind: begins, text: '', start: at, line });
    }
    const end = text.indexOf('\n', at);
    at = end === -1 ? text.length : end + 1;
  }
  return closed(cut);
}

interface Cutting {
  text: string;
  pieces: Piece[];
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

/** The first piece has what stands before it, too. */
function closed({ text, pieces }: Cutting): readonly Piece[] | undefined {
  if (pieces.length === 0) return undefined;
  return pieces.map(({ kind, start, line }, i) => {
    const from = i === 0 ? { start: 0, line: 0 } : { start, line };
    return { kind, text: text.slice(from.start, pieces[i + 1]?.start), ...from };
  });
}
