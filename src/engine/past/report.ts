import { durationsOf } from '../../analysis/plan-times.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type Report, reportOf } from '../../model/report/report.ts';
import { type Retrospect, retrospectOf } from '../../model/report/retrospect.ts';
import { type Decision, decisionIn, isByPerson } from '../../model/shown/decision.ts';
import type { RunState } from '../../model/run/state.ts';
import { foldOn } from '../journal/fold.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { expectedTimes } from './past-runs.ts';
import type { RunRef } from '../session.ts';

/** The report of a run as it stands now; `span` writes milliseconds. Fails as reading a run does. */
export async function readReport(ref: RunRef, span: (milliseconds: number) => string): Promise<Result<Report>> {
  const past = await readPast(ref);
  if (!past.ok) return past;
  const { state, decisions } = past.value;
  const durations = state.ended ? undefined : durationsOf(await expectedTimes(ref.repository, state, state.run));
  return ok(reportOf(state, { now: Date.now(), decisions, durations, span }));
}

/** What several runs leave together, in this order. */
export async function readRetrospect(
  refs: readonly RunRef[],
  span: (milliseconds: number) => string,
): Promise<Result<Retrospect>> {
  const told: Report[] = [];
  // One after the other: each journal may be large, and only what is told of it stays.
  for (const ref of refs) {
    const one = await readReport(ref, span);
    if (!one.ok) return one;
    told.push(one.value);
  }
  return ok(retrospectOf(told));
}

/** What a run is now, and what people decided on the way, oldest first: of that the state alone keeps too little. */
async function readPast({ folder }: RunRef): Promise<Result<{ state: RunState; decisions: readonly Decision[] }>> {
  const journal = await readJournal(folder);
  if (!journal.ok) return journal;
  const { events } = journal.value;
  const decisions: Decision[] = [];
  let known: { state: RunState; events: number } | undefined;
  for (const [index, event] of events.entries()) {
    if (index === 0 || !isByPerson(event)) continue;
    const before = foldOn(journal.value, index, known);
    if (!before.ok) return before;
    known = { state: before.value, events: index };
    decisions.push(decisionIn(event, before.value));
  }
  const state = foldOn(journal.value, events.length, known);
  return state.ok ? ok({ state: state.value, decisions }) : state;
}
