import { escaped, table } from '../text/markdown.ts';

/** A part of a document under its heading; nothing where it has no lines. */
export const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`## ${title}`, '', ...lines].join('\n');

export const item = (text: string): string => `- ${escaped(text)}`;

/** Rows of a table, and items of a list, that are told; the rest is counted. */
const MOST = 100;

/** The first of them, and how many there are besides. */
export function cut<T>(all: readonly T[], line: (one: T) => string): string[] {
  const more = all.length > MOST ? [`- and ${all.length - MOST} more`] : [];
  return [...all.slice(0, MOST).map(line), ...more];
}

export function cutTable<T>(head: readonly string[], all: readonly T[], row: (one: T) => readonly string[]): string[] {
  const more = all.length > MOST ? ['', `And ${all.length - MOST} more.`] : [];
  return [...table(head, all.slice(0, MOST).map(row)), ...more];
}
