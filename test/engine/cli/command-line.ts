import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI } from '../../rig/run.ts';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The built command line, started as a person or a script would, without a terminal. */
export class CommandLine {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessWithoutNullStreams;
  #stdout = '';
  #stderr = '';
  #wanted: { pattern: RegExp; resolve: () => void }[] = [];

  constructor(root: string, words: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [CLI, ...words], { cwd: root, env: { ...process.env, ...env } });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#hear(() => (this.#stdout += text)));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(() => (this.#stderr += text)));
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** As `head` does when it has read enough. */
  closeOutput(): void {
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.destroy();
  }

  /** Resolves when it has printed something like this; fails when it ends without. */
  async said(pattern: RegExp): Promise<void> {
    const heard = new Promise<void>((resolve) => this.#wanted.push({ pattern, resolve }));
    this.#hear(() => undefined);
    await Promise.race([heard, this.ended]);
    const all = this.#stdout + this.#stderr;
    if (!pattern.test(all)) throw new Error(`it never said ${String(pattern)}:\n${all}`);
  }

  #hear(take: () => unknown): void {
    take();
    for (const { pattern, resolve } of this.#wanted) if (pattern.test(this.#stdout + this.#stderr)) resolve();
  }
}

/** Runs a command to its end. */
export const orchestrate = (root: string, ...words: readonly string[]): Promise<Ended> =>
  new CommandLine(root, words).ended;

const epoch = (segment: string): number => Number(segment.split('.')[1]);

/** The lines of all segments of a repository's only run, without their headers. */
export function journalLines(root: string): string[] {
  const runs = join(root, '.git', 'orchestrate', 'runs');
  const [run = ''] = readdirSync(runs);
  const segments = readdirSync(join(runs, run)).filter((name) => name.startsWith('journal.'));
  return segments
    .toSorted((a, b) => epoch(a) - epoch(b))
    .flatMap((name) =>
      readFileSync(join(runs, run, name), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1),
    );
}
