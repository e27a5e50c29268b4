// The command line as another process: what a person does in a terminal beside the editor, or in a second one.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunSession } from '../../src/engine/session.ts';
import type { Event, SegmentHeader } from '../../src/model/run/event.ts';
import { root } from './orchestrate.ts';

/** One call of the command line. */
export interface Terminal {
  /** Its process. */
  id: number | undefined;
  /** Everything that was printed so far. */
  printed(): string;
  /** The exit code; null when a signal ended it. */
  over: Promise<number | null>;
  /** Ends it as the closing of a terminal's window does not: without a word. */
  kill(): void;
}

/** `orchestrate <words>` in the repository, on the Node.js of the developer and not on the editor's. */
export function orchestrate(...words: string[]): Terminal {
  const cli = join(vscode.extensions.getExtension('orchestrate.orchestrate')!.extensionPath, 'dist/cli.cjs');
  const child = spawn(process.env['VSCODE_TEST_NODE'] ?? 'node', [cli, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  return {
    id: child.pid,
    printed: () => printed,
    over: new Promise((resolve) => child.once('close', (code) => resolve(code))),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Who wrote the run's journal, and what: one entry for each writer there was. */
export function writers({ ref }: RunSession): { by: SegmentHeader['writer']['by']; id: number; events: Event[] }[] {
  const epochs = readdirSync(ref.folder)
    .flatMap((name) => /^journal\.(\d+)\.jsonl$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
  return epochs.map((epoch) => {
    const lines = readFileSync(join(ref.folder, `journal.${epoch}.jsonl`), 'utf8')
      .split('\n')
      .slice(0, -1);
    const [{ writer }, ...events]: [SegmentHeader, ...Event[]] = JSON.parse(`[${lines.join(',')}]`);
    return { by: writer.by, id: writer.pid, events };
  });
}
