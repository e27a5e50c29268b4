import type { AttemptFailure } from '../run/event.ts';
import type { Attempt } from '../run/state.ts';
import { type Draft, openJobs } from './draft.ts';

/** How an attempt that is stopped ends. */
interface End {
  failure: AttemptFailure;
  next: { kind: 'again' | 'skip' };
}

/** One step towards the end of an attempt: its job is told to stop, what it left is kept, then it is over. */
export function stopAttempt(draft: Draft, attempt: Attempt, end: End): void {
  const { stage } = attempt;
  if (!('intent' in stage) || stage.intent === undefined) return putDown(draft, attempt, end);
  const job = openJobs(draft.state).find(({ intent }) => intent === stage.intent);
  if (job) cancelJob(draft, job.intent);
}

/** The same where no job of it is under way. */
export function putDown(draft: Draft, attempt: Attempt, { failure, next }: End): void {
  const { stage, task, number } = attempt;
  if (stage.at === 'worked' || (stage.at === 'working' && stage.intent === undefined)) {
    return draft.intend({ type: 'result.intended', task, attempt: number });
  }
  if (!('intent' in stage) || stage.intent === undefined) draft.failed(attempt, failure, next);
}

/** Tells it once. */
export function cancelJob(draft: Draft, job: string): void {
  if (!draft.state.stopping.has(job)) draft.intend({ type: 'cancel.intended', job });
}
