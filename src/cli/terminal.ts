import { text as textOf } from 'node:stream/consumers';
import { EXIT } from './exit.ts';
import { type Style, styleFor } from './shown/style.ts';
import { wrap } from './shown/text.ts';

/** Where the command line reads and writes; the only place that looks at the process's streams. */
export interface Terminal {
  /** One or more whole lines to standard output. */
  print: (...lines: readonly string[]) => void;
  /** To standard error: what went wrong, warnings, notes that no program should have to read past. */
  note: (...lines: readonly string[]) => void;
  /** Standard input, to its end. */
  read: () => Promise<string>;
  /** As it is, to standard output. */
  write: (text: string) => void;
  /** A person sits there: keys can be read and a block redrawn. */
  readonly interactive: boolean;
  readonly style: Style;
  size: () => { columns: number; rows: number };
  /** Calls back for each key until disposed; the keyboard is raw meanwhile. */
  keys: (listener: (key: string) => void) => Disposable;
  onResize: (listener: () => void) => Disposable;
}

export function openTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  leaveUnheard(process);
  // Standard input is opened by being looked at, which is left until somebody needs it.
  const interactive = stdout.isTTY && env['TERM'] !== 'dumb' && process.stdin.isTTY;
  return {
    print: (...lines) => void stdout.write(lines.map((line) => `${line}\n`).join('')),
    note: (...lines) => {
      const columns = stderr.isTTY ? stderr.columns || 100 : Infinity;
      stderr.write(lines.flatMap((line) => wrap(line, columns)).join('\n') + (lines.length > 0 ? '\n' : ''));
    },
    read: () => textOf(process.stdin),
    write: (words) => void stdout.write(words),
    interactive,
    style: styleFor(env, stdout.isTTY),
    size: () => ({ columns: stdout.columns || 100, rows: stdout.rows || 40 }),
    keys: (listener) => readKeys(process.stdin, listener),
    onResize: (listener) => {
      stdout.on('resize', listener);
      return { [Symbol.dispose]: () => stdout.off('resize', listener) };
    },
  };
}

/**
 * Whoever read our output, such as `head`, has seen enough, or there is no room for it. A run that is attended is left
 * as when its terminal closes, and ends with the code of that; nothing else has an end worth waiting for.
 */
function leaveUnheard({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): void {
  let left = false;
  const leave = (stream: NodeJS.WriteStream, { code, message }: NodeJS.ErrnoException): void => {
    if (left) return; // whatever else is written is not heard either
    left = true;
    const heardEnough = code === 'EPIPE';
    if (!heardEnough && stream === stdout) stderr.write(`orchestrate: cannot write the output: ${message}\n`);
    if (!process.emit('SIGHUP')) process.exit(heardEnough ? EXIT.merged : EXIT.failed);
  };
  for (const stream of [stdout, stderr]) stream.on('error', (error) => leave(stream, error));
}

function readKeys(stdin: NodeJS.ReadStream, listener: (key: string) => void): Disposable {
  const onData = (data: Buffer): void => {
    for (const key of keysIn(data.toString('utf8'))) listener(key);
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  return {
    [Symbol.dispose]: () => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

/** Characters one by one; an escape sequence (arrows and such) is one key, which nobody asks for. */
export const keysIn = (text: string): string[] =>
  // oxlint-disable-next-line no-control-regex -- this is what terminals send
  text.match(/\u001b(?:\[[0-9;]*[ -/]*[@-~]|O.)|[^]/gu) ?? [];

export const KEY = { interrupt: '\u0003', enter: '\r', newline: '\n', escape: '\u001b', backspace: '\u007f' } as const;
