import type { ProgramExit } from '../agent.ts';
import {
  type AgentFailure,
  failureWithoutEnd,
  resetTime,
  saysNoLogin,
  saysUsageLimit,
  typeOfStatus,
  usageLimit,
} from '../failure.ts';

/** What is known of the turn that was the last. */
export interface Turn {
  /** Its last message. */
  said: string;
  /** A tool was used. */
  didSomething: boolean;
  /** Why it stopped, as the agent says; absent when it never did. */
  stopReason?: string;
  /** Its last words were that its model failed. */
  failedWords?: string;
  /** Its answer counted tokens. */
  counted?: boolean;
  /** A person said no to this, and nothing was done or said since. */
  rejected?: string;
  problem?: { kind: 'error'; code: number; message: string } | { kind: 'stalled'; minutes: number };
}

interface Evidence {
  exit: ProgramExit;
  stray: string;
  /** A turn without tokens is one without a model. */
  countsTokens: boolean;
}

/**
 * Why a turn is no success; undefined when it is one. That the agent ended its turn is not enough: one whose model is
 * dead ends it too, with no words, or with the error for words; so does one that was told no.
 */
export function failureOfTurn(turn: Turn, evidence: Evidence, now: number): AgentFailure | undefined {
  const { problem, stopReason } = turn;
  if (problem?.kind === 'stalled') {
    return { type: 'transient', message: `It said nothing for ${problem.minutes} min, as with a model that is down.` };
  }
  if (problem) return failureInWords(problem.message, now, problem.code);
  if (stopReason === undefined) return failureWithoutEnd(evidence.exit, evidence.stray);
  return stopReason === 'end_turn' ? emptyEnd(turn, evidence, now) : stopped(turn, stopReason);
}

function emptyEnd(turn: Turn, { countsTokens }: Evidence, now: number): AgentFailure | undefined {
  const { said, didSomething, rejected, failedWords, counted } = turn;
  if (failedWords !== undefined) return failureInWords(failedWords, now);
  if (countsTokens && !counted && rejected === undefined) return failureInWords(said.trim(), now);
  if (didSomething || said.trim() !== '') return undefined;
  if (rejected !== undefined) return refused(rejected);
  return { type: 'transient', message: 'It ended its turn without a word, as with a model that is down.' };
}

function stopped({ rejected }: Turn, reason: string): AgentFailure {
  switch (reason) {
    case 'cancelled':
      return rejected === undefined ? { type: 'transient', message: 'It was interrupted.' } : refused(rejected);
    case 'max_tokens':
    case 'max_turn_requests':
      return { type: 'fixable', message: `It ran out of what it may use: ${reason.replaceAll('_', ' ')}.` };
    default:
      return { type: 'escalate', message: `It stopped: ${reason.replaceAll('_', ' ')}.` };
  }
}

const refused = (what: string): AgentFailure => ({
  type: 'escalate',
  message: `It stopped when a person said no to: ${what}`,
});

/** The protocol's code for "authenticate first". */
const AUTH_REQUIRED = -32_000;

/** Agents say in words what their model's service answered; a status stands among them where there was one. */
function failureInWords(text: string, now: number, code?: number): AgentFailure {
  const message = (text || 'It failed without a word.').slice(0, 4000);
  if (saysUsageLimit(text)) return usageLimit(message, resetTime(text, now));
  const status = code !== undefined && code >= 400 && code < 600 ? code : statusIn(text);
  if (status !== undefined) return { type: typeOfStatus(status), message };
  return { type: code === AUTH_REQUIRED || saysNoLogin(text) ? 'escalate' : 'transient', message };
}

function statusIn(text: string): number | undefined {
  const digits = /\b(?:status|code|error|http)\b[\s:=(]{1,3}(?:code\b[\s:=]{1,3})?([45]\d\d)\b/i.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
