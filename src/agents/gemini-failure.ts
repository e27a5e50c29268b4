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
  /** Of the final event; API failures often end the program without one. */
  error: string | undefined;
  exit: ProgramExit;
  stray: string;
}

/** The program's own exit codes; a session that cannot be gone on with (42) may be begun anew. */
const EXITS: Readonly<Record<number, FailureType>> = {
  41: 'escalate',
  42: 'fixable',
  44: 'escalate',
  52: 'escalate',
  53: 'fixable',
  54: 'fixable',
  55: 'escalate',
};

/** `now` in epoch milliseconds. */
export function geminiFailure(evidence: Evidence, now: number): AgentFailure {
  const { error, exit, stray } = evidence;
  const text = error ?? stray;
  const message = error ?? failureWithoutEnd(exit, stray).message;
  if (!saysUsageLimit(text)) return { type: typeOf(evidence, text), message };
  return usageLimit(message, resetTime(text, now));
}

/** The status of the API counts before anything; a program that was killed had no time to say it. */
function typeOf({ error, exit, stray }: Evidence, text: string): FailureType {
  const code = exit.code ?? 0;
  const status = statusIn(text) ?? statusOfExit(code);
  if (exit.signal) return 'transient';
  if (EXITS[code]) return EXITS[code];
  if (status !== undefined) return typeOfStatus(status);
  return error === undefined ? failureWithoutEnd(exit, stray).type : typeOfError(error);
}

/** `{"error":{"code":401,…` as the API says it, or "status: 429" in the program's own words. */
function statusIn(text: string): number | undefined {
  const status = /"code"\s*:\s*(\d{3})\b/.exec(text)?.[1] ?? /\bstatus:? (\d{3})\b/.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** It exits with the HTTP status, of which a system keeps the lower eight bits: 401 comes out as 145, 500 as 244. */
function statusOfExit(code: number): number | undefined {
  if (code === 529 % 256) return 529;
  return code >= 400 % 256 && code < 256 ? code + 256 : undefined;
}

/** A broken or senseless answer is the network's, or of something between; what else it says may be mended. */
const typeOfError = (error: string): FailureType =>
  /JSON|fetch failed|ECONN|ETIMEDOUT|socket|stream|network|terminated|empty|overloaded/i.test(error)
    ? 'transient'
    : 'fixable';
