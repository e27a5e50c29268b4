import { execFileSync } from 'node:child_process';
import { gitIn, TemporaryRepository } from '../test/rig/repository.ts';

/** A repository of middling size. */
export const FILES = 9_000;

export const pathOf = (at: number): string => `packages/p${at % 40}/src/d${at % 11}/file-${at}.ts`;

export const contentOf = (at: number): string => `export const v${at} = ${at};\n`.repeat(12);

/** Packed, as one is that has been in use; git tidies up by itself neither while something is measured nor when it goes. */
export function midRepository(within: string): TemporaryRepository {
  const made = TemporaryRepository.empty({ within });
  made.git('config', 'gc.auto', '0');
  made.commit(Object.fromEntries(Array.from({ length: FILES }, (_, at) => [pathOf(at), contentOf(at)])));
  made.git('gc', '--quiet');
  return made;
}

/** A commit on the base for each result, of these files. Gives their oids. */
export function writeResults(
  root: string,
  base: string,
  results: readonly Readonly<Record<string, string>>[],
): string[] {
  const names = results.map((_, at) => `refs/orchestrate/runs/bench/results/t${at}`);
  const commits = results.map((files, at) => {
    const who = 'Ada <ada@example.org> 1900000000 +0000';
    const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
    return `commit ${names[at]}\ncommitter ${who}\n${data(`Task ${at}\n`)}from ${base}\n${changes.join('')}`;
  });
  execFileSync('git', ['fast-import', '--quiet'], { cwd: root, input: `${commits.join('')}done\n` });
  return gitIn(root, ['rev-parse', ...names]).split('\n');
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
