/**
 * A usage limit that an agent ran into. It is the account's and not a task's, so for the whole run nothing new is begun
 * with that agent until then; what it is at work on goes on.
 *
 *     closed ── an attempt meets the limit ──→ open ── until ──→ closed     (the program said when it ends)
 *                                               │
 *                                               └── until ──→ half open    (it did not: one attempt at a time tries)
 *                       open, for twice as long ←─ limit ─┘ └─ no limit ──→ closed
 */
export interface Breaker {
  agent: string;
  /** What the program said. */
  message: string;
  since: number;
  /** Epoch milliseconds: when it ends, or when it is tried again. */
  until: number;
  /** The program said when it ends. */
  known: boolean;
  /** How often in a row it was met without a word of its end. */
  tries: number;
}

/** Milliseconds before an attempt finds out whether a limit of unknown length is over; doubled each time up to an hour. */
const FIRST_TRY = 5 * 60_000;
const LONGEST_WAIT = 60 * 60_000;

/** What an attempt that met a limit means for its agent; undefined where the run knows as much already. */
export function opened(
  former: Breaker | undefined,
  met: { agent: string; message: string; resetAt?: number; startedAt: number },
  now: number,
): Breaker | undefined {
  const { agent, message, resetAt, startedAt } = met;
  const since = former?.since ?? now;
  if (resetAt !== undefined && resetAt > now) {
    return former?.known && former.until >= resetAt
      ? undefined
      : { agent, message, since, until: resetAt, known: true, tries: 0 };
  }
  // One that was at work before it opened tells nothing new.
  if (former && startedAt < former.until) return undefined;
  const tries = (former?.tries ?? 0) + 1;
  const wait = Math.min(FIRST_TRY * 2 ** (tries - 1), LONGEST_WAIT);
  return { agent, message, since, until: now + wait, known: false, tries };
}

/** `open`: nothing new is begun with the agent; `half`: one attempt at a time. */
export function gateOf(breakers: ReadonlyMap<string, Breaker>, agent: string, now: number): 'open' | 'half' | 'none' {
  const breaker = breakers.get(agent);
  if (!breaker) return 'none';
  return now < breaker.until ? 'open' : breaker.known ? 'none' : 'half';
}
