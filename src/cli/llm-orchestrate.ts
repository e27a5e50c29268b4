import { join, resolve } from 'node:path';
import type { Imported } from '../formats/imported.ts';
import { importFiles } from '../formats/registry.ts';
import { defined } from '../model/defined.ts';
import { openRepository } from '../git/repository.ts';
import { fail, ok, refuse, type Result } from '../model/failure.ts';
import { type Call, complain, inRepository, startFolder } from './call.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { gatesOf, isRefused, writePlan } from '../engine/plans/import.ts';
import { invalid } from '../engine/runs.ts';
import { readFiles } from '../engine/plans/import-files.ts';
import { problemLines } from './shown/import-account.ts';
import { FLAGS, type Flags, readFlags, scopeFor } from './llm-orchestrate-flags.ts';
import { run } from './commands/run.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Imports the plan and runs it as `orchestrate run` does. */
async function main(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const flags = readFlags(words);
  const done = flags.ok ? await start(flags.value, terminal) : flags;
  return done.ok ? done.value : complain(terminal, 'llm-orchestrate', done.failure);
}

async function start(flags: Flags, terminal: Terminal): Promise<Result<ExitCode>> {
  if (flags.help) {
    const lines = Object.entries(FLAGS).map(([name, { help }]) => `  --${name.padEnd(18)}${help}`);
    terminal.print('llm-orchestrate --plan <file>: import a plan and run it', '', ...lines);
    return ok(EXIT.merged);
  }
  const { plan } = flags;
  if (plan === undefined) return refuse('--plan is needed: llm-orchestrate --plan parallel-plan.json');
  const folder = startFolder(flags.cwd);
  if (!folder.ok) return folder;
  const cwd = folder.value;
  const repository = openRepository(cwd);
  const call: Call = { terminal, cwd, repository, positionals: [], options: {}, runner: join(__dirname, 'runner.cjs') };
  return inRepository(call, async ({ root }) => {
    const written = await importPlan({ plan: resolve(cwd, plan), root, flags, terminal });
    if (!written.ok) return written;
    const { mode, platform, 'batch-size': batch, 'correlation-mode': correlation, yes, json } = flags;
    const options = {
      ...(mode === undefined ? {} : { mode }),
      ...defined({ platform, 'batch-size': batch, 'correlation-mode': correlation, scope: scopeFor(flags) }),
      ...(yes ? { yes } : {}),
      ...(json ? { json } : {}),
    };
    return run.run({ ...call, positionals: [join(root, written.value)], options });
  });
}

interface Wanted {
  plan: string;
  root: string;
  flags: Flags;
  terminal: Terminal;
}

/** The plan's file relative to the root, written now or there already. */
async function importPlan({ plan, root, flags, terminal }: Wanted): Promise<Result<string>> {
  const read = await readOne({ plan, root, flags, terminal });
  if (!read.ok) return read;
  terminal.note(...problemLines(read.value));
  const done = await writePlan(read.value, { root, dry: false, force: false, written: new Set() });
  if (!done.ok) return done;
  const { target } = done.value;
  if (target && target.written !== 'differs') return ok(target.file);
  const file = target?.file ?? 'The plan';
  return refuse(`${file} is there and differs. Look at both, then: orchestrate import --force ${plan}`);
}

async function readOne({ plan, root, flags }: Wanted): Promise<Result<Imported>> {
  const files = await readFiles(plan, root);
  if (!files.ok) return files;
  const options = { ...files.value, gates: await gatesOf(root) };
  const { imported } = importFiles(files.value.files, options);
  const [one, ...others] = imported.filter((each) => each.plan !== undefined || isRefused(each));
  if (!one || others.length > 0)
    return refuse(`${plan} holds ${one ? 'several plans' : 'no plan'}. Name a file with one.`);
  const strict = flags['quality-gates'] === 'strict';
  const problems = one.problems.map((each) =>
    strict && each.code === 'unknown-gate' ? { ...each, severity: 'error' as const } : each,
  );
  return isRefused({ ...one, problems }) ? fail(invalid(one.files[0] ?? plan, problems)) : ok({ ...one, problems });
}

async function end(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), openTerminal());
}

void end();
