import { conclude } from './conclude.ts';
import { defined } from '../defined.ts';
import { describe } from '../failure.ts';
import { type Event, type Intent, isIntent, type JobPurpose, type Outcome } from './event.ts';
import type { GateRun } from '../gate.ts';
import { withUsage } from '../crew/spending.ts';
import { learnAtEnd } from '../crew/footprint.ts';
import { together } from '../crew/used.ts';
import type { JobEnd } from './job.ts';
import { heard, toldAll, turnOver } from './message.ts';
import { compareAgain, compared } from './foreseen.ts';
import { see } from './machine.ts';
import { pushed, pushing } from './push.ts';
import { forgetReports, reported } from './reported.ts';
import { rolledBack } from './rollback.ts';
import { addRun, type Attempt, attemptOf, keyOf, type RunState, taskOf } from './state.ts';
import { noteStretches, touchedBy } from './stretches.ts';
import { enliven, move, settle } from './transitions.ts';

/** Folds one event into the state. The first event of a journal goes to `begin`. */
export function evolve(state: RunState, event: Event): RunState {
  const touched = touchedBy(state, event);
  state.at = event.at;
  if (isIntent(event)) intended(state, event);
  else if ('intent' in event) closed(state, event);
  else if (event.type === 'job.reported') reported(state, event);
  else if (event.type === 'machine.seen') see(state, { ...event.machine, at: event.at });
  else conclude(state, event);
  for (const task of touched) noteStretches(state, task);
  return state;
}

function intended(state: RunState, event: Event & Intent): void {
  state.intents += 1;
  state.open.set(event.intent, event);
  switch (event.type) {
    case 'worktree.intended':
      return prepare(state, event);
    case 'job.intended':
      return startJob(state, event);
    case 'cancel.intended':
      state.stopping.add(event.job);
      return;
    case 'steer.intended':
      state.unsaid.shift();
      return;
    case 'result.intended':
      move(state, attemptOf(state, event.task, event.attempt), { at: 'collecting', intent: event.intent });
      return;
    case 'forecast.intended':
      attemptOf(state, event.task, event.attempt).forecast = 'open';
      return;
    case 'removal.intended':
      state.leftovers.delete(attemptOf(state, event.task, event.attempt));
      return;
    case 'candidate.intended':
    case 'merge.intended':
    case 'rollback.intended':
    case 'branch.intended':
    case 'tidying.intended':
      return;
    case 'push.intended':
      return pushing(state, event);
  }
}

function prepare(state: RunState, event: Event & Intent & { type: 'worktree.intended' }): void {
  const { attempts } = taskOf(state, event.task);
  const again = attempts[event.attempt - 1];
  if (again) {
    move(state, again, { at: 'preparing', intent: event.intent });
    return;
  }
  const { name, branch, base, carry, at } = event;
  const attempt: Attempt = {
    task: event.task,
    number: event.attempt,
    name,
    branch,
    base,
    ...(carry ? { carry } : {}),
    startedAt: at,
    worktree: 'none',
    carried: 'none',
    warnings: [],
    waived: new Set(),
    waivedGates: new Set(),
    resumed: 0,
    anew: 0,
    gates: [],
    answers: new Map(),
    rounds: 0,
    messages: taskOf(state, event.task).messages.splice(0),
    beside: [],
    forecast: 'none',
    foreseen: [],
    warned: new Set(),
    stage: { at: 'preparing', intent: event.intent },
    stretches: [],
  };
  toldAll(attempt);
  attempts.push(attempt);
  enliven(state, attempt);
  state.frontier.take(event.task);
  delete taskOf(state, event.task).retryAt;
}

function startJob(state: RunState, { intent, purpose }: Intent & { type: 'job.intended' }): void {
  if (purpose.kind === 'baseline' || purpose.kind === 'candidateGate') {
    state.gateTree = true;
    return;
  }
  const at = { agent: 'working', setup: 'settingUp', taskGate: 'verifying' } as const;
  const attempt = attemptOf(state, purpose.task, purpose.attempt);
  if (purpose.kind === 'agent' && purpose.message !== undefined) goOn(attempt);
  move(state, attempt, { at: at[purpose.kind], intent });
}

