import type { Event, Intent, JobPurpose } from '../../model/run/event.ts';
import { heldLines, heldNow, type Held } from '../../model/crew/admission.ts';
import { type Review, reviewWords } from '../../model/review.ts';
import { describe } from '../../model/failure.ts';
import { progressText } from '../../model/shown/progress-text.ts';
import type { Reply } from '../../model/run/job.ts';
import type { GateRun } from '../../model/gate.ts';
import type { Order } from '../../model/run/order.ts';
import type { RunState } from '../../model/run/state.ts';
import { answersInShort } from '../asking/answers.ts';
import { pushLine } from '../../model/run/push.ts';
import { attention, limitWords, waitWords } from '../../model/run/view.ts';
import { clockText, count, plain, timeText } from './text.ts';

/** Tells a run as plain lines, one for each event that a person wants to hear of. Remembers which intents are open. */
export class Narrator {
  readonly #intents = new Map<string, Intent>();
  /** What the machine held back when it was last told. */
  #held: Held['of'] | undefined;

  constructor(state?: RunState) {
    for (const intent of state?.open.values() ?? []) this.#intents.set(intent.intent, intent);
  }

  /** `state` is the state with the event folded in; undefined for what goes without saying. */
  tell(event: Event, state: RunState): string | undefined {
    const intent = 'intent' in event ? this.#intents.get(event.intent) : undefined;
    if (isIntent(event)) this.#intents.set(event.intent, event);
    else if (intent) this.#intents.delete(intent.intent);
    const told = event.type === 'machine.seen' ? this.#tellMachine(state) : tellEvent(event, state, intent);
    return told === undefined ? undefined : plain(told);
  }

  /** Once for each reason, however often it is looked at. */
  #tellMachine(state: RunState): string | undefined {
    const held = heldNow(state)?.of;
    const isNews = held !== this.#held;
    this.#held = held;
    return isNews ? heldLines(state)[0] : undefined;
  }
}

const isIntent = (event: Event): event is Event & Intent => event.type.endsWith('.intended');

/** The line with the time since the run began before it. */
export const timed = (at: number, state: RunState, line: string): string =>
  `${timeText(at - state.startedAt).padStart(8)}  ${line}`;

function tellEvent(event: Event, state: RunState, intent: Intent | undefined): string | undefined {
  switch (event.type) {
    case 'run.started':
      return `run ${event.run}: ${event.plan.objective} (${count(event.plan.tasks.length, 'task')})`;
    case 'plan.proposed':
    case 'plan.withdrawn':
      return edited(event.type, state);
    case 'order.accepted':
      if (event.order.type === 'reject' && state.approval.kind === 'given') return 'the plan stays as it was';
      return ORDER[event.order.type](event.order);
    case 'order.refused':
      return `the order "${event.order.type}" was refused: ${event.reason}`;
    case 'job.intended':
      return started(event.purpose, state);
    case 'worktree.created':
      return event.warnings.length === 0 ? undefined : `${taskOf(intent)}: ${event.warnings.join('; ')}`;
    case 'job.reported':
      return event.report.type === 'progress'
        ? `${taskOf(state.open.get(event.job))}: ${progressText(event.report)}`
        : undefined;
    case 'job.ended':
      return ended(event, intent, state);
    case 'attempt.resumed':
      return resumed(event);
    case 'conflict.foreseen':
      return foreseen(event);
    case 'attempt.handed':
    case 'attempt.passed':
    case 'attempt.accepted':
    case 'attempt.failed':
      return tellAttempt(event, state);
    case 'candidate.conflicted':
      return `${event.task}: does not merge with ${event.with.join(', ') || 'what is there'} (${event.paths.join(', ')})`;
    case 'merge.done':
      return merged(state);
    case 'rollback.done':
      return intent?.type === 'rollback.intended' ? wentBack(intent) : undefined;
    case 'waves.adapted':
    case 'wave.failed':
      return tellWave(event);
    case 'branch.moved':
      return `branch ${event.branch} holds what is merged`;
    case 'intent.failed':
      return `could not be done: ${describe(event.failure)}`;
    case 'question.asked':
      return `? ${event.question.text} — ${answersInShort({ ...event.question, since: event.at })}`;
    case 'breaker.opened':
    case 'breaker.closed':
      return tellLimit(event, state);
    case 'steer.replied':
      return replied(event.reply, intent);
    case 'run.paused':
      return `paused: ${event.reason}`;
    case 'run.ended':
      return `${event.outcome}: ${event.reason}`;
    default:
      return tellOther(event, state);
  }
}

function tellOther(event: Event, state: RunState): string | undefined {
  if (event.type === 'run.moved') return `the repository is at ${event.root} now`;
  return event.type === 'push.done' || event.type === 'push.refused' ? pushLine(state) : undefined;
}

