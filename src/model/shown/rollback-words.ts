import { rollbackOf } from '../run/rollback.ts';
import type { RunState } from '../run/state.ts';
import type { Rollback } from '../run/event.ts';

/** What taking back results comes to, a line for each kind of thing; names are in the order of the plan. */
export function rollbackLines(state: RunState, tasks: readonly string[]): string[] {
  const rollback = rollbackOf(state, tasks);
  const { gone, kept, brought } = rollback;
  const live = [...state.live].flatMap(({ task, stage }) => (gone.includes(task) && stage.at !== 'queued' ? task : []));
  return [
    ...line('goes back, and is to do again from the start', gone),
    ...line('is stopped, and what it has made is kept', live),
    ...line(
      'stays: its result is merged again as it is',
      kept.map(({ task }) => task),
    ),
    ...line('stays: its change is tried on the new tip, by the gates alone', brought),
    `the result goes back to ${shortOf(rollback.to)} from ${shortOf(rollback.from)}, ${whereTo(state, rollback)}`,
  ];
}

/** Where what was merged before stays to be found. */
export const undoneRef = (run: string, number: number): string => `refs/orchestrate/runs/${run}/undone/${number}`;

const line = (what: string, tasks: readonly string[]): string[] =>
  tasks.length === 0 ? [] : [`${what}: ${tasks.join(', ')}`];

const shortOf = (commit: string): string => commit.slice(0, 10);

const whereTo = (state: RunState, { from, to }: Rollback): string =>
  from === to
    ? 'which is where it is'
    : `which stays under ${undoneRef(state.run, state.rollbacks.length + 1)} (git branch <name> <ref> brings it back)`;
