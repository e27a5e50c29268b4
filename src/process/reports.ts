import { type FSWatcher, watch } from 'node:fs';
import type { Report } from '../model/run/job.ts';
import { bytesFrom } from './bytes-from.ts';
import { reportsFile } from './job-folder.ts';

/** A report and its line, from 1. */
export type ReportLine = readonly [line: number, report: Report];

/**
 * Follows what a job reports, from the first line on: the file is watched, so nothing is asked again and again. It is
 * small, as text and output are not in it. Where the system has no watch left, everything comes with `close`.
 */
export class Reports {
  readonly #file: string;
  readonly #onReports: (reports: readonly ReportLine[]) => void;
  #watcher: FSWatcher | undefined;
  #reading: Promise<void> = Promise.resolve();
  #waiting = false;
  #length = 0;
  #lines = 0;

  /** `folder` is the job's; its reports file is there once the job was asked for. */
  constructor(folder: string, onReports: (reports: readonly ReportLine[]) => void) {
    this.#file = reportsFile(folder);
    this.#onReports = onReports;
    try {
      this.#watcher = watch(this.#file, { persistent: false }, () => this.#look());
      this.#watcher.on('error', () => undefined);
    } catch {
      // No watch is left.
    }
    this.#look();
  }

  /** Takes what is left and stops; the job is over. */
  async close(): Promise<void> {
    this.dispose();
    this.#look();
    await this.#reading;
  }

  /** Only stops looking. */
  dispose(): void {
    this.#watcher?.close();
  }

  /** However many changes come while it reads, it reads once more. */
  #look(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#reading = this.#reading.then(() => {
      this.#waiting = false;
      return this.#read();
    });
  }

  async #read(): Promise<void> {
    const bytes = readFrom(this.#file, this.#length);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    this.#length += whole;
    const lines = bytes.toString('utf8', 0, whole).split('\n').slice(0, -1);
    const reports = lines.map((line): ReportLine => [(this.#lines += 1), JSON.parse(line) as Report]);
    if (reports.length > 0) this.#onReports(reports);
  }
}

function readFrom(file: string, from: number): Buffer {
  try {
    return bytesFrom(file, from);
  } catch {
    return Buffer.alloc(0);
  }
}
