import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf } from '../model/text/names.ts';
import { readClaim } from '../process/job-folder.ts';
import type { Repository } from '../git/repository.ts';
import { undoneRef } from '../model/shown/rollback-words.ts';
import type { RunState } from '../model/run/state.ts';
import type { RunRef } from './session.ts';

/*
 * <git common dir>/orchestrate/
 *   runs/<run>/journal.<epoch>.jsonl     what happened; one segment for each writer there was
 *              state.snapshot            what a long journal comes to; only a copy, made anew where it does not fit
 *              took                      how long its tasks took, once it has ended; only a copy, as the snapshot
 *              inbox/<id>.json           orders, taken by the writer
 *              attempts/<name>/          what the engine keeps of an attempt: prompt, index, fingerprint
 *              jobs/<intent>[.<n>]/      one job each; n counts the folders that were given up before they began
 *   plans/<name>.json                    what a large plan was read as; only a copy, as the snapshot
 *   baselines/<key>.json                 gate runs on a base tree, for later runs
 *   footprints.json                      the memory that agents and gates took, for later runs
 *   pruned/<run>/                        a run that is being deleted: gone from the list, its refs and files follow
 *   sizes.json                           what ended runs and removed worktrees take; only a copy
 *   context/, trash/                     git's (see git/)
 */
export const runsFolder = ({ state }: Pick<Repository, 'state'>): string => join(state, 'runs');
export const prunedFolder = (repository: Repository): string => join(repository.state, 'pruned');
export const inboxFolder = (ref: RunRef): string => join(ref.folder, 'inbox');
export const attemptFolder = (ref: RunRef, name: string): string => join(ref.folder, 'attempts', name);

/** The worktree in which candidates and the base are tried: beside the attempts', where tools expect a checkout. */
export const gateTree = ({ root, run, config }: RunState): string =>
  join(root, config.worktrees.folder, `${run}-gates`);

/** The tree of one review, for the time it takes. */
export const reviewTree = ({ root, run, config }: RunState, intent: string): string =>
  join(root, config.worktrees.folder, `${run}-review-${intent}`);

export const baselineFile = (repository: Repository, key: string): string =>
  join(repository.state, 'baselines', `${key}.json`);
export const footprintsFile = ({ state }: Repository): string => join(state, 'footprints.json');
/** One for each path a plan lies at. */
export const keptPlan = ({ state }: Pick<Repository, 'state'>, planFile: string): string =>
  join(state, 'plans', `${nameOf(planFile)}.json`);
export const tookFile = (folder: string): string => join(folder, 'took');
export const snapshotFile = (folder: string): string => join(folder, 'state.snapshot');
export const segmentFile = (folder: string, epoch: number): string => join(folder, `journal.${epoch}.jsonl`);

/** The epochs for which there are segments, ascending. At once: a run's folder is small, and is looked at often. */
export const segments = (folder: string): number[] =>
  namesIn(folder)
    .flatMap((name) => /^journal\.(\d+)\.jsonl$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);

/** What lies in a folder; nothing where it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * The folder of an intent's job: the first that was not given up before it began. A folder is claimed once, ever, so
 * an intent that is performed again after such an end has another one.
 */
export function jobFolder(ref: RunRef, intent: string): string {
  for (let n = 1; ; n += 1) {
    const folder = join(ref.folder, 'jobs', n === 1 ? intent : `${intent}.${n}`);
    if (readClaim(folder)?.kind !== 'revoked') return folder;
  }
}

/** Refs of one run. */
export const refs = {
  integration: (run: string): string => `refs/orchestrate/runs/${run}/integration`,
  candidate: (run: string, candidate: number, key: string): string =>
    `refs/orchestrate/runs/${run}/candidates/${candidate}-${nameOf('c', key).slice(-8)}`,
  /** What was merged before the rollback of this number. */
  undone: undoneRef,
  result: (run: string, name: string): string => `refs/orchestrate/runs/${run}/results/${name}`,
  head: (run: string, name: string): string => `refs/orchestrate/runs/${run}/heads/${name}`,
};

/** What was last read or written of the plan's file. */
export const planMark = ({ folder }: { folder: string }): string => join(folder, 'plan-written.json');
/** The same of other files in the checkout, one file each. */
export const marksFolder = ({ folder }: { folder: string }): string => join(folder, 'written');