function tellWave(event: Event & { type: 'waves.adapted' | 'wave.failed' }): string | undefined {
  if (event.type === 'waves.adapted') return event.reasons.join('; ') || undefined;
  return `wave ${event.wave}: ${event.reason}: what it has merged goes back, and it begins anew`;
}

function wentBack({ to, gone, kept, brought }: Intent & { type: 'rollback.intended' }): string {
  const stays = [...kept.map(({ task }) => task), ...brought];
  const again = stays.length > 0 ? `; merged again: ${stays.join(', ')}` : '';
  return `taken back to ${to.slice(0, 10)}: ${gone.join(', ') || 'nothing'}${again}`;
}

const foreseen = ({ task, conflicts }: Event & { type: 'conflict.foreseen' }): string =>
  `${task}: would not merge with ${conflicts.map((other) => `${other.task} (${other.paths.join(', ')})`).join(', ')}`;

function edited(type: 'plan.proposed' | 'plan.withdrawn', state: RunState): string | undefined {
  if (type === 'plan.withdrawn') return 'the plan says again what it said';
  const item = state.proposal && attention(state).find(({ kind }) => kind === 'approval');
  if (!item) return `${state.planFile} was edited before it was approved`;
  const changes = item.detail?.split('\n').map((line) => line.trim()) ?? [];
  return `? ${item.text}: ${changes.join('; ')} — ${answersInShort(item)}`;
}

function tellLimit(event: Event & { type: 'breaker.opened' | 'breaker.closed' }, state: RunState): string {
  if (event.type === 'breaker.closed') return `${event.agent}: the usage limit is over`;
  const { agent, message } = event.breaker;
  const words = limitWords(state, clockText).find((line) => line.startsWith(`${agent}:`));
  return `${words ?? agent}; the rest goes on, "orchestrate resume" tries it now: ${message}`;
}

const ORDER: { [T in Order['type']]: (order: Order) => string } = {
  approve: () => 'the plan is approved',
  reject: () => 'the plan is rejected',
  answer: (order) => (order.type === 'answer' ? `answered "${order.choice}" to ${order.question}` : ''),
  done: (order) => `${nameIn(order)}: marked done`,
  tell: (order) => (order.type === 'tell' ? `${order.task}: is told: ${order.text}` : ''),
  interrupt: (order) => `${nameIn(order)}: its agent is to stop what it does now`,
  takeover: (order) => `${nameIn(order)}: is taken over by a person`,
  retry: (order) => `${nameIn(order)}: is to be tried again`,
  skip: (order) => `${nameIn(order)}: is to be skipped`,
  agents: (order) => (order.type === 'agents' ? `up to ${count(order.most, 'agent')} at once from now on` : ''),
  pause: () => 'is to pause: nothing new is started',
  resume: () => 'goes on',
  cancel: (order) =>
    order.type === 'cancel' && order.rollback ? 'is to be cancelled and rolled back' : 'is to be cancelled',
  push: (order) => (order.type === 'push' ? `to be pushed to ${order.remote} as ${order.branches.join(', ')}` : ''),
  rollback: (order) => (order.type === 'rollback' ? `to be taken back: ${order.tasks.join(', ')}` : ''),
};

const nameIn = (order: Order): string => ('task' in order ? order.task : '');

const taskOf = (intent: Intent | undefined): string =>
  intent && 'task' in intent ? intent.task : intent?.type === 'job.intended' ? whose(intent.purpose) : '';

/** The task, with its correlation id where it has one. */
function called(state: RunState, task: string): string {
  const correlation = state.agents[task]?.correlation;
  return correlation === undefined ? task : `${task} [${correlation}]`;
}

const whose = (purpose: JobPurpose): string =>
  'task' in purpose ? purpose.task : purpose.kind === 'baseline' ? 'base' : 'merge';

function started(purpose: JobPurpose, state: RunState): string | undefined {
  switch (purpose.kind) {
    case 'agent': {
      const again = purpose.attempt === 1 ? '' : `, attempt ${purpose.attempt}`;
      const turn = purpose.message === undefined ? '' : ', one more turn with what it was told';
      return `${called(state, purpose.task)}: ${state.agents[purpose.task]?.name ?? 'agent'} is at work${again}${turn}`;
    }
    case 'setup':
      return `${purpose.task}: set-up`;
    case 'taskGate':
    case 'candidateGate':
    case 'baseline':
      return undefined;
  }
}

function ended(event: Event & { type: 'job.ended' }, intent: Intent | undefined, state: RunState): string | undefined {
  if (intent?.type !== 'job.intended') return undefined;
  const { purpose } = intent;
  const { end, gate } = event;
  if (end.kind === 'interrupted') return `${whose(purpose)}: was interrupted: ${end.reason}`;
  if (gate) return `${whose(purpose)}: ${gateText(gate)}`;
  const took = timeText(end.exit.endedAt - end.exit.startedAt);
  if (purpose.kind !== 'agent') return undefined;
  return `${called(state, purpose.task)}: agent ${end.exit.agent?.kind === 'failed' ? 'failed' : 'finished'} in ${took}`;
}

