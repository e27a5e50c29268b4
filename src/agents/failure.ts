import type { AgentOutcome, FailureType } from '../model/run/job.ts';
import type { ProgramExit } from './agent.ts';

/** What an adapter makes of an attempt that did not succeed. */
export interface AgentFailure {
  type: FailureType;
  message: string;
  /** The allowance of an account is used up. */
  limit?: true;
  /** When a usage limit ends, as the program said; epoch milliseconds. */
  resetAt?: number;
}

/** The failure that a used-up allowance is: nobody's fault, and no matter of trying again at once. */
export const usageLimit = (message: string, resetAt: number | undefined): AgentFailure => ({
  type: 'transient',
  limit: true,
  message,
  ...(resetAt === undefined ? {} : { resetAt }),
});

/**
 * The failure an HTTP status stands for: 401 and 403 need a person's account, 404 a model that exists; 408, 409, 429
 * and every 5xx pass by themselves; 413 is a conversation that grew too long, so another one may do.
 */
export function typeOfStatus(status: number): FailureType {
  if (status >= 500 || status === 408 || status === 409 || status === 429) return 'transient';
  return status === 413 ? 'fixable' : 'escalate';
}

/** What a program says that has no account to work with, in the wordings of all of them. */
const NO_LOGIN =
  /not logged in|\/login\b|invalid api key|incorrect api key|api key (is )?not|no authentication|unauthori[sz]ed|must specify the \w+ environment|set an auth method/i;
export const saysNoLogin = (text: string): boolean => NO_LOGIN.test(text);
const NO_SUCH_OPTION = /unknown (option|argument)|unexpected argument|not a valid (option|model)/i;

/**
 * The failure of a program that never said how it ended. A signal that was not ours passes; 126 and 127 mean that there
 * is no program; an exit with 0 in the middle of its work is an interruption.
 */
export function failureWithoutEnd({ code, signal }: ProgramExit, stray: string): AgentFailure {
  const how = signal ? `was ended by ${signal}` : `exited with ${code}`;
  const message = `It ${how} without a result. ${stray}`.trim().slice(0, 4000);
  const hopeless = code === 126 || code === 127 || NO_LOGIN.test(stray) || NO_SUCH_OPTION.test(stray);
  if (!signal && hopeless) return { type: 'escalate', message };
  if (signal || code === 0 || (code ?? 0) > 128) return { type: 'transient', message };
  return { type: 'fixable', message };
}

/** Whether a program says that the session it was to go on with is not there, in the wordings of all of them. */
export const saysUnknownSession = (text: string): boolean =>
  /no (conversation|session|rollout|thread)\b.{0,40}\b(found|match)|(session|conversation|thread|rollout)\b.{0,80}\b(not found|does ?n.t exist|unknown|invalid)|(error|invalid|failed).{0,40}resum/i.test(
    text,
  );

/** Whether a text says that a plan's allowance is used up, which is no matter of a retry. */
export const saysUsageLimit = (text: string): boolean =>
  /usage[_ ]limit|hit your .*limit|limit reached|quota (has been )?(exceeded|exhausted)|exceeded your .*quota|exhausted your .*(quota|capacity)/i.test(
    text,
  );

/**
 * When a limit ends, in epoch milliseconds, from a wording such as "try again in 2 hours 5 minutes", "reset after
 * 3h4m5s", "try again at Nov 22nd, 2025 3:04 PM" or "resets 3pm (Europe/Berlin)"; where no zone is named, in the
 * machine's own, as the programs write it. `now` in epoch milliseconds. Undefined when the text says no time.
 */
export function resetTime(text: string, now: number): number | undefined {
  const [, date, zone] = CLOCK.exec(text) ?? [];
  if (date !== undefined) return timeOf(date, zone, now);
  const span = /\b(?:in|after) ((?:\d+(?:\.\d+)? ?(?:days?|hours?|minutes?|seconds?|ms|[dhms])(?![a-z]),? ?)+)/i.exec(
    text,
  )?.[1];
  return span === undefined ? undefined : now + lengthOf(span);
}

/** A time of day, perhaps with its date before it, and a zone in brackets behind it. */
const CLOCK =
  /\b(?:at|resets) ((?:[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,(?: \d{4})? )?\d{1,2}(?::\d{2}(?: ?[AP]M)?| ?[AP]M))(?: \(([\w/+-]+)\))?/i;

/** A time of day alone is the next one to come, and so is a day without its year. */
function timeOf(date: string, zone: string | undefined, now: number): number | undefined {
  const today = wallClock(now, zone);
  const [, day, year, hour = '', minute = '00', half = ''] =
    /^(?:([A-Z]\w+ \d+)\w*,(?: (\d{4}))? )?(\d+)(?::(\d+))? ?([AP]M)?$/i.exec(date) ?? [];
  const which = day === undefined ? today.toDateString() : `${day} ${year ?? today.getFullYear()}`;
  const at = new Date(`${which} ${hour}:${minute} ${half}`);
  if (Number.isNaN(at.getTime())) return undefined;
  if (at < today && day === undefined) at.setDate(at.getDate() + 1);
  if (today.getTime() - at.getTime() > 24 * 3600 * 1000 && year === undefined) at.setFullYear(at.getFullYear() + 1);
  return now - (now % 1000) + at.getTime() - today.getTime();
}

/** The time that a clock in a zone shows, as though it were the machine's own; of a zone nobody knows, the machine's. */
function wallClock(now: number, timeZone: string | undefined): Date {
  try {
    return new Date(new Date(now).toLocaleString('en-US', { timeZone }));
  } catch {
    return new Date(now - (now % 1000));
  }
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

const lengthOf = (span: string): number =>
  [...span.matchAll(/(\d+(?:\.\d+)?) ?(ms|[dhms])/gi)]
    .map(([, amount, unit = '']) => Number(amount) * (UNITS[unit.toLowerCase()] ?? 0))
    .reduce((sum, part) => sum + part, 0);

/** A failed outcome with what else is known of the attempt. */
export const failed = (
  about: Pick<AgentOutcome, 'summary' | 'usage' | 'session'>,
  failure: AgentFailure,
): AgentOutcome => ({
  ...about,
  kind: 'failed',
  ...failure,
});
