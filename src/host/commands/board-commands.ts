import { anyRun } from '../any-run.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';

export const boardCommands = (parts: Parts): Pick<Handlers, 'orchestrate.showRun'> => ({
  'orchestrate.showRun': (argument) => showRun(parts, argument),
});

/** The page of the run that is meant. */
async function showRun(parts: Parts, argument: unknown): Promise<void> {
  const run = targetOf(argument).run ?? (await anyRun(parts, argument))?.run;
  if (run !== undefined) parts.boards.show(run);
}
