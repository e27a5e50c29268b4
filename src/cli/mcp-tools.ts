import { resolve } from 'node:path';
import { isDriven } from '../engine/driven.ts';
import { createRun, prepareRun, readRun } from '../engine/runs.ts';
import type { Repository } from '../git/repository.ts';
import { describe, fail, ok, type Result } from '../model/failure.ts';
import { shortAccountOf } from '../model/shown/account.ts';
import { analyze } from './commands/analyze.ts';
import type { Call, Command } from './call.ts';
import { log } from './commands/log.ts';
import { pickRun } from './pick.ts';
import { validate } from './commands/validate.ts';
import { wayBelow } from '../process/below.ts';

/** Something another program may do here. */
export interface Tool {
  name: string;
  title: string;
  /** For a model: when to use it, and what it gives. */
  description: string;
  /** What it takes, all of it text: name → what it means. Those with `?` at the end may be left out. */
  input: Readonly<Record<string, string>>;
  reads: boolean;
  /** Gives a text, of JSON where it says so; the failure is one too. */
  use: (input: Readonly<Record<string, string>>) => Promise<Result<string, string>>;
}

/** What other programs may do with runs: look at them, check a file, and put a plan before the person. Nothing says yes. */
export const mcpTools = (call: Call, repository: Repository): Tool[] => [
  {
    name: 'orchestrate_status',
    title: 'State of a run',
    description:
      'Tells where the newest unfinished run in this repository stands, or the one named, as JSON: how many tasks are done, which are at work, failed or waiting, what waits for the person, and on which branch the merged result is.',
    input: { 'run?': 'The id of a run, the beginning of it, or the plan_id of its plan.' },
    reads: true,
    use: ({ run }) => status(repository, run),
  },
  {
    name: 'orchestrate_log',
    title: 'What happened in a run',
    description: 'Tells what happened in a run, a line for each event that people are told of: its last 200.',
    input: { 'run?': 'The id of a run, the beginning of it, or the plan_id of its plan.' },
    reads: true,
    use: async ({ run }) => {
      const told = await printed(call, log, { positionals: run === undefined ? [] : [run] });
      return told.ok ? ok(told.value.split('\n').slice(-200).join('\n')) : told;
    },
  },
  {
    name: 'orchestrate_validate',
    title: 'Check a file',
    description:
      'Checks a plan (docs/plan/<id>/plan.yaml), its PRD, orchestrate.yaml or another file that Orchestrate reads, and tells each mistake with line and column, as JSON. Use it after every edit of such a file.',
    input: { file: 'Its path, relative to the root of the repository, or the id of a plan.' },
    reads: true,
    use: ({ file = '' }) => ofFile(call, repository, { command: validate, file }),
  },
  {
    name: 'orchestrate_analyze',
    title: 'What a plan will touch',
    description:
      'Tells of each task of a plan, as JSON: its type and complexity, the files it will touch, which tasks would be in conflict and why, and how long it may take. Asks no model.',
    input: { plan: 'The path of the plan, relative to the root of the repository, or its id.' },
    reads: true,
    use: ({ plan = '' }) => ofFile(call, repository, { command: analyze, file: plan }),
  },
  {
    name: 'orchestrate_start',
    title: 'Put a plan before the person',
    description:
      'Makes a run of a plan. Nothing is done before the person has approved it, which this cannot: tell them how, as it says.',
    input: { plan: 'The path of the plan, relative to the root of the repository, or its id.' },
    reads: false,
    use: ({ plan = '' }) => start(repository, plan),
  },
];

async function status(repository: Repository, named: string | undefined): Promise<Result<string, string>> {
  const ref = await pickRun(repository, named);
  if (!ref.ok) return fail(describe(ref.failure));
  const state = await readRun(ref.value);
  if (!state.ok) return fail(describe(state.failure));
  const driven = !state.value.ended && (await isDriven(ref.value));
  return ok(JSON.stringify({ run: ref.value.run, driven, ...shortAccountOf(state.value) }));
}

/** Nothing outside the repository is read for another program. */
async function ofFile(
  call: Call,
  { root }: Repository,
  { command, file }: { command: Command; file: string },
): Promise<Result<string, string>> {
  if (wayBelow(root, resolve(root, file)) === undefined) return fail('The file has to lie in the repository.');
  return printed({ ...call, cwd: root }, command, { positionals: [file], options: { json: true } });
}

async function start(repository: Repository, planFile: string): Promise<Result<string, string>> {
  const prepared = await prepareRun(repository, { planFile });
  const made = prepared.ok ? await createRun(repository, prepared.value, 'cli') : prepared;
  if (!made.ok) return fail(describe(made.failure));
  const { run } = made.value;
  return ok(
    `Run ${run} waits for the person. They review and approve it in the tree of Orchestrate in VS Code, or with: orchestrate resume ${run}`,
  );
}

/** What a command prints; what it only notes where it fails, or has nothing else to say. */
async function printed(
  call: Call,
  command: Command,
  words: Partial<Pick<Call, 'positionals' | 'options'>>,
): Promise<Result<string, string>> {
  const [lines, notes]: [string[], string[]] = [[], []];
  const terminal = {
    ...call.terminal,
    print: (...said: readonly string[]) => void lines.push(...said),
    note: (...said: readonly string[]) => void notes.push(...said),
  };
  const done = await command.run({ ...call, options: {}, ...words, terminal });
  if (!done.ok) return fail(describe(done.failure));
  return ok((lines.length > 0 ? lines : notes).join('\n'));
}
