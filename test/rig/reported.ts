import { strict as assert } from 'node:assert';
import { type Report, reportOf } from '../../src/model/report/report.ts';
import { begin } from '../../src/model/run/begin.ts';
import { type Decision, decisionIn, isByPerson } from '../../src/model/shown/decision.ts';
import type { Event } from '../../src/model/run/event.ts';
import { evolve } from '../../src/model/run/evolve.ts';
import type { RunState } from '../../src/model/run/state.ts';
import type { Simulation } from './simulation.ts';

const span = (milliseconds: number): string => `${milliseconds} ms`;
/** Times as they are. */
export const clocks = { clock: (at: number): string => `at ${at}`, span };

/** What people decided in a run, as its journal tells. */
function decided([first, ...events]: readonly Event[]): Decision[] {
  assert.equal(first?.type, 'run.started');
  const state: RunState = begin(first);
  return events.flatMap((event) => {
    const decision = isByPerson(event) ? decisionIn(event, state) : [];
    evolve(state, event);
    return decision;
  });
}

/** The report of a simulated run as it stands. */
export const reported = ({ state, events, now }: Simulation): Report =>
  reportOf(state, { now, decisions: decided(events), span });

/** The lines of a section; empty where there is none. */
export const sectionOf = (markdown: string, title: string): string[] =>
  (markdown.split(`## ${title}\n`)[1] ?? '')
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line !== '');