/** Only what did not go as it was meant. */
function replied(reply: Reply, intent: Intent | undefined): string | undefined {
  const what = intent?.type === 'steer.intended' ? intent.steering.kind : 'order';
  const later = what === 'message' ? '; it is told at its next turn, or in the next attempt' : '';
  if (reply.kind === 'queued') return `the ${what} is told when the agent's turn is over`;
  if (reply.kind === 'refused') return `the ${what} was not taken: ${reply.reason}${later}`;
  if (reply.kind === 'missed') return `the ${what} came too late: its agent had ended`;
  return undefined;
}

/** `gate test is red in 1.2 s: src/a.js:3: expected 2`. */
function gateText(run: GateRun): string {
  if (run.review) return reviewText(run, run.review);
  const word = { passed: 'is green', failed: 'is red', error: 'could not run' }[run.result];
  const why = run.result === 'passed' ? '' : evidence(run);
  return `gate ${run.gate} ${word} in ${timeText(run.duration)}${why && `: ${why}`}`;
}

/** `review: approved, 2 comments, by claude in 12 s`, and what it says where it holds something up. */
function reviewText(run: GateRun, review: Review): string {
  const why = run.result === 'passed' ? '' : evidence(run);
  return `${run.gate}: ${reviewWords(review)}, by ${review.agent} in ${timeText(run.duration)}${why && `: ${why}`}`;
}

/** The first thing that a red gate says: its first problem, else its failing tests, else its last line. */
export function evidence(run: GateRun): string {
  const [first] = run.problems;
  if (first) return `${first.file === undefined ? '' : `${first.file}:${first.range.line}: `}${first.message}`;
  if (run.tests && run.tests.failed.length > 0) return `${run.tests.failed.length} fail, ${run.tests.failed[0] ?? ''}`;
  return run.tail.split('\n').findLast((line) => line.trim() !== '') ?? `exit ${run.exitCode ?? 'by a signal'}`;
}

const resumed = ({ session, task }: Event & { type: 'attempt.resumed' }): string =>
  session === undefined
    ? `${task}: its session is not there any more, so it begins anew`
    : `${task}: was cut off and goes on with its session`;

function tellAttempt(
  event: Event & { type: 'attempt.handed' | 'attempt.passed' | 'attempt.accepted' | 'attempt.failed' },
  state: RunState,
): string | undefined {
  const { task } = event;
  switch (event.type) {
    case 'attempt.handed': {
      const path = state.tasks.get(task)?.attempts.at(-1)?.path ?? 'its worktree';
      return `? ${task}: is yours to do in ${path} — orchestrate done ${task}`;
    }
    case 'attempt.passed':
      return `${called(state, task)}: passed, and waits for the others at it`;
    case 'attempt.accepted':
      return event.warnings.length === 0 ? undefined : `${task}: ${event.warnings.join('; ')}`;
    case 'attempt.failed':
      if (event.failure.kind === 'notPicked') return `${called(state, task)}: not taken, ${event.failure.message}`;
      if (event.failure.kind === 'asked') return `${task}: begins again with what it was answered`;
      return (
        limited(event, state) ??
        `${called(state, task)}: attempt ${event.attempt} failed, ${nextText(event, state)}: ${event.failure.message}`
      );
  }
}

/** That its agent is used up is no failure of its own. */
function limited({ task, failure, attempt }: Event & { type: 'attempt.failed' }, state: RunState): string | undefined {
  const limit = state.breakers.get(state.agents[task]?.name ?? '');
  if (failure.kind !== 'limit' || !limit) return undefined;
  return `${called(state, task)}: attempt ${attempt} is over and spends no retry, ${waitWords(limit, clockText)}`;
}

/** `retry 2/3`, and another way where the task is stuck. */
function nextText({ next, task }: Event & { type: 'attempt.failed' }, state: RunState): string {
  if (next.kind !== 'retry') return NEXT[next.kind];
  const retry = `retry ${state.tasks.get(task)?.retries ?? 1}/${state.config.limits.retries}`;
  return next.stuck === undefined ? retry : `${retry} takes another way (${next.stuck})`;
}

const NEXT = {
  revision: 'is revised',
  again: 'is started again',
  giveUp: 'given up',
  skip: 'skipped',
} as const;

function merged(state: RunState): string {
  const merge = state.merges.at(-1);
  const tested = merge?.gates.length ? ` (${[...new Set(merge.gates.map(({ gate }) => gate))].join(', ')} green)` : '';
  return `merged ${merge?.members.map(({ task }) => task).join(', ') ?? ''} as ${state.integration.slice(0, 10)}${tested}`;
}
