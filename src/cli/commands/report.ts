import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readReport } from '../../engine/past/report.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { reportPage } from '../../model/report/page.ts';
import type { Report } from '../../model/report/report.ts';
import { writeByRename } from '../../process/durable.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pickRun } from '../pick.ts';
import { clockText, plain, timeText } from '../shown/text.ts';

export const report: Command = {
  summary: 'a report of a run in Markdown: where it stands, or what came of it and what is left',
  more:
    'A run is named by its id, the beginning of it, or its plan_id. While it is open: what waits for whom, what comes next,\n' +
    'what may go wrong. When it is over: what was done and how it was proven, what people decided, where the time went,\n' +
    'what is unresolved. With --json: the same as one object. With --output: into that file, which must not be there yet.',
  places: ['[run]'],
  options: ['run', 'json', 'output', 'force'],
  run: (call) =>
    inRepository(call, async (repository) => {
      const ref = await pickRun(repository, call.positionals[0] ?? call.options.run);
      if (!ref.ok) return ref;
      const told = await readReport(ref.value, timeText);
      if (!told.ok) return told;
      return give(call, call.options.json ? JSON.stringify(told.value, undefined, 2) : pageOf(told.value));
    }),
};

const pageOf = (told: Report): string => reportPage(told, { clock: clockText, span: timeText }).trimEnd();

/** To standard output, or into the file that was named. */
async function give({ terminal, options: { output, force }, cwd }: Call, text: string): Promise<Result<ExitCode>> {
  if (output === undefined) {
    terminal.print(text);
    return ok(EXIT.merged);
  }
  const path = resolve(cwd, output);
  if (existsSync(path) && !force)
    return fail({ kind: 'refused', reason: `${output} is there already: name another file, or add --force.` });
  const written = await writeByRename(path, `${text}\n`);
  if (!written.ok) return written;
  terminal.note(`wrote ${plain(output)}`);
  return ok(EXIT.merged);
}
