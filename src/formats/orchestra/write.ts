import type { FileStatus, Origin } from '../../model/plan/plan.ts';
import { setContextMetric, setContextPhase, setContextStatus } from './context.ts';
import {
  isLocked,
  lockMilestone,
  LOCK_MINUTES,
  lockTime,
  readMilestone,
  setMilestoneStatus,
  unlockMilestone,
} from './milestone.ts';
import { setPhaseResult } from './phase-result.ts';
import { setPhaseStatus } from './phase.ts';
import type { FileEdit, Shown, ShownTask } from '../shown.ts';

/**
 * A milestone's files as Orchestra's own lead would leave them: its status and lock, the status of each phase, and
 * context.md, from which a run is gone on with.
 */
export function milestoneEdits({ file, sources }: Origin, shown: Shown): FileEdit[] {
  const folder = file.replace(/[^/]*$/, '');
  const phases = shown.tasks.flatMap((task): FileEdit[] => {
    const source = sources[task.id];
    return source === undefined ? [] : [{ file: source, change: (text) => text && withPhase(text, task) }];
  });
  return [
    {
      file: `${folder}milestone.md`,
      change: (text) => text && withMilestone(text, shown),
      objection: (text) => lockedBy(text, shown.now),
    },
    ...phases,
    { file: `${folder}context.md`, change: (text) => withContext(text, shown) },
  ];
}

const PHASE: Record<FileStatus, 'pending' | 'in-progress' | 'done' | 'failed'> = {
  pending: 'pending',
  in_progress: 'in-progress',
  needs_revision: 'in-progress',
  completed: 'done',
  failed: 'failed',
  blocked: 'pending',
};

function withPhase(text: string, task: ShownTask): string {
  const word = PHASE[task.status];
  // A phase that says nothing of its status is a pending one.
  const isSaid = word === 'pending' && !/^status[ \t]*:/m.test(text);
  return setPhaseResult(isSaid ? text : setPhaseStatus(text, word), task);
}

const MILESTONE = {
  in_progress: 'in-progress',
  cancelled: 'in-progress',
  completed: 'done',
  failed: 'failed',
} as const;

/** Locked while it is worked on, and no longer. */
function withMilestone(text: string, { status, now }: Shown): string {
  const told = setMilestoneStatus(text, MILESTONE[status]);
  if (status !== 'in_progress') return unlockMilestone(told);
  return isFresh(told, now) ? told : lockMilestone(told, new Date(now).toISOString());
}

function lockedBy(text: string, now: number): string | undefined {
  const milestone = readMilestone(text, '');
  return isLocked(milestone, now) ? `locked since ${milestone.lock?.text ?? ''}` : undefined;
}

/** A lock is renewed at half its time. */
const isFresh = (text: string, now: number): boolean => {
  const since = lockTime(text);
  return since !== undefined && now - since >= 0 && now - since < (LOCK_MINUTES / 2) * 60_000;
};

/** A run that has done nothing yet has no context. */
function withContext(text: string | undefined, { plan, tasks, startedAt }: Shown): string | undefined {
  if (text === undefined && tasks.every(({ status }) => status === 'pending' || status === 'in_progress'))
    return undefined;
  const begun = setContextStatus(text ?? '', {
    milestone: plan.id,
    started: new Date(startedAt).toISOString().slice(0, 10),
  });
  return tasks.reduce((changed, task) => {
    const { id, status, commit, files, error, retries, minutes } = task;
    const word = PHASE[status];
    if (word === 'in-progress') return changed;
    const done = word === 'done' ? { ...(commit ? { commit } : {}), ...(files ? { files } : {}) } : {};
    const failed =
      word === 'failed' ? { error: `failed, ${retries} retries`, ...(error ? { lastError: error } : {}) } : {};
    const line = setContextPhase(changed, { id, status: word, ...done, ...failed });
    return word === 'pending'
      ? line
      : setContextMetric(line, id, `duration: ~${minutes}min | verification_retries: ${retries}`);
  }, begun);
}
