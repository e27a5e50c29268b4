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

/** What is known about an attempt that did not succeed. */
interface Evidence {
  /** The last error that was no mere reconnecting. */
  error: string | undefined;
  exit: ProgramExit;
  stray: string;
}

/** Codex says what failed in words only; a status stands among them. `now` in epoch milliseconds. */
export function codexFailure({ error, exit, stray }: Evidence, now: number): AgentFailure {
  if (error === undefined) return failureWithoutEnd(exit, stray);
  const message = error || 'It failed without a word.';
  if (saysUsageLimit(error)) return usageLimit(message, resetTime(error, now));
  return { type: typeOfError(error), message };
}

function typeOfError(error: string): FailureType {
  const status = /\bstatus:? (\d{3})\b/.exec(error)?.[1];
  if (status !== undefined) return typeOfStatus(Number(status));
  if (/context window|too long/i.test(error)) return 'fixable';
  if (
    /high demand|overloaded|at capacity|stream disconnected|error sending request|timeout|timed out|connection/i.test(
      error,
    )
  )
    return 'transient';
  return /quota|billing|not supported|log ?in|sign in|credentials|refresh token/i.test(error) ? 'escalate' : 'fixable';
}
