import { evolve } from '../../model/run/evolve.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { begin } from '../../model/run/begin.ts';
import type { RunState } from '../../model/run/state.ts';
import { type Journal, type JournalEnd, placeOf, readJournal } from './journal-reader.ts';
import { readSnapshot } from './snapshot.ts';

/** How a journal ends, and the state it comes to. */
interface Whole {
  journal: JournalEnd;
  state: RunState;
}

/** The state a run's journal comes to: from its snapshot, where there is one, and what happened since. Fails as `readJournal` and `foldAll` do. */
export async function readWhole(folder: string): Promise<Result<Whole>> {
  const known = await readOn(folder);
  if (known) return ok(known);
  const journal = await readJournal(folder);
  if (!journal.ok) return journal;
  const state = foldAll(journal.value);
  return state.ok ? ok({ journal: journal.value, state: state.value }) : state;
}

/** Undefined where there is no snapshot, or what came since does not go with it: then only the journal counts. */
async function readOn(folder: string): Promise<Whole | undefined> {
  const snapshot = await readSnapshot(folder);
  const since = snapshot && (await readJournal(folder, snapshot.mark));
  if (!snapshot || !since?.ok) return undefined;
  const { state } = snapshot;
  try {
    for (const event of since.value.events) evolve(state, event);
    return { state, journal: { ...since.value, findings: [...since.value.findings, ...snapshot.findings] } };
  } catch {
    return undefined; // the replay will say where it makes no sense
  }
}

/** The state after all of a journal's events. Fails, with the place, where they do not make sense together. */
const foldAll = (journal: Journal): Result<RunState> => foldOn(journal, journal.events.length);

/**
 * The state after the first `upTo` events of a journal, at least one; goes on from `known`, which it changes, where that
 * is there. Fails as `foldAll` does.
 */
export function foldOn(journal: Journal, upTo: number, known?: { state: RunState; events: number }): Result<RunState> {
  let index = known?.events ?? 0;
  try {
    const [first] = journal.events;
    if (first?.type !== 'run.started') throw new Error('the journal does not begin with run.started');
    const state = known?.state ?? begin(first);
    for (index = Math.max(1, index); index < upTo; index += 1) evolve(state, journal.events[index]!);
    return ok(state);
  } catch (error) {
    const { file, line } = placeOf(journal, index);
    const message = error instanceof Error ? error.message : String(error);
    return fail({ kind: 'invalid', file, problems: [{ line, column: 1, message }] });
  }
}
