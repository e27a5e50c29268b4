import { open, readFile } from 'node:fs/promises';
import type { Event, SegmentHeader } from '../../model/run/event.ts';
import { JOURNAL_FORMAT } from '../../model/run/event.ts';
import { fail, ok, type Failure, type Result } from '../../model/failure.ts';
import { bytesFrom } from '../../process/bytes-from.ts';
import { ioFailure, systemError } from '../../process/durable-now.ts';
import { segmentFile, segments } from '../places.ts';

/** One segment as far as it is whole. */
export interface Segment {
  header: SegmentHeader;
  events: readonly Event[];
  /** Bytes up to and including the last whole line. */
  length: number;
  /** Something stands behind the last whole line. */
  torn: boolean;
}

/** How a journal ends. */
export interface JournalEnd {
  header: SegmentHeader;
  /** Whole bytes of the last segment. */
  length: number;
  /** The last writer said goodbye. */
  released: boolean;
  findings: readonly string[];
  /** The highest epoch there is; the last segment's, or that of one a power cut left without a line. */
  epoch: number;
}

/** A journal as one list: each segment as far as its successor accepted it. */
export interface Journal extends JournalEnd {
  events: readonly Event[];
  /** The segments the events come from, in order, and how many each gave. */
  sources: readonly { file: string; events: number }[];
}

/** How far a journal was read: up to a goodbye of its writer, so that nothing follows in that segment. */
export interface Mark {
  header: SegmentHeader;
  /** Bytes of that segment. */
  length: number;
}

/** Where an event stands in the files of its journal; lines from 1, the first of a segment is its header. */
export function placeOf({ sources }: Journal, index: number): { file: string; line: number } {
  let before = 0;
  for (const { file, events } of sources) {
    if (index < before + events) return { file, line: index - before + 2 };
    before += events;
  }
  return { file: sources.at(-1)?.file ?? '', line: 1 };
}

/**
 * Reads a run's journal from the first segment to the last, or only what came after `since`. Fails as unreadable, invalid
 * or newerFormat; also where what was read until `since` does not all count.
 */
export async function readJournal(folder: string, since?: Mark): Promise<Result<Journal>> {
  const epochs = segments(folder);
  const newest = await lastBegun(folder, epochs, since?.header.epoch);
  if (newest === undefined) return fail(noJournal(folder));
  const chain = await readChain(folder, newest, since);
  if (!chain.ok) return chain;
  const last = chain.value.at(-1);
  if (!last) return fail(noJournal(folder));
  const { header, length, events } = last;
  const isMark = header === since?.header && length === since.length;
  return ok({
    header,
    events: chain.value.flatMap((segment) => segment.events),
    length,
    released: isMark || events.at(-1)?.type === 'writer.released',
    findings: chain.value
      .toReversed()
      .flatMap((segment) => (segment.torn ? [tornAt(segment.header.epoch, segment.length)] : [])),
    epoch: epochs.at(-1) ?? newest,
    sources: chain.value.map((segment) => ({
      file: segmentFile(folder, segment.header.epoch),
      events: segment.events.length,
    })),
  });
}

const noJournal = (folder: string): Failure => ({
  kind: 'unreadable',
  file: folder,
  message: 'the run has no journal',
});

/** The segments that count, oldest first: each names the one before it, and how much of that counts. */
async function readChain(folder: string, newest: number, since?: Mark): Promise<Result<Segment[]>> {
  const chain: Segment[] = [];
  let accepted: number | undefined;
  for (let epoch: number | undefined = newest; epoch !== undefined;) {
    const segment: Result<Segment> =
      epoch === since?.header.epoch
        ? await readRest(folder, since, accepted)
        : await readSegment(folder, epoch, accepted);
    if (!segment.ok) return segment;
    const header: SegmentHeader = segment.value.header;
    chain.unshift(segment.value);
    if (header === since?.header) return ok(chain);
    accepted = header.predecessor?.length;
    epoch = header.predecessor?.epoch;
  }
  return since ? fail(noJournal(folder)) : ok(chain);
}

/** What people are told of a segment that holds more than counts. */
export const tornAt = (epoch: number, length: number): string =>
  `journal.${epoch}.jsonl: what stands behind byte ${length} was not written whole, or too late, and does not count`;

/** A power cut can leave the newest segment without its first line: then nothing was done under it. */
async function lastBegun(folder: string, epochs: readonly number[], known?: number): Promise<number | undefined> {
  for (const epoch of epochs.toReversed()) {
    if (epoch === known) return epoch;
    const bytes = await readBytes(segmentFile(folder, epoch));
    if (!bytes.ok || bytes.value.includes(0x0a)) return epoch;
  }
  return undefined;
}

