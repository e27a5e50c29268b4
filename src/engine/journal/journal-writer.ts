import { existsSync, fstatSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Event, JOURNAL_FORMAT, type SegmentHeader } from '../../model/run/event.ts';
import { fail, ok, type Failure, type Result } from '../../model/failure.ts';
import { createExclusively, ioFailure } from '../../process/durable-now.ts';
import { syncFile } from '../../process/durable.ts';
import { faultPoint } from '../../process/fault.ts';
import { segmentFile } from '../places.ts';

/** The one writer of a segment. It is the writer of the run as long as there is no segment of a higher epoch. */
export class JournalWriter {
  readonly header: SegmentHeader;
  readonly #folder: string;
  readonly #file: FileHandle;

  private constructor(folder: string, header: SegmentHeader, file: FileHandle) {
    this.#folder = folder;
    this.header = header;
    this.#file = file;
  }

  get epoch(): number {
    return this.header.epoch;
  }

  /** Creates the segment of the next epoch; undefined when another process was faster. */
  static async claim(
    folder: string,
    begun: Omit<SegmentHeader, 'journal'>,
    first: readonly Event[] = [],
  ): Promise<Result<JournalWriter | undefined>> {
    const path = segmentFile(folder, begun.epoch);
    const header = { journal: JOURNAL_FORMAT, ...begun };
    const text = [header, ...first].map((line) => `${JSON.stringify(line)}\n`).join('');
    faultPoint('segment.before');
    const created = createExclusively(path, text);
    if (!created.ok) return created;
    if (!created.value) return ok(undefined);
    try {
      await syncFile(path);
      faultPoint('segment.after');
      return ok(new JournalWriter(folder, header, await open(path, 'a')));
    } catch (error) {
      return fail(ioFailure(path, error));
    }
  }

  /** Appends in one write and makes it durable; afterwards the events have happened. */
  async append(events: readonly Event[]): Promise<Result<void>> {
    try {
      if (fstatSync(this.#file.fd).nlink === 0) return fail(deleted(segmentFile(this.#folder, this.epoch)));
      faultPoint('append.before');
      await this.#file.appendFile(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      await this.#file.datasync();
      faultPoint('append.after');
      return ok(undefined);
    } catch (error) {
      return fail(ioFailure(segmentFile(this.#folder, this.epoch), error));
    }
  }

  /** Has somebody taken over? Asked before everything that is done. */
  isFenced(): boolean {
    return existsSync(segmentFile(this.#folder, this.epoch + 1));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** The file is open and takes what is written all the same, for nobody. */
const deleted = (path: string): Failure => ({
  kind: 'io',
  path,
  code: 'ENOENT',
  message: 'the journal was deleted while the run went on; what it merged is kept under refs/orchestrate/runs',
});
