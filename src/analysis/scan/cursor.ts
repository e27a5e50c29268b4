/** What a character is to a reader of JavaScript. */
export const KIND = { other: 0, space: 1, word: 2, quote: 3, tick: 4, slash: 5, open: 6, close: 7, dot: 8 } as const;

/** One for each code unit; letters beyond ASCII are words, the wide spaces among them too: nothing hangs on it. */
const KINDS = new Uint8Array(0x1_0000).fill(KIND.word, 128);
for (let code = 1; code <= 32; code += 1) KINDS[code] = KIND.space;
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$#@')
  KINDS[character.charCodeAt(0)] = KIND.word;
for (const character of `'"`) KINDS[character.charCodeAt(0)] = KIND.quote;
for (const character of '({[') KINDS[character.charCodeAt(0)] = KIND.open;
for (const character of ')}]') KINDS[character.charCodeAt(0)] = KIND.close;
KINDS[96] = KIND.tick;
KINDS[47] = KIND.slash;
KINDS[46] = KIND.dot;

/** 0 before the beginning and past the end: to ask for what is not there costs the engine what it has compiled. */
export const codeAt = (text: string, at: number): number => (at >= 0 && at < text.length ? text.charCodeAt(at) : 0);

/** Past the end it is as if the line ended. */
export const kindAt = (text: string, at: number): number => KINDS[codeAt(text, at)] ?? 0;

export function endOfWord(text: string, from: number): number {
  let at = from + 1;
  while (kindAt(text, at) === KIND.word) at += 1;
  return at;
}

/** Just past the closing quote; at the line's end where there is none. A backslash takes the next character along. */
export function endOfString(text: string, from: number): number {
  const quote = text.charCodeAt(from);
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === 10) return at;
    if (code === 92) at += 1;
  }
  return text.length;
}

/** Past white space and comments. */
export function skipTrivia(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (kindAt(text, at) === KIND.space) at += 1;
    if (codeAt(text, at) !== 47) return at;
    const end = endOfComment(text, at, at + LONGEST);
    if (end === at) return at;
    at = end;
  }
}

/** Between the words of an import nobody writes a longer comment. */
const LONGEST = 2000;

/** Where the comment that begins here ends; `from` itself where none begins, or where none ends before `limit`. */
export function endOfComment(text: string, from: number, limit = text.length): number {
  if (codeAt(text, from) !== 47) return from;
  const next = codeAt(text, from + 1);
  if (next !== 47 && next !== 42) return from;
  if (next === 47) {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  }
  const end = limit < text.length ? text.slice(0, limit).indexOf('*/', from + 2) : text.indexOf('*/', from + 2);
  return end === -1 ? from : end + 2;
}

/** A plain string that begins here: what it says, and where it ends. Undefined where none does. */
export function stringAt(text: string, from: number): { value: string; end: number } | undefined {
  const kind = kindAt(text, from);
  if (kind !== KIND.quote && kind !== KIND.tick) return undefined;
  const end = kind === KIND.tick ? text.indexOf('`', from + 1) + 1 : endOfString(text, from);
  if (end - from < 2 || text.charCodeAt(end - 1) !== text.charCodeAt(from)) return undefined;
  const value = text.slice(from + 1, end - 1);
  return kind === KIND.tick && value.includes('${') ? undefined : { value: unescape(value), end };
}

/** Specifiers hold escapes only in tests of parsers; those that name a character are read, others stay. */
const unescape = (value: string): string =>
  value.includes('\\')
    ? value.replaceAll(/\\(?:u\{([0-9a-f]{1,5})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|([^ux]))/gi, (...match: string[]) =>
        match[4] === undefined
          ? String.fromCodePoint(Number.parseInt(match[1] ?? match[2] ?? match[3] ?? '0', 16))
          : match[4],
      )
    : value;
