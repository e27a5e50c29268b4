import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { findProgram } from '../../src/process/spawn.ts';

/** `script`, which gives a program a terminal; undefined where there is none of the kind we know. */
export const SCRIPT = process.platform === 'linux' ? findProgram('script', process.env, '/') : undefined;

/**
 * A terminal with a program in it and a person before it: it answers what programs ask a terminal for, and knows what
 * was ever drawn, without blanks, because programs draw what changed and no more.
 */
export class Terminal implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  /** With its exit code. */
  readonly #ended: Promise<number | null>;
  #over = false;
  #drawn = '';
  #onMore: () => void = () => undefined;

  /** `line` is for a shell, as `script` wants it. */
  constructor(line: string, cwd: string, env: NodeJS.ProcessEnv) {
    const command = `stty rows 40 cols 120 && exec ${line}`;
    const inside = { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor', SHELL: '/bin/sh' };
    this.#child = spawn(SCRIPT ?? 'script', ['-qfec', command, '/dev/null'], { cwd, env: inside });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#over = true;
        resolve(code);
      });
    });
  }

  /**
   * Resolves when this was drawn, after the first `since` characters, with how many had been drawn by the end of it;
   * rejects when the program ends before.
   */
  async shows(text: string, since = 0): Promise<number> {
    const wanted = bare(text);
    while (!this.#drawn.slice(since).includes(wanted)) {
      if (this.#over) throw new Error(`it ended without "${text}":\n${this.#drawn.slice(-2000)}`);
      await this.#more();
    }
    return this.#drawn.indexOf(wanted, since) + wanted.length;
  }

  /** Types it and, once it stands there, enters it. */
  async enter(text: string): Promise<void> {
    const since = this.#drawn.length;
    this.#child.stdin.write(text);
    await this.shows(text, since);
    this.#child.stdin.write('\r');
  }

  /** Presses Ctrl-C, as often as it draws something to that, until this stands there; then it is left to end. */
  async leave(last: string): Promise<void> {
    while (!this.#over && !this.#drawn.includes(bare(last))) {
      this.#child.stdin.write('\x03');
      await this.#more();
    }
    await this.shows(last);
    await this.#ended;
  }

  /** As when a person closes its window. */
  close(): void {
    this.#child.kill('SIGTERM');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#ended;
  }

  /** Resolves when something is drawn, or it is over. */
  #more(): Promise<unknown> {
    const drawn = new Promise<void>((resolve) => {
      this.#onMore = resolve;
    });
    return Promise.race([drawn, this.#ended]);
  }

  #take(text: string): void {
    for (const [asked, answer] of ANSWERS) if (text.includes(asked)) this.#child.stdin.write(answer);
    const drawn = bare(text);
    this.#drawn += drawn;
    if (drawn !== '') this.#onMore();
  }
}

/** Where the cursor is, what kind of terminal it is, and what its colours are. */
const ANSWERS = [
  ['\x1b[6n', '\x1b[1;1R'],
  ['\x1b[c', '\x1b[?62;22c'],
  ['\x1b[?u', '\x1b[?0u'],
  ['\x1b]10;?', '\x1b]10;rgb:ffff/ffff/ffff\x1b\\'],
  ['\x1b]11;?', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
] as const;

/** Without what moves the cursor and colours, blanks, the echo of a Ctrl-C, and the frames and spinners drawn in between. */
const bare = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/\^C|\s|\p{Cc}|[\u2500-\u25ff\u2800-\u28ff]/gu, '');
