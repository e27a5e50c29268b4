import { open } from 'node:fs/promises';
import { jobFolder } from '../../engine/places.ts';
import type { RunRef } from '../../engine/session.ts';
import { eventIn, readableLines } from '../../agents/readable.ts';
import { outputFile, rawFile } from '../../process/job-folder.ts';
import type { RunState } from '../../model/run/state.ts';
import { plain } from './text.ts';

/** How much of the end of an output is looked at, in bytes. */
const END = 8192;

/** The last line that each job at work printed, by its intent. */
export async function lastWords(ref: RunRef, state: RunState): Promise<Map<string, string>> {
  const jobs = [...state.open.values()].filter((intent) => intent.type === 'job.intended').slice(0, 32);
  const said = await Promise.all(
    jobs.map(async ({ intent, purpose }) => {
      const folder = jobFolder(ref, intent);
      const line =
        purpose.kind === 'agent' ? lastSaid(await tail(outputFile(folder))) : lastLine(await tail(rawFile(folder)));
      return line === undefined ? [] : [[intent, line] as const];
    }),
  );
  return new Map(said.flat());
}

function lastSaid(text: string): string | undefined {
  for (const line of text.split('\n').toReversed()) {
    // The first of the lines looked at is seldom whole, and the last may be being written.
    const event = eventIn(line);
    const said = event && readableLines(event).findLast((one) => one.trim() !== '');
    if (said !== undefined) return plain(said);
  }
  return undefined;
}

const lastLine = (text: string): string | undefined =>
  text
    .split('\n')
    .map(plain)
    .findLast((line) => line !== '');

async function tail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, END));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, Math.max(0, size - END));
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
