import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { describe, fail, ok, type Failure, type Result } from '../model/failure.ts';
import { meant } from '../model/text/nearest.ts';
import { type Arguments, readArguments, type Signature } from './arguments.ts';
import { type Command, startFolder } from './call.ts';
import { type CommandName, COMMANDS, helpOn, helpText } from './commands.ts';
import { EXIT, type ExitCode, exitOfFailure } from './exit.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { plainLines } from './text.ts';

const HELP: Signature = { places: ['[command]'], options: [] };
const TABLE: Record<CommandName | 'help', () => Promise<Signature>> = { ...COMMANDS, help: async () => HELP };

/** The command line: reads the arguments, calls the command, ends with its code. Expected failures become words. */
async function main(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const read = await readArguments(words, TABLE);
  if (!read.ok) return complain(terminal, read.failure, 'See: orchestrate help');
  const done = await call(read.value, terminal);
  return done.ok ? done.value : complain(terminal, done.failure);
}

async function call(
  { command, positionals, options }: Arguments<CommandName | 'help'>,
  terminal: Terminal,
): Promise<Result<ExitCode>> {
  if (options.version) {
    terminal.print(manifest.version);
    return ok(EXIT.merged);
  }
  if (command === 'help') return help(positionals[0], terminal);
  if (options.help) return help(command, terminal);
  const cwd = startFolder(options.cwd);
  if (!cwd.ok) return cwd;
  const runner = join(__dirname, 'runner.cjs');
  const asked: Command = await COMMANDS[command]();
  return asked.run({ terminal, cwd: cwd.value, positionals, options, runner });
}

async function help(about: string | undefined, terminal: Terminal): Promise<Result<ExitCode>> {
  const names = Object.keys(COMMANDS);
  const name = names.find((known): known is CommandName => known === about);
  if (about !== undefined && name === undefined)
    return fail({ kind: 'refused', reason: `there is no command "${about}".${meant(about, names)}` });
  terminal.print(...(await (name === undefined ? helpText() : helpOn(name))));
  return ok(EXIT.merged);
}

/** `file:line:column: text` stands for itself, so that editors find the place; anything else says who speaks. */
function complain(terminal: Terminal, failure: Failure, ...more: readonly string[]): ExitCode {
  const [first = '', ...rest] = plainLines(describe(failure));
  terminal.note(failure.kind === 'invalid' ? first : `orchestrate: ${first}`, ...rest, ...more);
  return exitOfFailure(failure);
}

/** Should nothing be left to wait for before the command is over, that is a bug of ours and no success. */
async function end(): Promise<void> {
  const terminal = openTerminal();
  const stuck = (): void => {
    terminal.note('orchestrate: internal error: nothing is left to wait for, and the command is not over');
    process.exitCode = EXIT.failed;
  };
  process.once('beforeExit', stuck);
  process.exitCode = await main(process.argv.slice(2), terminal);
  process.off('beforeExit', stuck);
}

void end();
