import type { AttemptFailure } from '../run/event.ts';
import { type Attempt, latest, type RunState, taskOf } from '../run/state.ts';
import { type Draft, openJobs } from './draft.ts';

const CANCELLED: AttemptFailure = { kind: 'cancelled', type: 'transient', message: 'cancelled' };

/** A cancelled run: jobs are told to stop, what they left is kept, then the run ends. */
export function windDown(draft: Draft): void {
  const { state } = draft;
  for (const { intent } of openJobs(state)) cancelJob(draft, intent);
  for (const attempt of state.active) putDown(draft, attempt, { kind: 'again' });
  if (draft.events.length > 0 || state.open.size > 0) return;
  if (state.candidate) {
    return draft.conclude({ type: 'candidate.dissolved', candidate: state.candidate.number, reason: 'cancelled' });
  }
  leave(draft);
  if (draft.events.length === 0)
    draft.conclude({ type: 'run.ended', outcome: 'cancelled', reason: 'cancelled by a person' });
}

/** A skipped task that is still at work is stopped; its worktree is kept in the trash. */
export function stopSkipped(draft: Draft): void {
  for (const attempt of draft.state.active) {
    if (taskOf(draft.state, attempt.task).settled?.kind !== 'skipped' || isCandidate(draft.state, attempt)) continue;
    const { stage } = attempt;
    if ('intent' in stage && stage.intent !== undefined) {
      const job = openJobs(draft.state).find(({ intent }) => intent === stage.intent);
      if (job) cancelJob(draft, job.intent);
    } else putDown(draft, attempt, { kind: 'skip' });
  }
}

/** Worktrees of attempts that are over and no longer of use: merged, skipped, or followed by another attempt. */
export function clearAway(draft: Draft): void {
  for (const attempt of draft.state.leftovers) {
    const { task, number, name, branch, stage } = attempt;
    const replaced = latest(taskOf(draft.state, task))?.number !== number;
    // A process that cannot be proven dead may still write there: the folder is left to a person.
    const unproven = attempt.end?.kind === 'interrupted' && attempt.end.unproven === true;
    const wanted = unproven || (stage.at === 'ended' && stage.next.kind !== 'skip' && !replaced);
    if (!wanted) draft.intend({ type: 'removal.intended', task, attempt: number, name, branch });
  }
}

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

function putDown(draft: Draft, attempt: Attempt, next: { kind: 'again' | 'skip' }): void {
  const { stage, task, number } = attempt;
  if (stage.at === 'worked' || (stage.at === 'working' && stage.intent === undefined)) {
    return draft.intend({ type: 'result.intended', task, attempt: number });
  }
  if (!('intent' in stage) || stage.intent === undefined) draft.failed(attempt, CANCELLED, next);
}

function cancelJob(draft: Draft, job: string): void {
  if (!draft.state.stopping.has(job)) draft.intend({ type: 'cancel.intended', job });
}

const isCandidate = (state: RunState, attempt: Attempt): boolean =>
  state.candidate?.members.some(({ task }) => task === attempt.task) === true;
