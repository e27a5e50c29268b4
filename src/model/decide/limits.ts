import { gateOf, opened } from '../crew/breaker.ts';
import type { AttemptFailure, Happening, JobPurpose } from '../run/event.ts';
import { isVerdict, type Review } from '../review.ts';
import type { Attempt, RunState } from '../run/state.ts';
import { type Draft, openJobs } from './draft.ts';

/** Closes what has run its time. Where nobody said how long, an attempt has to find out. */
export function closeBreakers(draft: Draft): void {
  for (const { agent, known, until } of draft.state.breakers.values()) {
    if (known && until <= draft.now) draft.conclude({ type: 'breaker.closed', agent });
    else if (known) draft.wake(until);
  }
}

/** What an attempt that is over tells of its agent's allowance: used up, or there again. */
export function learnLimit(draft: Draft, attempt: Attempt, failure: AttemptFailure | undefined): void {
  const { state } = draft;
  const agent = agentOf(state, attempt.task);
  const former = state.breakers.get(agent);
  if (failure?.kind === 'limit') return meet(draft, { agent, startedAt: attempt.startedAt, ...failure });
  const tells = failure === undefined || failure.kind === 'nothingChanged' || failure.kind === 'finding';
  if (former && tells && attempt.startedAt >= former.until) draft.conclude({ type: 'breaker.closed', agent });
}

/** The same of a review. It is looked at again and again: what was learnt before the limit was last over is old. */
export function learnFromReview(draft: Draft, review: Review): void {
  const { state } = draft;
  const { agent, startedAt, endedAt } = review;
  const former = state.breakers.get(agent);
  if (isVerdict(review)) {
    if (former && startedAt >= former.until) draft.conclude({ type: 'breaker.closed', agent });
  } else if (review.limit && (state.limitsOver.get(agent) ?? 0) < endedAt) {
    meet(draft, review);
  }
}

function meet(draft: Draft, met: Parameters<typeof opened>[1]): void {
  const breaker = opened(draft.state.breakers.get(met.agent), met, draft.now);
  if (breaker) draft.conclude({ type: 'breaker.opened', breaker });
}

/** May the agent be asked for a review? Where it is not known whether a limit is over, one has to find out. */
export function mayReview(draft: Draft, agent: string): boolean {
  const { state } = draft;
  const gate = gateNow(draft, agent);
  if (gate !== 'half') return gate === 'none';
  return !openJobs(state).some(({ purpose }) => agentAt(state, purpose) === agent);
}

/** As `gateOf`, and asks to be woken where only time is missing. What was learnt in this very decision is not folded in yet. */
function gateNow(draft: Draft, agent: string): ReturnType<typeof gateOf> {
  const { state, now, events } = draft;
  if (events.some((event) => event.type === 'breaker.opened' && event.breaker.agent === agent)) return 'open';
  const gate = gateOf(state.breakers, agent, now);
  if (gate === 'open') draft.wake(state.breakers.get(agent)?.until ?? now);
  return gate;
}

const agentAt = ({ agents, reviewers }: RunState, purpose: JobPurpose): string | undefined =>
  purpose.kind === 'agent' ? agents[purpose.task]?.name : 'gate' in purpose ? reviewers[purpose.gate]?.name : undefined;

/** May another attempt with the task's agent be begun? */
export function mayDispatch(draft: Draft, task: string): boolean {
  return passes(draft, task, ({ stage: { at } }) => BEFORE.has(at) || UNKNOWN.has(at));
}

/** May an attempt that is ready for its agent go to it? One of several that wait has to be the first. */
export function mayWork(draft: Draft, task: string): boolean {
  return passes(draft, task, ({ stage: { at } }) => UNKNOWN.has(at));
}

const agentOf = (state: RunState, task: string): string => state.agents[task]?.name ?? '';

type At = Attempt['stage']['at'];
const BEFORE: ReadonlySet<At> = new Set(['preparing', 'prepared', 'settingUp', 'setUp']);
/** It has not been judged yet whether it met the limit again. */
const UNKNOWN: ReadonlySet<At> = new Set(['working', 'worked', 'collecting', 'verifying']);

function passes(draft: Draft, task: string, tries: (attempt: Attempt) => boolean): boolean {
  const { state, events } = draft;
  const agent = agentOf(state, task);
  const gate = gateNow(draft, agent);
  if (gate !== 'half') return gate === 'none';
  const isSame = (other: string): boolean => agentOf(state, other) === agent;
  return (
    ![...state.active].some((attempt) => attempt.task !== task && isSame(attempt.task) && tries(attempt)) &&
    !events.some((event) => isBegun(event, isSame))
  );
}

/** In this very decision another one of the agent's is begun. */
function isBegun(event: Happening, isSame: (task: string) => boolean): boolean {
  if (event.type === 'worktree.intended') return isSame(event.task);
  return event.type === 'job.intended' && event.purpose.kind === 'agent' && isSame(event.purpose.task);
}
