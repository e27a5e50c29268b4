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
 * most beside the start itself is done once here: copying an environment, opening the null device, and looking along
 * PATH, which otherwise each new process does for itself.
 */
export function quietRunner(environment: NodeJS.ProcessEnv): (command: Command, cwd?: string) => Promise<ProgramEnd> {
  const env = { ...environment };
  const nothing = openSync(devNull, 'r+');
  const places = new Map<string, string | undefined>();
  const placeOf = (program: string, cwd: string): string | undefined => {
    const key = `${cwd}\0${program}`;
    if (!places.has(key)) places.set(key, findProgram(program, env, cwd));
    return places.get(key);
  };
  return async (command, cwd) => {
    const options: SpawnOptions = { env, stdio: [nothing, nothing, nothing], ...(cwd === undefined ? {} : { cwd }) };
    const [program = '', ...args] = argvOf(command, env);
    const named = process.platform === 'win32' || program.includes('/');
    const place = named ? undefined : placeOf(program, cwd ?? process.cwd());
    if (place === undefined) return endOf(start({ argv: [program, ...args] }, options));
    const end = await endOf(start({ argv: [place, ...args] }, { ...options, argv0: program }));
    if (end.error === undefined) return end;
    // It may have moved along PATH since: then it is looked for as if for the first time.
    places.clear();
    return endOf(start({ argv: [program, ...args] }, options));
  };
}

function endOf(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((settle) => {
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
