import { ChildProcess, spawn, type ChildProcessWithoutNullStreams, type SpawnOptions } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { devNull } from 'node:os';
import { fail, ok, type Failure, type Result } from '../model/failure.ts';
import { faultPoint } from '../process/fault.ts';

export interface GitOptions {
  /** Where git runs; by default the git directory. */
  cwd?: string;
  /** GIT_DIR: no discovery, so nothing an agent puts into a worktree can lead git elsewhere. */
  gitDir?: string;
  env?: Readonly<Record<string, string>>;
  /** Sent to standard input, which is then closed. */
  input?: string;
  /** Text in and out is latin1, one character a byte: for paths that must survive whatever their bytes are. */
  bytes?: boolean;
  /** Ends git; what it was about is then not known. */
  signal?: AbortSignal;
  /** Run with the configuration as a person or an agent would see it: none of our overrides. */
  plain?: boolean;
}

export interface Exit {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs git and gives its standard output. Any exit code but 0 is a failure of kind `git`. */
export async function git(args: readonly string[], options: GitOptions): Promise<Result<string>> {
  const exit = await runGit(args, options);
  if (!exit.ok) return exit;
  return exit.value.code === 0 ? ok(exit.value.stdout) : fail(failureOf(args, exit.value, options));
}

/** Runs git for which an exit code is an answer. Fails only where git could not run at all. */
export async function runGit(args: readonly string[], options: GitOptions): Promise<Result<Exit>> {
  const chunks: Buffer[] = [];
  const ended = await streamGit(args, options, (chunk) => chunks.push(chunk));
  if (!ended.ok) return ended;
  const stdout = Buffer.concat(chunks).toString(options.bytes ? 'latin1' : 'utf8');
  return ok({ ...ended.value, stdout });
}

/** Runs git and hands over its standard output piece by piece, so that its size does not matter. */
export function streamGit(
  args: readonly string[],
  options: GitOptions,
  onData: (chunk: Buffer) => void,
): Promise<Result<{ code: number | null; stderr: string }>> {
  const { promise, resolve } = withResolvers<Result<{ code: number | null; stderr: string }>>();
  faultPoint('git.before');
  const child = begun(() => spawn(...programOf(args, options, options.input === undefined ? 'ignore' : 'pipe')));
  if (!(child instanceof ChildProcess)) return Promise.resolve(fail(whyNotStarted(child, options)));
  let stderr = '';
  child.stdout?.on('data', onData);
  child.stderr?.on('data', (chunk: Buffer) => {
    if (stderr.length < 20_000) stderr += chunk.toString();
  });
  child.stdin?.on('error', () => undefined); // git may end before it has read everything: its exit code says so
  child.on('error', (error: NodeJS.ErrnoException) => resolve(fail(whyNotStarted(error, options))));
  child.on('close', (code) => {
    faultPoint('git.after');
    resolve(ok({ code, stderr }));
  });
  child.stdin?.end(options.input, options.bytes ? 'latin1' : 'utf8');
  return promise;
}

/** Some troubles are told by an event, and others are thrown, such as a folder that is a file. */
function begun(start: () => ChildProcess): ChildProcess | NodeJS.ErrnoException {
  try {
    return start();
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

/** What a failed exit means. A full disk is asked of the system: git's words for it are many, and few name it. */
export function failureOf(args: readonly string[], exit: Omit<Exit, 'stdout'>, options: GitOptions): Failure {
  const path = options.cwd ?? options.gitDir ?? '';
  if (NO_SPACE.test(exit.stderr) || isFull(path)) return { kind: 'diskFull', path };
  return { kind: 'git', args, exitCode: exit.code, stderr: exit.stderr };
}

/** The system's words, in the one place that reads any: git may have given the space back before we look. */
const NO_SPACE = /No space left on device|Disk quota exceeded|unable to write file/;
const ENOUGH = 128 * 1024;

function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize < ENOUGH;
  } catch {
    return false; // the folder is gone: whatever failed, it was not for want of space in it
  }
}

/**
 * The caller's environment without anything that would steer git, plus what keeps it quiet and predictable:
 * no prompt, no pager, no translation, no refresh of an index behind someone's back, no replaced objects.
 */
function cleanEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'true',
    GIT_NO_REPLACE_OBJECTS: '1',
    ...more,
  };
}

/** No hooks, no daemons, no housekeeping, an index that says what it means, and no file refused for its line ends. */
const OVERRIDES = [
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'core.trustctime=true',
  'core.safecrlf=false',
  'core.filesRefLockTimeout=2000',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** Starts git with its three streams as pipes. */
export function startGit(args: readonly string[], options: GitOptions): ChildProcessWithoutNullStreams {
  const [program, words, how] = programOf(args, options, 'pipe');
  return spawn(program, words, { ...how, stdio: 'pipe' });
}

/** What is started, with which words, and how; what is told nothing gets no pipe for it. */
function programOf(
  args: readonly string[],
  options: GitOptions,
  stdin: 'ignore' | 'pipe',
): [program: string, words: string[], how: SpawnOptions] {
  const gitDir = options.gitDir === undefined ? {} : { GIT_DIR: options.gitDir };
  const words = ['--no-pager', ...(options.plain ? [] : OVERRIDES), ...args];
  const env = cleanEnvironment({ ...gitDir, ...options.env });
  const signal = options.signal ? { signal: options.signal } : {};
  const cwd = options.cwd ?? options.gitDir;
  return ['git', words, { cwd, env, windowsHide: true, stdio: [stdin, 'pipe', 'pipe'], ...signal }];
}

/** Why git could not be started. Node says ENOENT for a missing folder too. */
export function whyNotStarted(error: NodeJS.ErrnoException, options: GitOptions): Failure {
  const folder = options.cwd ?? options.gitDir;
  if (folder !== undefined && !existsSync(folder)) {
    return { kind: 'io', path: folder, code: 'ENOENT', message: 'the folder does not exist' };
  }
  if (error.code === 'ENOENT') return { kind: 'gitMissing' };
  return { kind: 'io', path: 'git', code: error.code ?? 'unknown', message: error.message };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
