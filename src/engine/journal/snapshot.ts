import { statSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { type FrontierMarks, Frontier } from '../../model/schedule/frontier.ts';
import type { SegmentHeader } from '../../model/run/event.ts';
import type { RunState } from '../../model/run/state.ts';
import { nodesOf } from '../../model/run/transitions.ts';
import { type Mark, readFirstLine, tornAt } from './journal-reader.ts';
import { keepFile, madeBy, readKeptFile } from '../kept-file.ts';
import { segmentFile, segments, snapshotFile } from '../places.ts';

/** The state at the end of a long journal, so that opening it again need not fold every event. */
export interface Snapshot {
  state: RunState;
  mark: Mark;
  /** What reading the journal up to there would have told. */
  findings: readonly string[];
}

/** Bytes: a shorter journal is read and folded in the time that this would save. */
const LONG = 1024 * 1024;

/** What a snapshot holds: the journal's files as they were, and the state without its frontier, which is no plain data. */
interface Kept {
  header: SegmentHeader;
  files: readonly File[];
  state: Omit<RunState, 'frontier'>;
  frontier: FrontierMarks;
}

/** A segment as it was: nobody writes into one whose writer said goodbye. */
interface File {
  epoch: number;
  size: number;
  mtimeMs: number;
}

/**
 * Keeps the state of a run whose writer has just said goodbye. Only a copy: where it cannot be written, or is lost, the
 * journal says it all.
 */
export async function keepSnapshot(
  folder: string,
  { header, state, long = LONG }: { header: SegmentHeader; state: RunState; long?: number },
): Promise<void> {
  const made = madeBy('snapshot');
  if (made === undefined) return;
  try {
    const files = filesUpTo(folder, header.epoch);
    if (files.reduce((bytes, { size }) => bytes + size, 0) < long) return;
    const { frontier, ...rest } = state;
    const kept: Kept = { header, files, state: rest, frontier: frontier.marks };
    await keepFile(snapshotFile(folder), made, serialize(kept));
  } catch {
    // A state that is no plain data, or files that are gone: it is folded again.
  }
}

/**
 * The snapshot of a run, where it is whole, of this build, written by this user, and the journal's files are those it was
 * made of; undefined otherwise, and then the journal is folded from the start.
 */
export async function readSnapshot(folder: string): Promise<Snapshot | undefined> {
  const made = madeBy('snapshot');
  const body = made === undefined ? undefined : readKeptFile(snapshotFile(folder), made);
  if (!body) return undefined;
  try {
    const { header, files, state, frontier } = deserialize(body) as Kept;
    const now = filesUpTo(folder, header.epoch);
    if (JSON.stringify(now) !== JSON.stringify(files)) return undefined;
    const whole = Object.assign(state, { frontier: Frontier.from(nodesOf(state.tasks, state.graph), frontier) });
    const length = files.at(-1)?.size ?? 0;
    return { state: whole, mark: { header, length }, findings: await tornBefore(folder, header, files) };
  } catch {
    return undefined; // whatever it is, it is none
  }
}

const filesUpTo = (folder: string, last: number): File[] =>
  segments(folder)
    .filter((epoch) => epoch <= last)
    .map((epoch) => {
      const { size, mtimeMs } = statSync(segmentFile(folder, epoch));
      return { epoch, size, mtimeMs };
    });

/** Segments of which the next writer did not accept all. */
async function tornBefore(folder: string, { predecessor }: SegmentHeader, files: readonly File[]): Promise<string[]> {
  if (!predecessor) return [];
  const { epoch, length } = predecessor;
  const size = files.find((file) => file.epoch === epoch)?.size ?? length;
  const header = await readFirstLine(folder, epoch);
  const before = header ? await tornBefore(folder, header, files) : [];
  return size > length ? [tornAt(epoch, length), ...before] : before;
}
