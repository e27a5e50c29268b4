import { adapt } from './adapting.ts';
import { isGivenUp } from './accept.ts';
import { answer } from './answers.ts';
import { contestants, matesOf } from './contest.ts';
import { defined } from '../defined.ts';
import type { Decision, Edited, Event, Ordered, Started } from './event.ts';
import { besideOthers, warned } from './foreseen.ts';
import { agentAtWork, tell, untold } from './message.ts';
import type { Order } from './order.ts';
import { decline, edited, revise } from './revision.ts';
import { type Attempt, attemptOf, latest, type RunState, taskOf } from './state.ts';
import { clearLooks, clearPick, clearQuestions, isLive, keepApart, move, reopen, settle, stop } from './transitions.ts';

/** Folds an order or a decision: nothing was done, something was said or concluded. */
export function conclude(state: RunState, event: Event & (Ordered | Edited | Decision | Started)): void {
  switch (event.type) {
    case 'run.started':
    case 'writer.released':
      return;
    case 'run.moved':
      return moved(state, event.root);
    case 'order.refused':
      state.orders.set(event.order.id, event.reason);
      return;
    case 'order.accepted':
      state.orders.set(event.order.id, null);
      return ordered(state, event.order, event.at);
    case 'plan.proposed':
    case 'plan.withdrawn':
      return edited(state, event);
    case 'attempt.handed':
      return move(state, attemptOf(state, event.task, event.attempt), { at: 'working' });
    case 'attempt.resumed':
      return resume(attemptOf(state, event.task, event.attempt), event.session);
    case 'conflict.foreseen':
      return warned(state, event);
    case 'attempt.brought':
      return over(state, attemptOf(state, event.task, event.attempt), event.at);
    case 'attempt.passed':
      return passed(state, event);
    case 'attempt.accepted':
      return accepted(state, event);
    case 'attempt.failed':
      return attemptFailed(state, event);
    case 'candidate.formed':
      return formed(state, event);
    case 'candidate.dissolved':
      return dissolved(state, event.at);
    case 'question.asked':
      state.questions.set(event.question.id, { ...event.question, askedAt: event.at });
      return;
    case 'breaker.opened':
      state.breakers.set(event.breaker.agent, event.breaker);
      return;
    case 'breaker.closed':
      state.breakers.delete(event.agent);
      state.limitsOver.set(event.agent, event.at);
      return;
    case 'waves.adapted':
      return adapt(state, event);
    case 'wave.failed':
      return waveGoesBack(state, event);
    case 'run.paused':
      state.paused = { reason: event.reason, halt: event.halt, at: event.at };
      return;
    case 'run.ended':
      state.ended = { outcome: event.outcome, reason: event.reason, at: event.at };
  }
}

function moved(state: RunState, root: string): void {
  const attempts = [...state.tasks.values()].flatMap((task) => task.attempts);
  for (const attempt of attempts) {
    if (attempt.path?.startsWith(state.root)) attempt.path = root + attempt.path.slice(state.root.length);
  }
  state.root = root;
}

function formed(state: RunState, event: Decision & { type: 'candidate.formed' }): void {
  const { candidate: number, onto, members, gates } = event;
  const builds = new Map([['', { commit: onto }]]);
  state.candidates = number;
  state.candidate = { number, onto, members, gates, builds, runs: new Map(), waived: new Set() };
}

function waveGoesBack(state: RunState, { wave, tasks, reason }: Decision & { type: 'wave.failed' }): void {
  state.rollback = { tasks, reason, wave, afterwards: 'goOn' };
}

function over(state: RunState, attempt: Attempt, at: number): void {
  attempt.endedAt = at;
  move(state, attempt, { at: 'worked' });
}

function resume(attempt: Attempt, session: string | undefined): void {
  delete attempt.resume;
  if (session === undefined) attempt.anew += 1;
  else {
    attempt.resume = session;
    attempt.resumed += 1;
  }
}

/** Who is asked which result is taken, is asked again with this one. */
function passed(state: RunState, event: Decision & { type: 'attempt.passed' }): void {
  attemptOf(state, event.task, event.attempt).passed = event.warnings;
  for (const { task } of contestants(state, event.task)) clearPick(state, task.id);
}

function accepted(state: RunState, event: { task: string; attempt: number; warnings: readonly string[] }): void {
  const attempt: Attempt = attemptOf(state, event.task, event.attempt);
  attempt.warnings.push(...event.warnings);
  for (const mate of matesOf(state, event.task)) {
    if (!mate.settled && !isLive(latest(mate))) settle(state, mate, { kind: 'skipped' });
  }
  const commit = attempt.result?.commit ?? null;
  move(state, attempt, commit === null ? { at: 'merged', commit } : { at: 'queued', commit });
  if (commit === null) settle(state, taskOf(state, event.task), { kind: 'done', commit });
  else besideOthers(state, { task: event.task, attempt: event.attempt, commit });
}

