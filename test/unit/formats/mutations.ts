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
  const offset = at % (text.length + 1);
  const piece = PIECES[what % PIECES.length] ?? '';
  if (kind === 0) return text.slice(0, offset) + piece + text.slice(offset);
  if (kind === 1) return text.slice(0, offset) + text.slice(offset + 1 + (what % 20));
  const lines = text.split('\n');
  const one = at % lines.length;
  const other = lines[what % lines.length] ?? '';
  const line = lines[one] ?? '';
  const instead: readonly string[][] = [
    [],
    [line, other],
    [other],
    [`  ${line}`],
    [line.replace(/^ {2}/, what % 2 === 0 ? '\t' : '')],
    [line + piece],
  ];
  return lines.toSpliced(one, 1, ...(instead[kind - 2] ?? [])).join('\n');
}
