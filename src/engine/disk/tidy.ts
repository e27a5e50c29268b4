import { join } from 'node:path';
import type { Repository } from '../../git/repository.ts';
import { prunedLines } from '../../model/disk.ts';
import { describe } from '../../model/failure.ts';
import { namesIn, prunedFolder, runsFolder } from '../places.ts';
import { readConfigured } from '../runs.ts';
import type { RunRef } from '../session.ts';
import { prune } from './prune.ts';

/** Makes room as orchestrate.yaml says, at the end of `run`, and tells what went. One that cannot be read deletes nothing. */
export async function tidy({ repository, run }: RunRef): Promise<readonly string[]> {
  if (isFirst(repository, run)) return [];
  const read = await readConfigured(repository);
  const limits = read.ok ? read.value.config?.disk : undefined;
  if (!limits) return [];
  const pruned = await prune(repository, { limits, besides: run });
  return pruned.ok ? prunedLines(pruned.value) : [`no room was made: ${describe(pruned.failure)}`];
}

/** Of a repository's first run nothing has to go, and nobody waits until that is found out. */
const isFirst = (repository: Repository, run: string): boolean =>
  [
    ...namesIn(runsFolder(repository)),
    ...namesIn(prunedFolder(repository)),
    ...namesIn(join(repository.state, 'trash')),
  ].filter((name) => name !== run).length === 0;