function attemptFailed(state: RunState, event: Event & { type: 'attempt.failed' }): void {
  const task = taskOf(state, event.task);
  const attempt = attemptOf(state, event.task, event.attempt);
  attempt.endedAt ??= event.at;
  clearPick(state, event.task);
  move(state, attempt, { at: 'ended', failure: event.failure, next: event.next });
  task.messages.push(...untold(attempt));
  state.frontier.give(event.task);
  if ('with' in event.failure) keepApart(state, event.task, event.failure.with);
  switch (event.next.kind) {
    case 'retry':
      // A person who wants it different is no failure of the agent's.
      if (event.failure.kind !== 'rejected') task.retries += 1;
      if (event.next.at !== undefined) task.retryAt = event.next.at;
      if (event.next.stuck !== undefined) task.stuck = event.next.stuck;
      return;
    case 'revision':
      task.revisions += 1;
      return;
    case 'giveUp':
      settle(state, task, { kind: 'failed' });
      return;
    case 'skip':
      settle(state, task, { kind: 'skipped' });
      return;
    case 'again':
      if (event.next.at !== undefined) task.retryAt = event.next.at;
      return;
  }
}

function steered(state: RunState, { type, task }: Order & { type: 'interrupt' | 'takeover' }): void {
  const working = agentAtWork(state, task);
  if (!working) return;
  if (type === 'takeover') working.attempt.takenAt = state.at;
  else state.unsaid.push({ job: working.job, steering: { kind: 'interrupt' } });
}

/** Its next attempt begins with what the last one changed, and is a person's. */
function byHand(state: RunState, id: string): void {
  const { role, identity, grade, readOnly } = state.agents[id] ?? {};
  const person = { name: 'manual', manual: true, ...defined({ role, identity, grade, readOnly }) };
  state.agents = { ...state.agents, [id]: person };
  reopen(state, taskOf(state, id), undefined);
}

/** A candidate without members was only a check of the tip; it is kept with its gate runs. */
function dissolved(state: RunState, at: number): void {
  const { candidate } = state;
  clearLooks(state);
  if (candidate && candidate.members.length === 0) {
    const gates = [...(candidate.runs.get('')?.values() ?? [])].flat();
    state.merges.push({ candidate: candidate.number, commit: candidate.onto, members: [], gates, at });
  }
  delete state.candidate;
}

function ordered(state: RunState, order: Order, at: number): void {
  switch (order.type) {
    case 'approve':
      if (state.proposal) return revise(state);
      state.approval = { kind: 'given', baseline: order.baseline === true, at };
      return;
    case 'reject':
      if (state.proposal) return decline(state);
      state.approval = { kind: 'refused', comment: order.comment };
      return;
    case 'answer':
      return answer(state, order);
    case 'done': {
      const attempt = latest(taskOf(state, order.task));
      if (attempt?.stage.at === 'working') over(state, attempt, at);
      return;
    }
    case 'tell':
      return tell(state, order);
    case 'interrupt':
      return steered(state, order);
    case 'takeover':
      return isGivenUp(state.tasks.get(order.task)) ? byHand(state, order.task) : steered(state, order);
    case 'retry':
      return reopen(state, taskOf(state, order.task), order.comment);
    case 'skip': {
      settle(state, taskOf(state, order.task), { kind: 'skipped' });
      clearQuestions(state, order.task);
      delete state.ended;
      return;
    }
    case 'agents':
      state.config = { ...state.config, limits: { ...state.config.limits, agents: order.most } };
      return;
    case 'pause':
      state.paused = { reason: 'a person asked for it', halt: false, asked: true, at };
      return;
    case 'resume':
      return resumed(state);
    case 'cancel':
      if (order.rollback) state.rollback = { tasks: [...state.tasks.keys()], reason: ROLLED_BACK, afterwards: 'end' };
      return stop(state);
    case 'push':
      state.push = { kind: 'wanted', remote: order.remote, branches: order.branches };
      return;
    case 'rollback':
      return takeBack(state, order);
  }
}

/** A run that has ended goes on for it, and stands still afterwards: a person says what follows. */
function takeBack(state: RunState, { tasks, comment }: Order & { type: 'rollback' }): void {
  const reason = `taken back by a person: ${tasks.length > 3 ? `${tasks.length} tasks` : tasks.join(', ')}`;
  state.rollback = { tasks, reason, afterwards: 'pause', ...(comment ? { comment } : {}) };
  state.cancelled = false;
  delete state.ended;
  delete state.paused;
}

const ROLLED_BACK = 'cancelled and rolled back by a person';

/** A run that only waits for a usage limit tries at once whether it is over. */
function resumed(state: RunState): void {
  if (!state.paused && !state.cancelled && !state.ended) {
    for (const agent of state.breakers.keys()) state.limitsOver.set(agent, state.at);
    state.breakers.clear();
  }
  delete state.paused;
  state.cancelled = false;
  delete state.ended;
}
