import type { TaskStatus } from '../../model/run/view.ts';

/** How things look in this terminal: colours or none, signs or letters. */
export interface Style {
  paint: (colour: Colour, text: string) => string;
  glyphs: Glyphs;
}

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

interface Glyphs {
  status: Readonly<Record<TaskStatus, string>>;
  yes: string;
  no: string;
  asks: string;
  dot: string;
  more: string;
  rule: string;
  done: string;
  left: string;
  /** Of the chart: an agent at work, its gates, waiting for the merge, merged, failed. */
  agent: string;
  gate: string;
  queue: string;
  merged: string;
  failed: string;
}

/** Colours unless NO_COLOR says otherwise (no-color.org: set and not empty); signs where the locale is UTF-8. */
export function styleFor(env: NodeJS.ProcessEnv, coloured: boolean): Style {
  const colours = env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : coloured && env['TERM'] !== 'dumb';
  const allowed = colours && !env['NO_COLOR'];
  return {
    paint: allowed ? (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m` : (_, text) => text,
    glyphs: knowsUnicode(env) ? SIGNS : LETTERS,
  };
}

/** A C locale draws no signs. Where no locale is set at all, modern terminals do, except the bare Linux console. */
function knowsUnicode(env: NodeJS.ProcessEnv): boolean {
  if (env['TERM'] === 'linux' || env['TERM'] === 'dumb') return false;
  if (process.platform === 'win32') return env['WT_SESSION'] !== undefined || env['TERM_PROGRAM'] === 'vscode';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale ? /utf-?8/i.test(locale) : true;
}

const CODES: Record<Colour, number> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
};

export const STATUS_COLOUR: Readonly<Record<TaskStatus, Colour>> = {
  pending: 'dim',
  ready: 'dim',
  running: 'cyan',
  verifying: 'blue',
  merging: 'magenta',
  waiting: 'yellow',
  done: 'green',
  failed: 'red',
  blocked: 'red',
  skipped: 'dim',
  needsRevision: 'yellow',
};

export const STATUS_WORD: Readonly<Record<TaskStatus, string>> = {
  pending: 'pending',
  ready: 'ready',
  running: 'running',
  verifying: 'verifying',
  merging: 'merging',
  waiting: 'waits for you',
  done: 'done',
  failed: 'failed',
  blocked: 'blocked',
  skipped: 'skipped',
  needsRevision: 'tries again',
};

const SIGNS: Glyphs = {
  status: {
    pending: '○',
    ready: '○',
    running: '●',
    verifying: '◐',
    merging: '◆',
    waiting: '?',
    done: '✔',
    failed: '✘',
    blocked: '⊘',
    skipped: '–',
    needsRevision: '↻',
  },
  yes: '✔',
  no: '✘',
  asks: '?',
  dot: '·',
  more: '…',
  rule: '─',
  done: '━',
  left: '─',
  agent: '█',
  gate: '▒',
  queue: '·',
  merged: '◆',
  failed: '✘',
};

const LETTERS: Glyphs = {
  status: {
    pending: '.',
    ready: '.',
    running: '*',
    verifying: 'v',
    merging: 'm',
    waiting: '?',
    done: '+',
    failed: 'x',
    blocked: '/',
    skipped: '-',
    needsRevision: 'r',
  },
  yes: '+',
  no: 'x',
  asks: '?',
  dot: '-',
  more: '...',
  rule: '-',
  done: '#',
  left: '.',
  agent: '#',
  gate: '=',
  queue: '.',
  merged: '+',
  failed: 'x',
};
