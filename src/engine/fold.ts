import type { Event } from '../model/event.ts';
import { evolve } from '../model/evolve.ts';
import { fail, ok, type Result } from '../model/failure.ts';
import { begin, type RunState } from '../model/state.ts';

/** The state after all of a journal's events. Fails where they do not make sense together. */
export function foldAll(events: readonly Event[], file: string): Result<RunState> {
  const [first, ...others] = events;
  if (first?.type !== 'run.started')
    return fail({ kind: 'unreadable', file, message: 'the journal does not begin with run.started' });
  try {
    return ok(others.reduce((state, event) => evolve(state, event), begin(first)));
  } catch (error) {
    return fail({ kind: 'unreadable', file, message: error instanceof Error ? error.message : String(error) });
  }
}
