import type { Reference } from './reference.ts';

/** `@type {import(…).A}` and `@import {A} from …`: in JavaScript the compiler follows both. */
export function scanDocComment(comment: string): Reference[] {
  if (!comment.includes('import')) return [];
  const found: Reference[] = [];
  for (const match of comment.matchAll(TAG)) {
    const from = (match.index ?? 0) + match[0].length;
    const specifiers =
      match[1] === 'import' ? importTag(comment.slice(from, nextTag(comment, from))) : types(comment, from);
    for (const specifier of specifiers) found.push({ kind: 'type', specifier });
  }
  return found;
}

const TAG = /@(\w+)\s*/g;

const nextTag = (comment: string, from: number): number => {
  const at = comment.indexOf('\n', comment.indexOf(' from ', from));
  return at === -1 ? comment.length : at;
};

const importTag = (text: string): string[] => {
  const match = /\bfrom\s*(['"])([^'"\n]+)\1/.exec(text) ?? /^\s*(['"])([^'"\n]+)\1/.exec(text);
  return match?.[2] === undefined ? [] : [match[2]];
};

function types(comment: string, from: number): string[] {
  if (comment[from] !== '{') return [];
  const text = comment.slice(from, endOfBraces(comment, from));
  return [...text.matchAll(/\bimport\s*\(\s*(['"`])([^'"`\n]+)\1/g)].flatMap((match) => match[2] ?? []);
}

function endOfBraces(comment: string, from: number): number {
  let depth = 0;
  for (let at = from; at < comment.length; at += 1) {
    const character = comment[at];
    if (character === '@' && comment[at - 1] === ' ') return at;
    if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return at;
  }
  return comment.length;
}
