import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { accessSync, constants, existsSync, openSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import crossSpawn from 'cross-spawn';

/** A program with arguments, which no shell ever sees; or a line, which only `sh` sees. */
export type Command = { argv: readonly string[] } | { line: string };

/** Starts a command. On Windows through cross-spawn, which knows .cmd files and how to quote for them. */
export function start(command: Command, options: SpawnOptions): ChildProcess {
  const [program = '', ...args] = argvOf(command, options.env);
  const quiet = { windowsHide: true, ...options, shell: false };
  return process.platform === 'win32' ? crossSpawn(program, args, quiet) : spawn(program, args, quiet);
}

/**
 * Gives a function that runs commands to their end, for what only has an exit code: output goes nowhere. What costs
 * most beside the start itself is done once here: copying an environment and opening the null device.
 */
export function quietRunner(environment: NodeJS.ProcessEnv): (command: Command, cwd?: string) => Promise<ProgramEnd> {
  const env = { ...environment };
  const nothing = openSync(devNull, 'r+');
  const options: SpawnOptions = { env, stdio: [nothing, nothing, nothing] };
  return (command, cwd) =>
    new Promise((settle) => {
      const child = start(command, cwd === undefined ? options : { ...options, cwd });
      child.once('error', ({ message }) => settle({ code: null, signal: null, error: message }));
      child.once('exit', (code, signal) => settle({ code, signal }));
    });
}

/** `error`: it could not be started. */
export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: string;
}

/** The arguments a command is started with; a line is run by the POSIX shell everywhere, on Windows by Git's own. */
export function argvOf(command: Command, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  return 'argv' in command ? command.argv : [shellProgram(environment), '-c', command.line];
}

/**
 * Where a program would be found, as a path, or undefined: looked up before the start, so that a program that is
 * missing is told apart from one that exits with 127.
 */
export function findProgram(program: string, environment: NodeJS.ProcessEnv, cwd: string): string | undefined {
  if (program.includes('/')) {
    const path = isAbsolute(program) ? program : resolve(cwd, program);
    return isExecutable(path) ? path : undefined;
  }
  return searchPath(environment)
    .map((folder) => resolve(cwd, folder, program))
    .find(isExecutable);
}

const shellProgram = (environment: NodeJS.ProcessEnv): string =>
  process.platform === 'win32' ? (gitShell(environment) ?? 'sh') : '/bin/sh';

/** Git for Windows keeps `git.exe` in cmd\ or bin\ and `sh.exe` in bin\. Not run so far. */
function gitShell(environment: NodeJS.ProcessEnv): string | undefined {
  const folder = searchPath(environment).find((path) => existsSync(join(path, 'git.exe')));
  return folder && [join(dirname(folder), 'bin', 'sh.exe'), join(folder, 'sh.exe')].find((path) => existsSync(path));
}

function searchPath(environment: NodeJS.ProcessEnv): string[] {
  const path = environment['PATH'] ?? environment['Path'] ?? '/usr/local/bin:/usr/bin:/bin';
  return path.split(delimiter).filter((folder) => folder !== '');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
