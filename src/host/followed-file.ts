import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { watchFolder, type Watching } from '../process/watching.ts';

/**
 * Hands over a growing file from its beginning, piece by piece. It waits for a file, or a folder, that is not there
 * yet, and sleeps until the system says that something was written.
 */
export class FollowedFile implements Disposable {
  readonly #file: string;
  readonly #onText: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #watcher: Watching | undefined;
  #offset = 0;
  #over = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(file: string, onText: (text: string) => void) {
    this.#file = file;
    this.#onText = onText;
  }

  start(): void {
    this.#watch();
    this.#look();
  }

  /** Reads to the end of what is there now. */
  async settled(): Promise<void> {
    this.#look();
    await this.#turn;
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#watcher?.close();
  }

  #look(): void {
    this.#turn = this.#turn.then(() => this.#read());
  }

  /** The folder, or the nearest one above it that exists until it does. */
  #watch(): void {
    const folder = dirname(this.#file);
    for (let place = folder; ; place = dirname(place)) {
      try {
        this.#watcher = watchFolder(place, () => this.#stirred(place === folder));
        return;
      } catch (error) {
        if (place === dirname(place)) throw error;
      }
    }
  }

  #stirred(near: boolean): void {
    if (this.#over) return;
    if (!near) {
      this.#watcher?.close();
      this.#watch();
    }
    this.#look();
  }

  async #read(): Promise<void> {
    const handle = await open(this.#file).catch(() => undefined);
    if (!handle) return;
    try {
      for (let more = true; more && !this.#over;) more = await this.#piece(handle);
    } finally {
      await handle.close();
    }
  }

  async #piece(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE), 0, PIECE, this.#offset);
    this.#offset += bytesRead;
    if (bytesRead > 0 && !this.#over) this.#onText(this.#decoder.write(buffer.subarray(0, bytesRead)));
    return bytesRead === PIECE;
  }
}

const PIECE = 65_536;
