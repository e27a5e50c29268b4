import { closeSync, openSync, writeSync } from 'node:fs';
import type { AgentReader } from '../agents/agent.ts';
import { type AgentEvent, isReport } from '../model/run/job.ts';
import { outputFile, rawFile, reportsFile } from '../process/job-folder.ts';
import { Reporting } from '../process/reporting.ts';
import { Veil } from '../process/secrets.ts';
import { Lines, LONGEST_LINE, LONGEST_MESSAGE } from './lines.ts';

type Stream = 'stdout' | 'stderr';

/**
 * Keeps what a program prints, without the secrets it was given: bytes in raw.log up to a limit, and, for an agent, what
 * its reader makes of them in output.jsonl, and in reports.jsonl what the engine must know at once. Past the limit the
 * reader still sees everything, because the end may be what matters.
 */
export class OutputRecord {
  readonly #limit: number;
  readonly #reader: AgentReader | undefined;
  readonly #onEvents: (events: readonly AgentEvent[]) => void;
  readonly #raw: number;
  #events: number | undefined;
  #reports: number | undefined;
  readonly #lines: Readonly<Record<Stream, Lines>>;
  readonly #veils: Readonly<Record<Stream, Veil>>;
  readonly #reporting = new Reporting();
  #bytes = 0;
  #kept = 0;
  #eventsKept = 0;

  constructor(
    folder: string,
    { limit, secrets }: { limit: number; secrets: readonly string[] },
    reader: AgentReader | undefined,
    onEvents: (events: readonly AgentEvent[]) => void = () => undefined,
  ) {
    this.#limit = limit;
    this.#reader = reader;
    this.#onEvents = onEvents;
    const longest = reader?.wantsWholeLines ? LONGEST_MESSAGE : LONGEST_LINE;
    this.#lines = { stdout: new Lines(longest), stderr: new Lines() };
    this.#veils = { stdout: new Veil(secrets), stderr: new Veil(secrets) };
    this.#raw = openSync(rawFile(folder), 'a');
    this.#events = reader && openSync(outputFile(folder), 'a');
    this.#reports = reader && openSync(reportsFile(folder), 'a');
  }

  take(stream: Stream, chunk: Buffer): void {
    this.#keep(stream, this.#veils[stream].take(chunk));
  }

  #keep(stream: Stream, chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#kept += keep(this.#raw, chunk.subarray(0, Math.max(0, this.#limit - this.#kept)));
    if (this.#reader) this.#read(stream, this.#lines[stream].take(chunk));
  }

  /** Reads lines that never got their newline, and closes the files. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#keep(stream, this.#veils[stream].end());
      this.#read(stream, this.#lines[stream].end());
    }
    closeSync(this.#raw);
    for (const file of [this.#events, this.#reports]) if (file !== undefined) closeSync(file);
    this.#events = this.#reports = undefined;
  }

  get counts(): { bytes: number; dropped: number } {
    return { bytes: this.#bytes, dropped: this.#bytes - this.#kept };
  }

  #read(stream: Stream, lines: readonly string[]): void {
    this.note(lines.flatMap((line) => this.#reader?.line(line, stream) ?? []));
  }

  /** Writes down what no line said: what the runner itself did. Too late at the end. */
  note(events: readonly AgentEvent[]): void {
    if (events.length > 0) this.#onEvents(events);
    const wanted = this.#eventsKept < this.#limit ? events : events.filter(isVital);
    if (wanted.length === 0 || this.#events === undefined) return;
    this.#eventsKept += keep(this.#events, linesOf(wanted));
    const reports = this.#reporting.of(wanted);
    if (reports.length > 0 && this.#reports !== undefined) keep(this.#reports, linesOf(reports));
  }
}

const linesOf = (events: readonly AgentEvent[]): Buffer =>
  Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));

/** What a flood must not push out. */
const isVital = (event: AgentEvent): boolean =>
  isReport(event) || event.type === 'ended' || event.type === 'error' || event.type === 'session';

/** How many bytes were written: a full disk costs output, not the job. */
function keep(file: number, bytes: Buffer): number {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written);
  } catch {
    return written;
  }
  return written;
}
