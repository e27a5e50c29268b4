import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole } from '../src/engine/journal/fold.ts';
import { segmentFile } from '../src/engine/places.ts';
import { keepSnapshot } from '../src/engine/journal/snapshot.ts';
import { type Event, JOURNAL_FORMAT } from '../src/model/run/event.ts';
import { rest, statusOf } from '../src/model/run/view.ts';
import { ownIdentity } from '../src/process/identity.ts';
import { value } from '../test/rig/run.ts';
import { Simulation, task } from '../test/rig/simulation.ts';
import { takeTurns, type Variant } from './measure.ts';
import { gains, type Line } from './row.ts';
import type { Scratch } from './scratch.ts';

const EVENTS = 1_000_000;
const TASKS = 50;

/** What it costs to open a run whose agents had much to say: from its snapshot, and from its first event on. */
export async function openingOfJournals(scratch: Scratch, rounds: number): Promise<Line[]> {
  const folder = join(scratch.folder, 'long-run');
  await writeRun(folder);
  const turns = { rounds: Math.min(rounds, 5), budget: 40_000, warmUp: true };
  const [quick, slow] = await takeTurns<Opened>([opened(folder, 'from its snapshot'), opened(folder, 'replay')], turns);
  return [
    {
      row: 11,
      what: `journal of ${EVENTS} events`,
      against: 'full replay',
      ...gains(quick, slow),
      target: { atLeast: 500, unit: 'x' },
    },
  ];
}

/** Four agents at work that tell how far they are, over and over. */
async function writeRun(folder: string): Promise<void> {
  const simulation = new Simulation(
    Array.from({ length: TASKS }, (_, at) => task(`t${at}`)),
    {},
    { takes: () => 1e9 },
  );
  const events = simulation.approve().run(100_000, 1_000_000).events;
  const jobs = [...simulation.state.open.keys()];
  mkdirSync(folder, { recursive: true });
  const header = {
    journal: JOURNAL_FORMAT,
    run: 'p-1',
    epoch: 1,
    writer: { ...(await ownIdentity()), by: 'cli' as const },
  };
  const file = openSync(segmentFile(folder, 1), 'w');
  const write = (lines: readonly object[]): unknown =>
    writeSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  write([header, ...events]);
  const [block, goodbye] = [10_000, 1];
  for (let many = events.length + goodbye; many < EVENTS; many += block)
    write(Array.from({ length: Math.min(block, EVENTS - many) }, (_, at) => reportOf(jobs, many + at)));
  write([{ at: 2_000_000, type: 'writer.released' } satisfies Event]);
  closeSync(file);
  const { state } = await built(() => readWhole(folder).then(value), undefined);
  await built(() => keepSnapshot(folder, { header, state }), 'bench');
}

const reportOf = (jobs: readonly string[], at: number): Event => ({
  at: 1_000_000 + Math.floor(at / 10),
  type: 'job.reported',
  job: jobs[at % jobs.length] ?? '',
  line: Math.floor(at / jobs.length) + 1,
  report: { type: 'progress', state: 'working', text: `step ${at}`, percent: at % 100 },
});

interface Opened {
  said: string;
}

const opened = (folder: string, name: 'from its snapshot' | 'replay'): Variant<Opened> => ({
  name,
  prepare: () => ({ said: '' }),
  run: async (opening) => {
    const { state, journal } = value(await built(() => readWhole(folder), name === 'replay' ? undefined : 'bench'));
    const tasks = [...state.tasks.values()].map((one) => [statusOf(state, one), one.attempts.at(-1)?.progress]);
    opening.said = JSON.stringify([rest(state), state.at, journal.length, journal.released, tasks]);
  },
  answer: ({ said }) => said,
});

/** No snapshot is taken or read by what is not built. */
async function built<T>(work: () => Promise<T>, build: string | undefined): Promise<T> {
  if (build === undefined) delete process.env['ORCHESTRATE_BUILD'];
  else process.env['ORCHESTRATE_BUILD'] = build;
  return work();
}
