import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, fail, type Failure, ok, refuse, type Result } from '../model/failure.ts';
import type { Repository } from '../git/repository.ts';
import type { Options, Signature } from './arguments.ts';
import { type ExitCode, exitOfFailure } from './exit.ts';
import { plainLines } from './shown/text.ts';
import type { Terminal } from './terminal.ts';

/** Where a command works. */
export interface Place {
  /** Absolute. */
  cwd: string;
  /** The one that `cwd` lies in; it is being opened. */
  repository: Promise<Result<Repository>>;
}

/** One call of one command: what was asked, and the world it is asked in. */
export interface Call extends Place {
  terminal: Terminal;
  positionals: readonly string[];
  options: Options;
  /** Path of the runner bundle. */
  runner: string;
}

export interface Command extends Signature {
  /** One line for `orchestrate help`. */
  summary: string;
  /** What `orchestrate help <command>` says beyond it. */
  more?: string;
  run(call: Call): Promise<Result<ExitCode>>;
}

/** Goes on with the repository a call is made in. */
export async function inRepository<T>(
  call: Call,
  work: (repository: Repository) => Promise<Result<T>>,
): Promise<Result<T>> {
  const repository = await call.repository;
  return repository.ok ? work(repository.value) : repository;
}

/** Where a command works, absolute. The system throws where the folder that one is in was deleted. */
export function startFolder(named = '.'): Result<string> {
  try {
    const folder = resolve(named);
    return existsSync(folder) ? ok(folder) : fail({ kind: 'notFound', what: 'folder', name: folder });
  } catch {
    const reason = 'the folder you are in is not there any more. Go to another, or name one with -C <dir>.';
    return refuse(reason);
  }
}

/** `file:line:column: text` stands for itself, so that editors find the place; anything else says which program speaks. */
export function complain(terminal: Terminal, program: string, failure: Failure, ...more: readonly string[]): ExitCode {
  const [first = '', ...rest] = plainLines(describe(failure));
  terminal.note(failure.kind === 'invalid' ? first : `${program}: ${first}`, ...rest, ...more);
  return exitOfFailure(failure);
}
