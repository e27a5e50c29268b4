import { codeAt, endOfComment, endOfString, endOfWord, KIND, kindAt, skipTrivia, stringAt } from './cursor.ts';
import { scanDocComment } from './jsdoc.ts';
import type { Reference } from './reference.ts';

/** In JavaScript the compiler also reads types in JSDoc comments. */
export const scanJavaScript = (text: string): Reference[] => scan(text, true);
export const scanTypeScript = (text: string): Reference[] => scan(text, false);

interface Reading {
  text: string;
  at: number;
  found: Reference[];
  docs: boolean;
  /** Whether a `/` here would divide: the last token was a value. */
  value: boolean;
  /** Where the last word begins, where it was the last token: `return /x/` begins an expression. */
  word: number;
  /** For each open bracket what it is when it closes. */
  brackets: number[];
  /** Where the outermost open template began; -1 outside of any. */
  template: number;
  /** How many templates are open. */
  templates: number;
  /** A back-tick that nothing closes (text in JSX) is a letter, and so are all after it. */
  ticks: boolean;
  /** A `/*` that nothing closes is no comment, and so are all after it. */
  comments: boolean;
}

/** Whether a value ends with a bracket: `if (…)` is none. In a template its text goes on. */
const BRACKET = { none: 0, value: 1, template: 2 } as const;

/** Reads tokens as far as the last word that can matter: imports mostly stand at the top. */
function scan(text: string, docs: boolean): Reference[] {
  const end = lastMention(text, docs);
  const found: Reference[] = [];
  if (end === -1) return found;
  const fresh = { value: false, word: -1, brackets: [], template: -1, templates: 0, ticks: true, comments: true };
  const reading: Reading = { text, at: hashBang(text), found, docs, ...fresh };
  while (reading.at <= end) {
    step(reading);
    if (reading.at > end && reading.templates > 0 && !text.includes('`', reading.at)) reopen(reading);
  }
  return found;
}

const hashBang = (text: string): number => (text.startsWith('#!') ? Math.max(text.indexOf('\n'), 0) : 0);

/** Where the last `import`, `require(` or `from "` begins that may be code, or is read in comments too; -1 without any. */
const lastMention = (text: string, docs: boolean): number =>
  Math.max(last(text, IMPORT, docs), last(text, REQUIRE, docs), last(text, FROM, docs));

/** A word, the end of it that is looked for, and what may follow. */
interface Sought {
  word: string;
  /** The engine goes from one first letter to the next: with a rare one it has done many times sooner. */
  end: string;
  fits: (next: number) => boolean;
}

const IMPORT: Sought = { word: 'import', end: 'mport', fits: () => true };
const REQUIRE: Sought = { word: 'require', end: 'quire', fits: (code) => code === 40 || code === 47 };
const FROM: Sought = { word: 'from', end: 'from', fits: (code) => code === 34 || code === 39 || code === 47 };

/** Looked for forwards: that is many times faster than backwards. */
function last(text: string, { word, end, fits }: Sought, docs: boolean): number {
  const before = word.length - end.length;
  let found = -1;
  for (let at = text.indexOf(end); at !== -1; at = text.indexOf(end, at)) {
    const begin = at - before;
    at += end.length;
    if (before > 0 && !text.startsWith(word, begin)) continue;
    let next = at;
    while (kindAt(text, next) === KIND.space) next += 1;
    if (!fits(codeAt(text, next))) continue;
    const comment = docs ? begin : endOfDocComment(text, begin);
    if (comment === begin) found = begin;
    else at = comment;
  }
  return found;
}

/**
 * Where the comment ends in which this stands, where it is one of those whose lines begin with a star: examples in them tell
 * how to import. `at` itself where that is not certain.
 */
function endOfDocComment(text: string, at: number): number {
  const near = text.slice(Math.max(0, at - FAR), at);
  const isStarred = STARRED.test(near.slice(near.lastIndexOf('\n') + 1));
  const opening = isStarred ? near.lastIndexOf('/**') : -1;
  if (opening === -1) return at;
  const from = at - near.length + opening;
  const end = endOfComment(text, from, at + FAR);
  if (end < at) return at;
  const comment = text.slice(text.lastIndexOf('\n', from) + 1, end);
  return DOC_COMMENT.test(comment) && !comment.includes('${') ? end : at;
}

