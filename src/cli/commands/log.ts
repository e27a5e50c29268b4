import { readJournal } from '../../engine/journal/journal-reader.ts';
import { begin } from '../../model/run/begin.ts';
import type { RunState } from '../../model/run/state.ts';
import { evolve } from '../../model/run/evolve.ts';
import type { Event } from '../../model/run/event.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Announcer } from '../shown/announcer.ts';
import { Narrator, timed } from '../shown/narrator.ts';
import { pickRun } from '../pick.ts';
import { plain } from '../shown/text.ts';

export const log: Command = {
  summary: 'tell a run from its beginning; with --json its journal, one event a line',
  places: ['[run]'],
  options: ['run', 'json'],
  run: tellRun,
};

function tellRun(call: Call): Promise<Result<ExitCode>> {
  const { terminal, options, positionals } = call;
  return inRepository(call, async (repository) => {
    const ref = await pickRun(repository, positionals[0] ?? options.run);
    if (!ref.ok) return ref;
    const journal = await readJournal(ref.value.folder);
    if (!journal.ok) return journal;
    const { events, findings } = journal.value;
    terminal.note(...findings.map(plain));
    terminal.print(...(options.json ? events.map((event) => JSON.stringify(event)) : told(events)));
    return ok(EXIT.merged);
  });
}

function told(events: readonly Event[]): string[] {
  const narrator = new Narrator();
  const announcer = new Announcer();
  let state: RunState | undefined;
  return events.flatMap((event) => {
    if (event.type === 'run.started') state = begin(event);
    else if (state) evolve(state, event);
    if (!state) return [];
    const now = state;
    return [narrator.tell(event, now) ?? [], announcer.tell(event, now)]
      .flat()
      .map((line) => timed(event.at, now, line));
  });
}
