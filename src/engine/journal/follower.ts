import type { Socket } from 'node:net';
import type { Event } from '../../model/run/event.ts';
import type { Failure } from '../../model/failure.ts';
import { feelPulse } from '../../process/pulse.ts';
import { watchFolder, type Watching } from '../../process/watching.ts';
import { type JournalEnd, readOn, readSegment, type Segment } from './journal-reader.ts';
import { segmentFile, segments } from '../places.ts';
import type { RunRef } from '../session.ts';

export interface FollowerEvents {
  onEvents: (events: readonly Event[]) => void;
  /** A new writer did not accept all that was read of the old one. */
  onRewritten: () => void;
  /** The writer said goodbye or its process is gone. */
  onWriterGone: () => void;
  onTrouble: (failure: Failure) => void;
}

/** Reads a journal that another process writes, woken by the file system; notices the writer's end by its pulse. */
export class Follower {
  readonly #ref: RunRef;
  readonly #events: FollowerEvents;
  #epoch: number;
  #length: number;
  #pulse: string | undefined;
  #socket: Socket | undefined;
  #watcher: Watching | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;
  /** Nobody wrote when the following began. */
  #abandoned: boolean;

  constructor(ref: RunRef, journal: JournalEnd, events: FollowerEvents) {
    this.#ref = ref;
    this.#events = events;
    this.#epoch = journal.header.epoch;
    this.#length = journal.length;
    this.#abandoned = journal.released;
    this.#pulse = journal.released ? undefined : journal.header.pulse;
  }

  async open(): Promise<void> {
    this.#watcher = watchFolder(this.#ref.folder, () => void this.look());
    await this.#feel();
    await this.look();
    if (this.#abandoned) this.#gone();
  }

  /** Reads what is new, now; calls while it reads are served by one more reading. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#read()).catch((error: unknown) => this.#lost(error));
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watcher?.close();
    this.#socket?.destroy();
    await this.#looking;
  }

  async #read(): Promise<void> {
    if (this.#closed) return;
    const { folder } = this.#ref;
    const read = await readOn(folder, { epoch: this.#epoch, from: this.#length });
    if (!read.ok) return this.#events.onTrouble(read.failure);
    const newer = segments(folder).find((epoch) => epoch > this.#epoch);
    const next = newer === undefined ? undefined : await readSegment(folder, newer);
    // What a successor did not accept did not happen; part of it may have been folded already.
    if (next?.ok && acceptedBy(next.value) !== read.value.length) return this.#rewritten();
    this.#length = read.value.length;
    if (read.value.events.length > 0) this.#events.onEvents(read.value.events);
    if (next?.ok) return this.#change(next.value);
    if (read.value.events.at(-1)?.type === 'writer.released') this.#gone();
  }

  /** What was read makes no sense after what was read before: nothing that follows can. */
  #lost(error: unknown): void {
    this.#closed = true;
    const message = error instanceof Error ? error.message : String(error);
    this.#events.onTrouble({ kind: 'unreadable', file: segmentFile(this.#ref.folder, this.#epoch), message });
  }

  #rewritten(): void {
    this.#closed = true;
    this.#events.onRewritten();
  }

  async #change(segment: Segment): Promise<void> {
    this.#abandoned = false;
    this.#epoch = segment.header.epoch;
    this.#length = segment.length;
    this.#pulse = segment.header.pulse;
    if (segment.events.length > 0) this.#events.onEvents(segment.events);
    await this.#feel();
    if (segment.events.at(-1)?.type === 'writer.released') this.#gone();
    void this.look();
  }

  async #feel(): Promise<void> {
    this.#socket?.destroy();
    this.#socket = undefined;
    if (this.#pulse === undefined || this.#closed) return;
    const epoch = this.#epoch;
    const socket = await feelPulse(this.#pulse);
    if (!socket) return this.#gone();
    this.#socket = socket;
    socket.unref();
    socket.once('close', () => {
      if (!this.#closed && this.#epoch === epoch && this.#socket === socket) this.#gone();
    });
  }

  #gone(): void {
    if (!this.#closed) this.#events.onWriterGone();
  }
}

const acceptedBy = ({ header }: Segment): number => header.predecessor?.length ?? 0;
