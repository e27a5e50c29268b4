import type { Edit, Fix, Problem } from '../model/text/problem.ts';
import { rangeIn, type TextFile } from './document.ts';
import type { Span } from './entry.ts';
import { nearest } from '../model/text/nearest.ts';

/** A problem in its file. */
export interface Placed {
  file: TextFile;
  problem: Problem;
  /** Where the problem begins. */
  offset: number;
}

/** The change of one part of a text. */
export const change = (file: TextFile, span: Span, text: string): Edit => ({ range: rangeIn(file, span), text });

/** So many other words are offered. */
const MOST = 6;

/** Ways to write another of the words that may stand there, the nearest first. */
export function otherWords(file: TextFile, place: Span, word: string, words: readonly string[]): Fix[] {
  const near = nearest(word, words);
  const ordered = near === undefined ? words : [near, ...words.filter((other) => other !== near)];
  return ordered.slice(0, MOST).map((other) => ({
    title: `Change to ${other}`,
    edits: [change(file, place, other)],
    isCertain: other === near,
  }));
}

/** An entry with all its lines taken out; in brackets the entry and its comma. */
export function without(file: TextFile, { start, end }: Span): Edit {
  const { text } = file;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() === '') {
    const lineEnd = text.indexOf('\n', Math.max(start, end - 1));
    return change(file, { start: lineStart, end: lineEnd === -1 ? text.length : lineEnd + 1 }, '');
  }
  const behind = /^\s*,\s*/.exec(text.slice(end))?.[0].length ?? 0;
  const before = behind > 0 ? 0 : (/,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0);
  return change(file, { start: start - before, end: end + behind }, '');
}
