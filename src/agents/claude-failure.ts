import type { FailureType } from '../model/run/job.ts';
import type { ProgramExit } from './agent.ts';
import { failureWithoutEnd, resetTime, typeOfStatus, usageLimit, type AgentFailure } from './failure.ts';
import { listOf, numberOf, textOf, type Json } from './json.ts';

/** What is known about an attempt that did not succeed. */
interface Evidence {
  result: Json | undefined;
  exit: ProgramExit;
  /** Lines that were no JSON, standard error among them. */
  stray: string;
  /** When a limit ends, as the program said; epoch milliseconds. */
  resetsAt: number | undefined;
}

/**
 * Which kind of failure it was: status first, then how the program says it ended, then how it exited. `now` in epoch
 * milliseconds.
 */
export function claudeFailure(evidence: Evidence, now: number): AgentFailure {
  const { result, exit, stray } = evidence;
  // Interrupted from outside it exits with 0 and says nothing more.
  if (!result) return failureWithoutEnd(exit, stray);
  const message = textOf(result['result']) ?? listOf(result['errors']).map(textOf).join('\n');
  const limit = limitIn(message, evidence.resetsAt ?? resetTime(message, now));
  if (limit) return limit;
  return { type: typeOf(result, exit), message: message || textOf(result['subtype']) || 'It failed without a word.' };
}

function typeOf(result: Json, exit: ProgramExit): FailureType {
  const status = numberOf(result['api_error_status']);
  if (status !== undefined) return typeOfStatus(status);
  // A refused connection or a cut stream has no status; aborted means interrupted by a signal that was not ours.
  const reason = textOf(result['terminal_reason']) ?? '';
  if (reason === 'api_error' || reason.startsWith('aborted')) return 'transient';
  switch (result['subtype']) {
    case 'error_max_turns':
      return 'fixable';
    case 'error_max_budget_usd':
      return 'escalate';
    default:
      return exit.signal ? 'transient' : 'fixable';
  }
}

/**
 * A plan's limit, in the wordings seen: "Claude AI usage limit reached|1763593200" with epoch seconds, and "You've hit
 * your limit · resets 3pm (Europe/Berlin)".
 */
function limitIn(message: string, resetsAt: number | undefined): AgentFailure | undefined {
  if (!/usage limit|hit your .*limit|limit reached/i.test(message)) return undefined;
  const seconds = /\|(\d{9,11})\b/.exec(message)?.[1];
  const words = message.replace(/\|\d{9,11}\b/, '');
  return usageLimit(words, seconds === undefined ? resetsAt : Number(seconds) * 1000);
}
