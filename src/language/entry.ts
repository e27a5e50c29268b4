import type { Path } from '../model/text/problem.ts';

/** Offsets in a text, the end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** A key, or an item of a list, as its line says it. */
export interface Entry extends Span {
  path: Path;
  /** Absent for items. */
  key?: Span;
  /** What stands behind the key or the dash on its line, without quotes; empty where nothing does. */
  value: Span;
  /** The value where it is one word or sentence on the line, without quotes, and as written: escapes are not read. */
  word?: string;
}

/** Whether a path is that of a key or an item of what stands at another. */
export const isDirectlyIn = (path: Path, parent: Path): boolean =>
  path.length === parent.length + 1 && parent.every((part, i) => part === path[i]);
