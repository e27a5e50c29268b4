import { isAlive } from '../process/identity.ts';
import { feelPulse } from '../process/pulse.ts';
import { type JournalEnd, readJournal } from './journal/journal-reader.ts';
import type { RunRef } from './session.ts';

/** Whether somebody drives a run now, or may. */
export async function isDriven({ folder }: RunRef): Promise<boolean> {
  const journal = await readJournal(folder);
  return journal.ok && !(await isFree(journal.value));
}

/** Nobody writes: the last writer said goodbye, or is provably dead. Another host's is never taken for dead. */
export async function isFree({ header, released }: JournalEnd): Promise<boolean> {
  if (released) return true;
  const liveness = await isAlive(header.writer);
  if (liveness !== 'alive') return liveness === 'dead';
  if (header.pulse === undefined) return false;
  const socket = await feelPulse(header.pulse);
  socket?.destroy();
  return socket === undefined;
}
