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
import { numberOf, objectOf, textOf, type Json } from './json.ts';

/** What is known about an attempt that did not succeed. */
interface Evidence {
  error: Json | undefined;
  /** Why the last step finished. */
  reason: string | undefined;
  exit: ProgramExit;
  stray: string;
}

/** `now` in epoch milliseconds. */
export function opencodeFailure({ error, reason, exit, stray }: Evidence, now: number): AgentFailure {
  if (!error) return withoutError({ reason, exit, stray });
  const data = objectOf(error['data']) ?? {};
  const name = textOf(error['name']) ?? '';
  const message = textOf(data['message']) ?? (name || 'It failed without a word.');
  const said = `${message}\n${textOf(data['responseBody']) ?? ''}`;
  if (saysUsageLimit(said)) return usageLimit(message, resetTime(said, now));
  const status = numberOf(data['statusCode']);
  return { type: status === undefined ? typeOfName(name, message) : typeOfStatus(status), message };
}

/** An answer that was cut off by a limit may be shorter another time; one that never came may come. */
function withoutError({ reason, exit, stray }: Omit<Evidence, 'error'>): AgentFailure {
  if (reason === 'length') return { type: 'fixable', message: 'Its answer was longer than the model may give.' };
  if (reason === 'content-filter') return { type: 'fixable', message: 'Its answer was held back by a filter.' };
  return failureWithoutEnd(exit, stray);
}

function typeOfName(name: string, message: string): FailureType {
  if (/ProviderAuth|ModelNotFound|ConfigInvalid/.test(name) || /model not found|no api key/i.test(message))
    return 'escalate';
  if (/ContextOverflow|OutputLength/.test(name)) return 'fixable';
  return /JSON|socket|connect|network|stream|timed? ?out|terminated|overloaded|fetch/i.test(message)
    ? 'transient'
    : 'fixable';
}
