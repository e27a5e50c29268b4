import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { openRepository } from '../git/repository.ts';
import { ok, refuse, type Result } from '../model/failure.ts';
import { meant } from '../model/text/nearest.ts';
import { type Arguments, readArguments, type Signature, splitWords, type Words } from './arguments.ts';
import { type Command, complain, type Place, startFolder } from './call.ts';
import { type CommandName, COMMANDS, helpOn, helpText } from './commands.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const HELP: Signature = { places: ['[command]'], options: [] };
const TABLE: Record<CommandName | 'help', () => Promise<Signature>> = { ...COMMANDS, help: async () => HELP };

/** The command line: reads the arguments, calls the command, ends with its code. Expected failures become words. */
async function main(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const said = splitWords(words);
  const place = placeOf(said);
  const read = await readArguments(said, TABLE);
  if (!read.ok) return complain(terminal, 'orchestrate', read.failure, 'See: orchestrate help');
  const done = await call(read.value, place, terminal);
  return done.ok ? done.value : complain(terminal, 'orchestrate', done.failure);
}

/** Where a command works. git looks at the repository while the command's own code is evaluated. */
function placeOf({ name, given }: Words): Result<Place> | undefined {
  if (!Object.hasOwn(COMMANDS, name) || given.some((one) => one.name === 'help' || one.name === 'version'))
    return undefined;
  const cwd = startFolder(given.findLast((one) => one.name === 'cwd')?.value);
  return cwd.ok ? ok({ cwd: cwd.value, repository: openRepository(cwd.value) }) : cwd;
}

async function call(
  { command, positionals, options }: Arguments<CommandName | 'help'>,
  place: Result<Place> | undefined,
  terminal: Terminal,
): Promise<Result<ExitCode>> {
  if (options.version) {
    terminal.print(manifest.version);
    return ok(EXIT.merged);
  }
  if (command === 'help') return help(positionals[0], terminal);
  if (place === undefined) return help(command, terminal);
  if (!place.ok) return place;
  const asked: Command = await COMMANDS[command]();
  return asked.run({ ...place.value, terminal, positionals, options, runner: join(__dirname, 'runner.cjs') });
}

async function help(about: string | undefined, terminal: Terminal): Promise<Result<ExitCode>> {
  const names = Object.keys(COMMANDS);
  const name = names.find((known): known is CommandName => known === about);
  if (about !== undefined && name === undefined) return refuse(`there is no command "${about}".${meant(about, names)}`);
  terminal.print(...(await (name === undefined ? helpText() : helpOn(name))));
  return ok(EXIT.merged);
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
