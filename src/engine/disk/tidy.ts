import { prunedLines } from '../../model/disk.ts';
import { describe } from '../../model/failure.ts';
import { readConfigured } from '../runs.ts';
import type { RunRef } from '../session.ts';
import { prune } from './prune.ts';

/** Makes room as orchestrate.yaml says, at the end of `run`, and tells what went. One that cannot be read deletes nothing. */
export async function tidy({ repository, run }: RunRef): Promise<readonly string[]> {
  const read = await readConfigured(repository);
  const limits = read.ok ? read.value.config?.disk : undefined;
  if (!limits) return [];
  const pruned = await prune(repository, { limits, besides: run });
  return pruned.ok ? prunedLines(pruned.value) : [`no room was made: ${describe(pruned.failure)}`];
}
