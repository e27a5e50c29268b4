import type { Event, Foreseen, Intent, Member } from './event.ts';
import { agentAtWork } from './message.ts';
import { type Attempt, attemptOf, type RunState } from './state.ts';

/**
 * A result that is accepted is compared with what others have made so far, long before the queue has both of them:
 *
 *     accepted → due → open → made         where they do not go together, whoever is at work is told once
 */

/** A result was accepted: who is at work has to go together with it. */
export function besideOthers(state: RunState, result: Member): void {
  for (const attempt of state.active) {
    if (attempt.task === result.task || !heeds(state, attempt.task)) continue;
    attempt.beside.push(result);
    compareAgain(attempt);
  }
}

/** A program that only runs learns of it from the queue. */
const heeds = ({ agents }: RunState, task: string): boolean =>
  agents[task]?.resumes === true || agents[task]?.manual === true;

/** The comparison was not made. */
export function compareAgain(attempt: Attempt): void {
  attempt.forecast = 'due';
}

/** Folds what the comparison came to; something may have been accepted meanwhile. */
export function compared(state: RunState, intent: Intent, conflicts: readonly Foreseen[]): void {
  if (intent.type !== 'forecast.intended') return;
  const attempt = attemptOf(state, intent.task, intent.attempt);
  attempt.foreseen = conflicts;
  if (attempt.forecast === 'open') attempt.forecast = 'made';
}

/** Folds that an agent at work is to be told; a person at work sees it. */
export function warned(state: RunState, event: Event & { type: 'conflict.foreseen' }): void {
  const { task, attempt, conflicts, text } = event;
  for (const other of conflicts) attemptOf(state, task, attempt).warned.add(other.task);
  const job = agentAtWork(state, task)?.job;
  if (job !== undefined) state.unsaid.push({ job, steering: { kind: 'message', text } });
}