/** Its agent's former turn was not the last. */
function goOn(attempt: Attempt): void {
  toldAll(attempt);
  if (attempt.answers.size > 0) attempt.rounds += 1;
  attempt.answers.clear();
  delete attempt.end;
  delete attempt.endedAt;
}

function closed(state: RunState, event: Event & Outcome): void {
  const intent = state.open.get(event.intent);
  if (!intent) return;
  state.open.delete(event.intent);
  switch (event.type) {
    case 'worktree.created':
      if (intent.type === 'worktree.intended') created(attemptOf(state, intent.task, intent.attempt), event);
      return;
    case 'job.ended':
      if (intent.type === 'job.intended') jobOver(state, intent, event);
      return;
    case 'result.taken':
      if (intent.type === 'result.intended') collected(attemptOf(state, intent.task, intent.attempt), event);
      return;
    case 'forecast.made':
      return compared(state, intent, event.conflicts);
    case 'candidate.built':
    case 'candidate.conflicted':
      if (intent.type === 'candidate.intended' && state.candidate?.number === intent.candidate) {
        state.candidate.builds.set(intent.key, event);
      }
      return;
    case 'merge.done':
      if (intent.type === 'merge.intended') merged(state, intent.new, event.at);
      return;
    case 'rollback.done':
      return wentBack(state, intent, event.branch);
    case 'worktree.removed':
      if (intent.type === 'removal.intended') attemptOf(state, intent.task, intent.attempt).worktree = 'removed';
      return;
    case 'branch.moved':
      state.branch = event.branch;
      if (intent.type === 'branch.intended') state.published = intent.commit;
      return;
    case 'push.done':
    case 'push.refused':
      return pushed(state, event);
    case 'tidying.done':
      state.gateTree = false;
      return;
    case 'steer.replied':
      return heard(state, intent, event.reply);
    case 'cancel.sent':
      return;
    case 'intent.failed':
      return notDone(state, intent, event);
  }
}

function created(attempt: Attempt, event: Outcome & { type: 'worktree.created' }): void {
  attempt.worktree = 'there';
  attempt.path = event.path;
  attempt.carried = event.carried;
  attempt.warnings.push(...event.warnings);
  attempt.stage = { at: 'prepared' };
}

function collected(attempt: Attempt, event: Outcome & { type: 'result.taken' }): void {
  const { commit, tree, paths, lines, findings } = event;
  attempt.result = { commit, paths, findings, ...defined({ tree, lines }) };
  attempt.stage = { at: 'verifying' };
}

function jobOver(
  state: RunState,
  intent: Intent & { type: 'job.intended' },
  event: Event & Outcome & { type: 'job.ended' },
): void {
  forgetReports(state, event.intent);
  const asked = state.stopping.delete(event.intent);
  jobEnded(state, intent, asked ? event : { ...event, end: ofItself(event.end) });
}

/** A job that was stopped and nobody asked for it was ended by the system: a shutdown, a logout. */
const ofItself = (end: JobEnd): JobEnd =>
  end.kind === 'exited' && end.exit.stopped === 'cancelled'
    ? {
        kind: 'interrupted',
        reason: 'the system ended it',
        ...(end.exit.agent?.session === undefined ? {} : { session: end.exit.agent.session }),
      }
    : end;

function jobEnded(
  state: RunState,
  intent: Intent & { type: 'job.intended' },
  event: Event & Outcome & { type: 'job.ended' },
): void {
  const { purpose } = intent;
  if (event.end.kind === 'exited' && event.end.exit.used) learnAtEnd(state, purpose, event.end.exit.used);
  // What an interrupted gate said is not its verdict: it is run again. Of a reviewer it counts that it was asked.
  const gate = event.end.kind === 'exited' || event.gate?.review ? event.gate : undefined;
  switch (purpose.kind) {
    case 'baseline':
      if (gate) state.baselines.set(purpose.gate, gate);
      return;
    case 'candidateGate':
      return candidateTested(state, purpose, gate);
    case 'taskGate':
      return attemptTested(attemptOf(state, purpose.task, purpose.attempt), gate);
    case 'agent': {
      const attempt = attemptOf(state, purpose.task, purpose.attempt);
      spend(state, attempt, event.end);
      take(attempt, event.end);
      return worked(attempt, event);
    }
    case 'setup': {
      const attempt = attemptOf(state, purpose.task, purpose.attempt);
      attempt.end = event.end;
      attempt.endedAt = event.at;
      attempt.stage = { at: 'setUp' };
    }
  }
}