/** The first line of a segment; undefined where it is none. */
export async function readFirstLine(folder: string, epoch: number): Promise<SegmentHeader | undefined> {
  const file = segmentFile(folder, epoch);
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST_HEADER), 0, LONGEST_HEADER, 0);
    const header = readHeader(file, buffer.toString('utf8', 0, bytesRead).split('\n')[0] ?? '', epoch);
    return header.ok ? header.value : undefined;
  } finally {
    await handle.close();
  }
}

const LONGEST_HEADER = 64 * 1024;

/** Reads one segment; with `limit`, only that many bytes of it count. */
export async function readSegment(folder: string, epoch: number, limit?: number): Promise<Result<Segment>> {
  const file = segmentFile(folder, epoch);
  const bytes = await readBytes(file);
  if (!bytes.ok) return bytes;
  const whole = wholeLength(bytes.value, limit ?? bytes.value.length);
  const [first = '', ...lines] = bytes.value.toString('utf8', 0, whole).split('\n').slice(0, -1);
  const header = readHeader(file, first, epoch);
  if (!header.ok) return header;
  const events: Event[] = [];
  for (const [index, line] of lines.entries()) {
    const event = readEvent(line);
    if (!event) return fail(damaged(file, index + 2));
    events.push(event);
  }
  // The writer after it saw more of it than there is: what is missing cannot be made up.
  if (limit !== undefined && whole < limit) return fail(damaged(file, lines.length + 2));
  return ok({ header: header.value, events, length: whole, torn: whole < bytes.value.length });
}

/** What a segment holds behind a mark; of that too only what a successor accepted. */
async function readRest(folder: string, { header, length }: Mark, limit?: number): Promise<Result<Segment>> {
  const broken = fail(damaged(segmentFile(folder, header.epoch), 1));
  if (limit !== undefined && limit < length) return broken;
  const rest = await readOn(folder, { epoch: header.epoch, from: length }, limit);
  if (!rest.ok) return rest;
  return rest.value.length < (limit ?? 0) ? broken : ok({ header, ...rest.value });
}

/** Whole lines behind `from`; a torn end is left for the next time. With `limit`, what stands behind it does not count. */
export async function readOn(
  folder: string,
  { epoch, from }: { epoch: number; from: number },
  limit?: number,
): Promise<Result<Omit<Segment, 'header'>>> {
  const file = segmentFile(folder, epoch);
  const bytes = await readBytes(file, from);
  if (!bytes.ok) return bytes;
  const whole = wholeLength(bytes.value, limit === undefined ? bytes.value.length : limit - from);
  const events = bytes.value.toString('utf8', 0, whole).split('\n').slice(0, -1).map(readEvent);
  const bad = events.findIndex((event) => event === undefined);
  if (bad >= 0) return fail(damaged(file, bad + 1));
  const torn = whole < bytes.value.length;
  return ok({ events: events.filter((event) => event !== undefined), length: from + whole, torn });
}

/** A last line without its end, or one that a power cut left as zeros, is not whole. */
function wholeLength(bytes: Buffer, limit: number): number {
  let end = bytes.subarray(0, limit).lastIndexOf(0x0a) + 1;
  while (end > 0 && bytes.subarray(0, end - 1).lastIndexOf(0x0a) + 1 > 0) {
    const start = bytes.subarray(0, end - 1).lastIndexOf(0x0a) + 1;
    if (!bytes.subarray(start, end).includes(0)) break;
    end = start;
  }
  return end;
}

async function readBytes(file: string, from = 0): Promise<Result<Buffer>> {
  try {
    return ok(from === 0 ? await readFile(file) : bytesFrom(file, from));
  } catch (error) {
    if (systemError(error).code === 'ENOENT') return fail({ kind: 'unreadable', file, message: 'it is missing' });
    return fail(ioFailure(file, error));
  }
}

function readHeader(file: string, line: string, epoch: number): Result<SegmentHeader> {
  const header = parse(line) as SegmentHeader | undefined;
  if (typeof header?.journal !== 'number') return fail(damaged(file, 1));
  if (header.journal > JOURNAL_FORMAT)
    return fail({ kind: 'newerFormat', file, found: header.journal, known: JOURNAL_FORMAT });
  return header.epoch === epoch && header.writer ? ok(header) : fail(damaged(file, 1));
}

function readEvent(line: string): Event | undefined {
  const event = parse(line) as Event | undefined;
  return typeof event?.type === 'string' && typeof event.at === 'number' ? event : undefined;
}

function parse(line: string): unknown {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const damaged = (file: string, line: number): Failure => ({
  kind: 'invalid',
  file,
  problems: [
    {
      line,
      column: 1,
      message:
        'this line of the journal is damaged. Every commit of the run is still there under refs/orchestrate/runs; start a new run',
    },
  ],
});
