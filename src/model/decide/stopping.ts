import type { AttemptFailure } from '../run/event.ts';
import { type Attempt, latest, type RunState, taskOf } from '../run/state.ts';
import { type Draft, openJobs } from './draft.ts';
import { cancelJob, putDown, stopAttempt } from './put-down.ts';
import { takeBack } from './rollback.ts';
import { isDiskShort } from './room.ts';

const CANCELLED: AttemptFailure = { kind: 'cancelled', type: 'transient', message: 'cancelled' };

/** A cancelled run: jobs are told to stop, what they left is kept, then the run ends. */
export function windDown(draft: Draft): void {
  const { state } = draft;
  for (const { intent } of openJobs(state)) cancelJob(draft, intent);
  for (const attempt of state.active) putDown(draft, attempt, { failure: CANCELLED, next: { kind: 'again' } });
  if (draft.events.length > 0 || state.open.size > 0) return;
  if (state.candidate) {
    return draft.conclude({ type: 'candidate.dissolved', candidate: state.candidate.number, reason: 'cancelled' });
  }
  if (state.rollback) return goBack(draft);
  leave(draft);
  if (draft.events.length > 0) return;
  const reason = isUndone(state) ? 'cancelled by a person, and rolled back' : 'cancelled by a person';
  draft.conclude({ type: 'run.ended', outcome: 'cancelled', reason });
}

/** Worktrees go into the trash, where what is in them is kept, and then the result back to where it was. */
function goBack(draft: Draft): void {
  for (const attempt of draft.state.leftovers) if (!mayBeWrittenTo(attempt)) remove(draft, attempt);
  if (draft.events.length === 0) takeBack(draft);
}

const isUndone = ({ rollbacks, integration, base }: RunState): boolean => rollbacks.length > 0 && integration === base;

/** A skipped task that is still at work is stopped; its worktree is kept in the trash. */
export function stopSkipped(draft: Draft): void {
  for (const attempt of draft.state.active) {
    if (taskOf(draft.state, attempt.task).settled?.kind !== 'skipped' || isCandidate(draft.state, attempt)) continue;
    stopAttempt(draft, attempt, { failure: CANCELLED, next: { kind: 'skip' } });
  }
}

/** Worktrees of attempts that are over and no longer of use: merged, skipped, or followed by another attempt. */
export function clearAway(draft: Draft): void {
  for (const attempt of draft.state.leftovers) {
    if (!isWanted(draft, attempt)) remove(draft, attempt);
  }
}

function isWanted(draft: Draft, attempt: Attempt): boolean {
  const { task, number, stage, result } = attempt;
  if (mayBeWrittenTo(attempt)) return true;
  if (stage.at !== 'ended' || stage.next.kind === 'skip') return false;
  if (latest(taskOf(draft.state, task))?.number !== number) return false;
  // On a full disk a folder goes whose work is a commit too. Without one it is the only place of it.
  return (result?.commit ?? null) === null || !isDiskShort(draft);
}

/** By a process that cannot be proven dead: the folder is left to a person. */
const mayBeWrittenTo = ({ end }: Attempt): boolean => end?.kind === 'interrupted' && end.unproven === true;

const remove = (draft: Draft, { task, number, name, branch }: Attempt): void =>
  draft.intend({ type: 'removal.intended', task, attempt: number, name, branch });

/** The last things before a run ends: the result branch, and nothing of the gates left behind. */
export function leave(draft: Draft): void {
  publish(draft);
  if (draft.state.gateTree) draft.intend({ type: 'tidying.intended' });
}

/** Points the result branch at what is merged, once for each tip. Files of a plan are taken one by one. */
function publish(draft: Draft): void {
  const { state } = draft;
  if (state.planning) return;
  if (state.merges.some(({ members }) => members.length > 0) && state.published !== state.integration) {
    draft.intend({ type: 'branch.intended', commit: state.integration });
  }
}

const isCandidate = (state: RunState, attempt: Attempt): boolean =>
  state.candidate?.members.some(({ task }) => task === attempt.task) === true;
