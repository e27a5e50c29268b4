import type { FailureType } from '../model/run/job.ts';
import type { ProgramExit } from './agent.ts';
import {
  failureWithoutEnd,
  resetTime,
  saysUsageLimit,
  typeOfStatus,
  usageLimit,
  type AgentFailure,
} from './failure.ts';
import { numberOf, textOf, type Json } from './json.ts';

/** What is known about an attempt that did not succeed. */
interface Evidence {
  /** The data of the last `session.error`. */
  error: Json | undefined;
  exit: ProgramExit;
  stray: string;
}

/** `now` in epoch milliseconds. */
export function copilotFailure({ error, exit, stray }: Evidence, now: number): AgentFailure {
  if (!error) return failureWithoutEnd(exit, stray);
  const message = textOf(error['message']) || 'It failed without a word.';
  if (error['errorType'] === 'quota' || saysUsageLimit(message)) return usageLimit(message, resetTime(message, now));
  const status = numberOf(error['statusCode']);
  return { type: status === undefined ? typeOfError(error, message) : typeOfStatus(status), message };
}

/** The types it names; what it calls a query is any call of the model, where only the words tell more. */
function typeOfError(error: Json, message: string): FailureType {
  switch (error['errorType']) {
    case 'authentication':
    case 'authorization':
      return 'escalate';
    case 'rate_limit':
      return 'transient';
    case 'context_limit':
      return 'fixable';
    default:
      return /retried|response|stream|request|network|connect|timed? ?out/i.test(message) ? 'transient' : 'fixable';
  }
}