/** Few comments have more above or below their first example, and no text takes longer than its length. */
const FAR = 4000;

const STARRED = /^\s*\*/;
const DOC_COMMENT = /^\s*\/\*\*[^\n]*(?:\n\s*\*[^\n]*)*$/;

/** Goes back to where the template began and takes its back-tick for a letter. At most once in a text. */
function reopen(reading: Reading): void {
  reading.at = reading.template + 1;
  reading.template = -1;
  reading.templates = 0;
  reading.brackets = [];
  reading.ticks = false;
}

function step(reading: Reading): void {
  const { text, at } = reading;
  switch (kindAt(text, at)) {
    case KIND.space:
      reading.at += 1;
      return;
    case KIND.word:
      return readWord(reading);
    case KIND.quote:
      return token(reading, endOfString(text, at), true);
    case KIND.tick:
      return reading.ticks ? beginTemplate(reading) : token(reading, at + 1, true);
    case KIND.slash:
      return readSlash(reading);
    case KIND.open:
      return open(reading);
    case KIND.close:
      return close(reading);
    default:
      return token(reading, at + 1, false);
  }
}

function token(reading: Reading, end: number, value: boolean): void {
  reading.at = end;
  reading.value = value;
  reading.word = -1;
}

function open(reading: Reading): void {
  const { text, at, word } = reading;
  const isHead = word >= 0 && text.charCodeAt(at) === 40 && HEADS.has(wordAt(text, word));
  reading.brackets.push(isHead ? BRACKET.none : BRACKET.value);
  token(reading, at + 1, false);
}

const HEADS = new Set(['if', 'while', 'for', 'with']);

const wordAt = (text: string, at: number): string => text.slice(at, endOfWord(text, at));

function close(reading: Reading): void {
  const bracket = reading.brackets.pop();
  if (bracket === BRACKET.template) readTemplate(reading, reading.at + 1);
  else token(reading, reading.at + 1, bracket !== BRACKET.none);
}

function beginTemplate(reading: Reading): void {
  if (reading.templates === 0) reading.template = reading.at;
  reading.templates += 1;
  readTemplate(reading, reading.at + 1);
}

/** The text of a template from here to its end or to the next `${`. */
function readTemplate(reading: Reading, from: number): void {
  const { text } = reading;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 96) {
      reading.templates -= 1;
      return token(reading, at + 1, true);
    }
    if (code === 92) at += 1;
    else if (code === 36 && codeAt(text, at + 1) === 123) {
      reading.brackets.push(BRACKET.template);
      return token(reading, at + 2, false);
    }
  }
  reopen(reading);
}

/** A comment, a regular expression or a division. */
function readSlash(reading: Reading): void {
  const { text, at } = reading;
  const comment = reading.comments || codeAt(text, at + 1) === 47 ? endOfComment(text, at) : at;
  if (comment > at) return readComment(reading, comment);
  if (codeAt(text, at + 1) === 42) reading.comments = false;
  const divides = reading.value ? !beginsExpression(reading) : codeAt(text, at - 1) === 60;
  const end = divides ? at + 1 : endOfRegExp(text, at);
  token(reading, end, end > at + 1);
}

function readComment(reading: Reading, end: number): void {
  if (reading.docs && reading.text.startsWith('/**', reading.at))
    reading.found.push(...scanDocComment(reading.text.slice(reading.at, end)));
  reading.at = end;
}

const beginsExpression = ({ text, word }: Reading): boolean => word >= 0 && BEFORE_EXPRESSION.has(wordAt(text, word));

const BEFORE_EXPRESSION = new Set(
  'return typeof case do else in of instanceof new delete void throw yield await default extends'.split(' '),
);

