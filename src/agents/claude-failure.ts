import type { FailureType } from '../model/job.ts';
import type { ProgramExit } from './agent.ts';
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

interface AgentFailure {
  type: FailureType;
  message: string;
  resetAt?: number;
}

/** Which kind of failure it was: status first, then how the program says it ended, then how it exited. */
export function claudeFailure(evidence: Evidence): AgentFailure {
  const { result, exit, stray } = evidence;
  if (!result) return withoutResult(exit, stray);
  const message = textOf(result['result']) ?? listOf(result['errors']).map(textOf).join('\n');
  const limit = usageLimit(message, evidence.resetsAt);
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

/** 401 and 403 need a person's account, 404 a model that exists; 408, 409, 429 and every 5xx pass by themselves. */
function typeOfStatus(status: number): FailureType {
  if (status >= 500 || status === 408 || status === 409 || status === 429) return 'transient';
  return status === 413 ? 'fixable' : 'escalate';
}

/** Interrupted from outside it exits with 0 and says nothing more; 126 and 127 mean that there is no program. */
function withoutResult({ code, signal }: ProgramExit, stray: string): AgentFailure {
  const how = signal ? `was ended by ${signal}` : `exited with ${code}`;
  const message = `It ${how} without a result. ${stray}`.trim().slice(0, 4000);
  if (signal || code === 0 || (code ?? 0) > 128) return { type: 'transient', message };
  const hopeless = code === 126 || code === 127 || /not logged in|\/login|invalid api key|unknown option/i.test(stray);
  return { type: hopeless ? 'escalate' : 'fixable', message };
}

/**
 * A plan's limit, in the wordings seen: "Claude AI usage limit reached|1763593200" with epoch seconds, and "You've hit
 * your limit · resets 3pm (Europe/Berlin)", whose time of day is left to the breaker's own waiting.
 */
function usageLimit(message: string, resetsAt: number | undefined): AgentFailure | undefined {
  if (!/usage limit|hit your .*limit|limit reached/i.test(message)) return undefined;
  const seconds = /\|(\d{9,11})\b/.exec(message)?.[1];
  const resetAt = seconds === undefined ? resetsAt : Number(seconds) * 1000;
  return { type: 'transient', message, ...(resetAt === undefined ? {} : { resetAt }) };
}
