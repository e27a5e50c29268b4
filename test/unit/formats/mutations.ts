import * as fc from 'fast-check';

/** One edit of a text, as a hand or a program may make it. */
export type Edit = readonly [kind: number, at: number, what: number];

export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(fc.tuple(fc.nat(7), fc.nat(), fc.nat()), {
  minLength: 1,
  maxLength: 4,
});

const PIECES = [
  '\t',
  '`',
  ': ',
  '"',
  "'",
  '{',
  ']',
  '[',
  '\\',
  '- ',
  '\n',
  '\r\n',
  '#',
  ' ',
  '---\n',
  '&a ',
  '*a',
  '|',
  '}',
  ',',
  '\uFEFF',
  '\0',
  '😀',
  '```\n',
  '//',
  '/*',
  '~',
  '!x ',
  '<<: ',
  '__proto__: x\n',
];

/** The text after some edits. */
export function mutated(text: string, list: readonly Edit[]): string {
  return list.reduce(edited, text);
}

function edited(text: string, [kind, at, what]: Edit): string {
  const offset = text.length === 0 ? 0 : at % (text.length + 1);
  const piece = PIECES[what % PIECES.length] ?? '';
  if (kind === 0) return text.slice(0, offset) + piece + text.slice(offset);
  if (kind === 1) return text.slice(0, offset) + text.slice(offset + 1 + (what % 20));
  const lines = text.split('\n');
  const one = at % lines.length;
  const other = what % lines.length;
  const line = lines[one] ?? '';
  if (kind === 2) lines.splice(one, 1);
  else if (kind === 3) lines.splice(other, 0, line);
  else if (kind === 4) lines.splice(one, 1, lines[other] ?? '');
  else if (kind === 5) lines[one] = `  ${line}`;
  else if (kind === 6) lines[one] = line.replace(/^ {2}/, what % 2 === 0 ? '\t' : '');
  else lines[one] = line + piece;
  return lines.join('\n');
}
