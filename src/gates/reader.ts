import { at, type Problem } from '../model/text/problem.ts';
import type { Place } from './place.ts';

/** Reads what patterns line by line cannot say: blocks of a test runner's output. `lines` are without colours. */
export type Reader = (lines: readonly string[], root: string) => Problem[];

/** An error at a place of the tree, or without one. */
export const errorAt = (place: Place | undefined, message: string): Problem => ({
  ...(place ? { file: place.file, range: at(place.line, place.column) } : { range: at(1) }),
  severity: 'error',
  message,
});

/** The lines from each heading to the next; what stands before the first is nobody's. */
export function blocks(lines: readonly string[], isHeading: (line: string) => boolean): string[][] {
  const found: string[][] = [];
  for (const line of lines) {
    if (isHeading(line)) found.push([line]);
    else found.at(-1)?.push(line);
  }
  return found;
}

/** The first of some lines with words in it, without the space around. */
export const firstWords = (lines: readonly string[]): string => lines.find((line) => line.trim() !== '')?.trim() ?? '';