/** Just past the closing slash; just past the first where the line has no other: then it was no regular expression. */
function endOfRegExp(text: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10) break;
    if (code === 92) at += 1;
    else if (code === 91) inClass = true;
    else if (code === 93) inClass = false;
    else if (code === 47 && !inClass) return at + 1;
  }
  return from + 1;
}

function readWord(reading: Reading): void {
  const { text, at } = reading;
  const end = endOfWord(text, at);
  token(reading, end, true);
  reading.word = at;
  const word = mentionAt(text, at, end);
  if (word === undefined) return;
  const isMember = codeAt(text, at - 1) === 46 && codeAt(text, at - 2) !== 46;
  const read = isMember ? undefined : specifierAfter(text, end, word);
  if (read === undefined) return;
  reading.found.push({ kind: word === 'require' ? 'require' : 'import', specifier: read.value });
  token(reading, read.end, true);
}

type Mention = 'import' | 'export' | 'require';

/** Most words are told apart by their length or first letter. */
function mentionAt(text: string, at: number, end: number): Mention | undefined {
  const length = end - at;
  if (length !== 6 && length !== 7) return undefined;
  const first = codeAt(text, at);
  if (first === 105) return length === 6 && text.startsWith('import', at) ? 'import' : undefined;
  if (first === 101) return length === 6 && text.startsWith('export', at) ? 'export' : undefined;
  return first === 114 && length === 7 && text.startsWith('require', at) ? 'require' : undefined;
}

function specifierAfter(text: string, end: number, word: Mention): Read {
  const next = afterPhase(text, skipTrivia(text, end), word);
  if (text[next] === '(' && word !== 'export') return argument(text, next + 1);
  return word === 'require' ? undefined : clause(text, next, word);
}

/** `import.defer(` and `import.source(` are calls like `import(`. */
function afterPhase(text: string, at: number, word: Mention): number {
  const phase =
    word === 'import' && text[at] === '.'
      ? /^\.\s{0,9}(?:defer|source)\s{0,9}(?=\()/u.exec(text.slice(at, at + 30))
      : null;
  return at + (phase?.[0].length ?? 0);
}

type Read = { value: string; end: number } | undefined;

/** The first argument of a call, where it is a string and nothing is added to it. */
function argument(text: string, from: number): Read {
  const read = stringAt(text, skipTrivia(text, from));
  if (read === undefined) return undefined;
  const next = text[skipTrivia(text, read.end)];
  return next === ')' || next === ',' ? read : undefined;
}

/** `'x'`, `a, { b as c } from 'x'`, `type * as d from 'x'`. Whatever else stands there ends it. */
function clause(text: string, from: number, word: string): Read {
  if (word === 'import' && kindAt(text, from) === KIND.quote) return stringAt(text, from);
  for (let at = from, words = 0; at !== -1 && words < MANY; words += 1) {
    if (kindAt(text, at) !== KIND.word) at = pastNames(text, at);
    else {
      const end = endOfWord(text, at);
      const here = text.slice(at, end);
      at = skipTrivia(text, end);
      if (here === 'from' && kindAt(text, at) === KIND.quote) return stringAt(text, at);
      if (here === 'as' && kindAt(text, at) === KIND.quote) at = skipTrivia(text, endOfString(text, at));
      if (here === 'import' || here === 'export') return undefined;
    }
  }
  return undefined;
}

/** No import has more words, commas, stars and lists in braces than this. */
const MANY = 12;

/** Past `,`, `*` or `{ a, b as "c" }` and the white space that follows; -1 where anything else stands. */
function pastNames(text: string, from: number): number {
  const character = text[from];
  if (character === ',' || character === '*') return skipTrivia(text, from + 1);
  if (character !== '{') return -1;
  for (let at = skipTrivia(text, from + 1); ; at = skipTrivia(text, at)) {
    const kind = kindAt(text, at);
    if (kind === KIND.word) at = endOfWord(text, at);
    else if (kind === KIND.quote) at = endOfString(text, at);
    else if (text[at] === ',') at += 1;
    else return text[at] === '}' ? skipTrivia(text, at + 1) : -1;
  }
}
