import { statSync } from 'node:fs';
import type { Took } from '../../analysis/measured.ts';
import { kindOf } from '../../analysis/plan-times.ts';
import type { RunState } from '../../model/run/state.ts';
import { workOf } from '../../model/run/timeline.ts';
import { readWhole } from '../journal/fold.ts';
import { keepFile, madeBy, readKeptFile } from '../kept-file.ts';
import { segmentFile, segments, tookFile } from '../places.ts';
import type { RunRef } from '../session.ts';

/** Runs of a repository that are looked at, the last ones. */
export const RUNS = 40;

/** What the tasks of the last of these runs took, as their journals say. A run that cannot be read says nothing. */
export async function measuredIn(runs: readonly RunRef[]): Promise<Took[]> {
  const took: Took[] = [];
  // One after the other: each journal may be large, and only what is told of it stays.
  for (const run of runs.slice(-RUNS)) took.push(...(await tookIn(run)));
  return took;
}

/** Of one run: from the copy beside its journal where that tells of the journal as it is, which is made where it has ended. */
async function tookIn({ folder }: RunRef): Promise<readonly Took[]> {
  const made = madeBy(`took ${journalMark(folder)}`);
  const kept = made === undefined ? undefined : readKeptFile(tookFile(folder), made);
  if (kept) return JSON.parse(kept.toString('utf8')) as Took[];
  const read = await readWhole(folder);
  if (!read.ok) return [];
  const { state } = read.value;
  const took = tookBy(state);
  if (made !== undefined && state.ended) await keepFile(tookFile(folder), made, Buffer.from(JSON.stringify(took)));
  return took;
}

/** Changes with every line of the journal. */
const journalMark = (folder: string): string =>
  segments(folder)
    .map((epoch) => `${epoch}:${statSync(segmentFile(folder, epoch), { throwIfNoEntry: false })?.size ?? 0}`)
    .join(',');

/** Of the tasks that agents did to the end; a plan that is made is no task like others. */
function tookBy(state: RunState): Took[] {
  const { approval, planning } = state;
  if (approval.kind !== 'given' || planning) return [];
  return [...state.tasks.values()].flatMap((task) => {
    const agent = state.agents[task.task.id];
    const merged = task.settled?.kind === 'done' ? task.attempts.at(-1)?.stretches.at(-1) : undefined;
    if (!merged || agent === undefined || agent.manual) return [];
    const kind = kindOf(task.task, agent.name);
    return [{ kind, took: workOf(state, task, state.at), toldAt: approval.at, doneAt: merged.from }];
  });
}
