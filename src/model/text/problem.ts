/** A place in a text file; lines and columns count from 1, ends are exclusive. */
export interface Range {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export type Severity = 'error' | 'warning' | 'info';

/** Something wrong at a place, read from a file by us or from a gate's output. */
export interface Problem {
  /** Path relative to the root of the tree that was looked at, `/` as separator; absent when the output named none. */
  file?: string;
  range: Range;
  severity: Severity;
  message: string;
  /** The rule or error code, e.g. `TS2345`. */
  code?: string;
  /** Who found it: a gate's name, or `orchestrate`. */
  source?: string;
  /** What would put it right, where that can be said. */
  fix?: Fix;
}

/** A change of the text a problem is in; edits do not overlap and are all of the same text. */
export interface Fix {
  title: string;
  edits: readonly Edit[];
  /** Nothing else can have been meant: it may be applied unasked. Else it is a proposal. */
  isCertain: boolean;
}

/** What stands in the range becomes `text`; an empty range inserts. */
export interface Edit {
  range: Range;
  text: string;
}

/** The range of one whole position: from `column` on `line` to the next column. */
export const at = (line: number, column = 1): Range => ({ line, column, endLine: line, endColumn: column + 1 });

/** Keys and list indices from the top of a document. */
export type Path = readonly (string | number)[];
