/** How a language with braces writes what is no code. */
export interface Quoting {
  /** Matches the beginning of a string, a character or a comment, global. */
  mark: RegExp;
  /** Where what begins with this mark ends. */
  end: (text: string, at: number, mark: string) => number;
}

/** The text with strings emptied and comments gone. Linear: each part is passed once. */
export function withoutQuoted(text: string, { mark, end }: Quoting): string {
  const kept: string[] = [];
  let from = 0;
  mark.lastIndex = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    kept.push(text.slice(from, match.index), match[0].startsWith('/') ? ' ' : '""');
    from = Math.max(end(text, match.index, match[0]), match.index + match[0].length);
    mark.lastIndex = from;
  }
  return from === 0 ? text : kept.join('') + text.slice(from);
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** Just past the next such text; the end of everything where there is none. */
export function past(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

/** Just past the closing quote; a backslash takes the next character along. */
export function pastQuote(text: string, at: number, quote: string): number {
  for (let i = at + 1; i < text.length; i += 1) {
    const character = text[i];
    if (character === '\\') i += 1;
    else if (character === quote) return i + 1;
  }
  return text.length;
}
