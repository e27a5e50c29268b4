import { readJournal } from '../../engine/journal/journal-reader.ts';
import type { Change, RunSession } from '../../engine/session.ts';
import type { Event } from '../../model/run/event.ts';
import type { RunState } from '../../model/run/state.ts';
import { progress } from '../../model/run/view.ts';
import { Announcer } from '../shown/announcer.ts';
import { countsText } from '../shown/block.ts';
import { Narrator, timed } from '../shown/narrator.ts';
import { count, plain } from '../shown/text.ts';
import type { Terminal } from '../terminal.ts';

/** Shows a run while it goes on. */
export interface View {
  change(change: Change): void;
  /** Leaves the terminal as it was found; nothing is shown afterwards. */
  close(): void | Promise<void>;
}

/** One line for each event worth telling, to standard output. */
export function plainView({ state, ref }: RunSession, terminal: Terminal): View {
  const narrator = new Narrator(state);
  const announcer = new Announcer(state);
  terminal.print(`run ${ref.run}: ${plain(state.plan.objective)} (${count(state.tasks.size, 'task')})`);
  let latest = state;
  const report = (): void => terminal.print(timed(Date.now(), latest, progressLine(latest)));
  const every = state.config.progress === undefined ? undefined : setInterval(report, state.config.progress);
  return {
    change: ({ events, state: now }) => {
      latest = now;
      for (const event of events) {
        const lines = [narrator.tell(event, now) ?? [], announcer.tell(event, now)].flat();
        for (const line of lines) terminal.print(timed(event.at, now, line));
      }
    },
    close: () => clearInterval(every),
  };
}

/** What a progress report says: `progress: 40 %, 4 of 10 done, 2 at work, 1 failed`. */
export function progressLine(state: RunState): string {
  const { total, byStatus, share } = progress(state);
  return `progress: ${Math.round(share * 100)} %, ${countsText(byStatus, total, ', ')}`;
}

/**
 * The journal's own events, one a line, from the first on. What was appended between the opening of the session and
 * the reading of the file comes both ways and is printed once.
 */
export function jsonView({ ref }: RunSession, terminal: Terminal): View {
  const told = new Set<string>();
  const held: Event[] = [];
  let caughtUp = false;
  const print = (event: Event): void => {
    const line = JSON.stringify(event);
    if (!told.delete(line)) terminal.print(line);
  };
  const catchUp = async (): Promise<void> => {
    const journal = await readJournal(ref.folder);
    for (const event of journal.ok ? journal.value.events : []) {
      const line = JSON.stringify(event);
      terminal.print(line);
      told.add(line);
    }
    caughtUp = true;
    for (const event of held.splice(0)) print(event);
  };
  const reading = catchUp();
  return {
    change: ({ events }) => {
      if (!caughtUp) held.push(...events);
      else for (const event of events) print(event);
    },
    close: () => reading,
  };
}