function candidateTested(
  state: RunState,
  purpose: JobPurpose & { kind: 'candidateGate' },
  run: GateRun | undefined,
): void {
  if (!run) return;
  if (run.review?.usage) state.reviewed.set(run.gate, withUsage(state.reviewed.get(run.gate), run.review.usage));
  if (state.candidate?.number !== purpose.candidate) return;
  addRun(state.candidate, purpose.key, run);
}

function attemptTested(attempt: Attempt, run: GateRun | undefined): void {
  if (run) attempt.gates.push(run);
  if (run?.review?.usage) attempt.reviewed = withUsage(attempt.reviewed, run.review.usage);
  attempt.stage = { at: 'verifying' };
}

/** The agent's turn is over. Where a person took over, how it ended does not matter: its worktree is theirs now. */
function worked(attempt: Attempt, { end, at }: { end: JobEnd; at: number }): void {
  const session = end.kind === 'exited' ? end.exit.agent?.session : undefined;
  if (session !== undefined) attempt.session = session;
  turnOver(attempt);
  const taken = attempt.takenAt !== undefined && !(end.kind === 'interrupted' && end.unproven);
  attempt.stage = taken ? { at: 'working' } : { at: 'worked' };
  if (taken) return;
  attempt.end = end;
  attempt.endedAt = at;
}

function spend(state: RunState, attempt: Attempt, end: JobEnd): void {
  const usage = end.kind === 'exited' ? end.exit.agent?.usage : undefined;
  if (usage) attempt.spent = withUsage(attempt.spent, usage, state.agents[attempt.task]?.sessionTotals);
  else if (attempt.spending) attempt.spent = attempt.spending;
  delete attempt.spending;
}

function take(attempt: Attempt, end: JobEnd): void {
  const used = together(attempt.used, end.kind === 'exited' ? end.exit.used : attempt.using);
  if (used) attempt.used = used;
  delete attempt.using;
}

function merged(state: RunState, commit: string, at: number): void {
  state.integration = commit;
  const { candidate } = state;
  if (!candidate) return;
  const runs = [...(candidate.runs.get(keyOf(candidate.members))?.values() ?? [])].flat();
  state.merges.push({ candidate: candidate.number, commit, members: candidate.members, gates: runs, at });
  for (const member of candidate.members) {
    move(state, attemptOf(state, member.task, member.attempt), { at: 'merged', commit });
    settle(state, taskOf(state, member.task), { kind: 'done', commit: member.commit });
  }
  delete state.candidate;
}

function wentBack(state: RunState, intent: Event & Intent, branch: string | undefined): void {
  if (intent.type !== 'rollback.intended') return;
  rolledBack(state, intent);
  if (branch === undefined) return;
  state.branch = branch;
  state.published = intent.to;
}

/** The intent is closed but its work is still to do: the run stands still until a person resumes it. */
function notDone(state: RunState, intent: Intent, event: Event & Outcome & { type: 'intent.failed' }): void {
  state.paused = { reason: describe(event.failure), halt: true, at: event.at };
  if (intent.type === 'cancel.intended') state.stopping.delete(intent.job);
  if (intent.type === 'worktree.intended')
    move(state, attemptOf(state, intent.task, intent.attempt), { at: 'preparing' });
  if (intent.type === 'push.intended')
    pushed(state, { type: 'push.refused', reason: describe(event.failure), at: event.at });
  if (intent.type === 'removal.intended') state.leftovers.add(attemptOf(state, intent.task, intent.attempt));
  if (intent.type === 'forecast.intended') compareAgain(attemptOf(state, intent.task, intent.attempt));
  if (intent.type === 'result.intended') move(state, attemptOf(state, intent.task, intent.attempt), { at: 'worked' });
  if (intent.type !== 'job.intended') return;
  const { purpose } = intent;
  if (purpose.kind === 'baseline' || purpose.kind === 'candidateGate') return;
  const before = state.config.setup === undefined ? 'prepared' : 'setUp';
  const back = { agent: { at: before }, setup: { at: 'prepared' }, taskGate: { at: 'verifying' } } as const;
  move(state, attemptOf(state, purpose.task, purpose.attempt), back[purpose.kind]);
}
