import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { newestOfPlans } from '../../engine/past/past-runs.ts';
import { readReport, readRetrospect } from '../../engine/past/report.ts';
import type { RunRef } from '../../engine/session.ts';
import type { Repository } from '../../git/repository.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import { reportPage } from '../../model/report/page.ts';
import { retrospectPage } from '../../model/report/retrospect-page.ts';
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
    'what is unresolved. Of several, or with --all of the newest run of each plan: what they leave together, what people\n' +
    'decided, what failed in more than one. With --json: the same as one object. With --output: into that file, which must\n' +
    'not be there yet.',
  places: ['[run …]'],
  options: ['run', 'all', 'json', 'output', 'force'],
  run: (call) =>
    inRepository(call, async (repository) => {
      const { json, all } = call.options;
      if (all || call.positionals.length > 1) return together(call, repository);
      const ref = await pickRun(repository, call.positionals[0] ?? call.options.run);
      if (!ref.ok) return ref;
      const told = await readReport(ref.value, timeText);
      if (!told.ok) return told;
      return give(call, json ? JSON.stringify(told.value, undefined, 2) : reportPage(told.value, CLOCKS).trimEnd());
    }),
};

const CLOCKS = { clock: clockText, span: timeText };

/** What several runs leave: those that are named, or the newest of each plan. */
async function together(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const { positionals, options } = call;
  if (options.all && positionals.length > 0) return refuse('Name the runs, or say --all.');
  const refs = options.all ? ok(await newestOfPlans(repository)) : await pickRuns(repository, positionals);
  if (!refs.ok) return refs;
  if (refs.value.length === 0) return refuse('Nothing has run here yet. Start a plan: orchestrate run');
  const told = await readRetrospect(refs.value, timeText);
  if (!told.ok) return told;
  return give(
    call,
    options.json ? JSON.stringify(told.value, undefined, 2) : retrospectPage(told.value, CLOCKS).trimEnd(),
  );
}

async function pickRuns(repository: Repository, names: readonly string[]): Promise<Result<RunRef[]>> {
  const picked: RunRef[] = [];
  for (const name of names) {
    const ref = await pickRun(repository, name);
    if (!ref.ok) return ref;
    picked.push(ref.value);
  }
  return ok(picked);
}

/** To standard output, or into the file that was named. */
async function give({ terminal, options: { output, force }, cwd }: Call, text: string): Promise<Result<ExitCode>> {
  if (output === undefined) {
    terminal.print(text);
    return ok(EXIT.merged);
  }
  const path = resolve(cwd, output);
  if (existsSync(path) && !force) return refuse(`${output} is there already: name another file, or add --force.`);
  const written = await writeByRename(path, `${text}\n`);
  if (!written.ok) return written;
  terminal.note(`wrote ${plain(output)}`);
  return ok(EXIT.merged);
}
