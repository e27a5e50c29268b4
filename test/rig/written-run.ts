import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { segmentFile } from '../../src/engine/places.ts';
import { type Event, JOURNAL_FORMAT } from '../../src/model/run/event.ts';
import { ownIdentity } from '../../src/process/identity.ts';

/**
 * The journal of a run as its driver writes it, which is this process, in the state folder of a repository: some events
 * at once, and further ones when they are said. Each job has its folder, as the runner makes it.
 */
export class WrittenRun implements Disposable {
  readonly #folder: string;
  readonly #file: number;

  private constructor(folder: string, file: number) {
    this.#folder = folder;
    this.#file = file;
  }

  static async begin(repository: string, run: string, events: readonly Event[]): Promise<WrittenRun> {
    const folder = join(repository, '.git', 'orchestrate', 'runs', run);
    mkdirSync(folder, { recursive: true });
    const file = openSync(segmentFile(folder, 1), 'w');
    const writer = { ...(await ownIdentity()), by: 'cli' as const };
    const header = { journal: JOURNAL_FORMAT, run, epoch: 1, writer };
    writeSync(file, [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const written = new WrittenRun(folder, file);
    for (const event of events) written.#makeJob(event);
    return written;
  }

  append(event: Event): void {
    this.#makeJob(event);
    writeSync(this.#file, `${JSON.stringify(event)}\n`);
  }

  #makeJob(event: Event): void {
    if (event.type === 'job.intended') mkdirSync(join(this.#folder, 'jobs', event.intent), { recursive: true });
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
