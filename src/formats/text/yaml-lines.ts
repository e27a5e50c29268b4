/** One line of block YAML taken apart; columns from 0. */
export interface YamlLine {
  /** Column of the first character that is no space. */
  indent: number;
  /** Whether it starts with one or more `- `. */
  isItem: boolean;
  /** Column of the last `- `, else of the key or text. */
  itemColumn: number;
  /** Column of the key, or of the text where there is no key. */
  column: number;
  key?: string;
  /** What stands behind the key and its colon, or the whole text; without white space at its end. */
  value: string;
  /** Column where the value starts. */
  valueColumn: number;
}

const LEAD = /^( *)((?:-[ \t]+)*)/;
const KEY = /^(?:[\w./$~()-][\w./$~()+<>@-]*|"[^"]*"|'[^']*')[ \t]*:(?:[ \t]+|$)/;
const SENTENCE_KEY = /^[^\s"'`[\]{}&*!|>@%#,?:-](?:(?!: ).)*?:[ \t]+/;

/** Undefined for a blank line or a comment. */
export function takeApart(line: string): YamlLine | undefined {
  const [lead = '', spaces = '', dashes = ''] = LEAD.exec(line) ?? [];
  const rest = line.slice(lead.length).trimEnd();
  if (rest === '' && dashes === '') return undefined;
  if (rest.startsWith('#')) return undefined;
  const colon = KEY.exec(rest)?.[0];
  const base = {
    indent: spaces.length,
    isItem: dashes !== '',
    itemColumn: dashes === '' ? spaces.length : spaces.length + dashes.trimEnd().length - 1,
    column: lead.length,
  };
  if (colon === undefined) return { ...base, value: rest, valueColumn: lead.length };
  const key = colon.trimEnd().slice(0, -1).trim();
  return { ...base, key, value: rest.slice(colon.length), valueColumn: lead.length + colon.length };
}

/** The length of a key made of several words with its `: `; 0 where the text has none. */
export const sentenceKeyLength = (text: string): number => SENTENCE_KEY.exec(text)?.[0].length ?? 0;

export const isBlockHeader = (value: string): boolean => /^[|>](?:[+-]?\d?|\d[+-])(?:\s+#.*)?$/.test(value);

/** Text below this column is no longer part of the value. */
export const parentColumn = (line: YamlLine): number => (line.key === undefined ? line.itemColumn : line.column);

/** How many of the lines after `index` belong to its value because they stand further in; blank ones between count. */
export function linesInside(lines: readonly string[], index: number, column: number): number {
  let count = 0;
  for (let next = index + 1; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    if (line.trim() === '') continue;
    if (line.search(/[^ ]/) <= column) break;
    count = next - index;
  }
  return count;
}

/** Where a quoted text that starts at 0 ends, exclusive; -1 when it does not. */
export function quotedEnd(text: string): number {
  const quote = text[0];
  for (let at = 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote && quote === "'" && text[at + 1] === "'") at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return -1;
}

/** Where brackets that open at 0 are closed, exclusive; -1 when they are not. Brackets in quotes count for nothing. */
export function bracketEnd(text: string): number {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if ((character === '"' || character === "'") && /[[{,:\s]/.test(text[at - 1] ?? '[')) {
      const end = quotedEnd(text.slice(at));
      if (end === -1) return -1;
      at += end - 1;
    } else if ('[{'.includes(character)) open += 1;
    else if (']}'.includes(character)) {
      open -= 1;
      if (open === 0) return at + 1;
    }
  }
  return -1;
}
