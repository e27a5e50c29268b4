import { evolve } from '../model/evolve.ts';
import { fail, ok, type Result } from '../model/failure.ts';
import { begin } from '../model/begin.ts';
import type { RunState } from '../model/state.ts';
import { type Journal, placeOf, readJournal } from './journal-reader.ts';

/** A run's journal and the state it comes to. Fails as `readJournal` and `foldAll` do. */
export async function readWhole(folder: string): Promise<Result<{ journal: Journal; state: RunState }>> {
  const journal = await readJournal(folder);
  if (!journal.ok) return journal;
  const state = foldAll(journal.value);
  return state.ok ? ok({ journal: journal.value, state: state.value }) : state;
}

/** The state after all of a journal's events. Fails, with the place, where they do not make sense together. */
function foldAll(journal: Journal): Result<RunState> {
  const [first, ...others] = journal.events;
  const senseless = (index: number, message: string): Result<never> => {
    const { file, line } = placeOf(journal, index);
    return fail({ kind: 'invalid', file, problems: [{ line, column: 1, message }] });
  };
  if (first?.type !== 'run.started') return senseless(0, 'the journal does not begin with run.started');
  let index = 0;
  try {
    const state = begin(first);
    for (const event of others) {
      index += 1;
      evolve(state, event);
    }
    return ok(state);
  } catch (error) {
    return senseless(index, error instanceof Error ? error.message : String(error));
  }
}
