import { usedText } from '../crew/used.ts';
import { describe } from '../failure.ts';
import type { GateRun } from '../gate.ts';
import { type Event, type Intent, isIntent, type JobPurpose, type Outcome } from '../run/event.ts';
import { machineWords } from '../run/machine.ts';
import type { Order } from '../run/order.ts';
import { progressText } from './progress-text.ts';
import type { RunState } from '../run/state.ts';
import { firstLine } from '../text/headline.ts';

/** An event in a few words, for the moment of a run that it makes; `before`: the state that it is about to be folded into. */
export function eventWords(event: Event, before: RunState | undefined): string {
  switch (event.type) {
    case 'run.started':
      return `the run of ${event.plan.id} was made`;
    case 'order.accepted':
      return orderWords(event.order);
    case 'order.refused':
      return `the order "${event.order.type}" was refused: ${event.reason}`;
    case 'plan.proposed':
      return 'the plan was edited';
    case 'plan.withdrawn':
      return 'the edit of the plan was undone';
    case 'machine.seen':
      return machineWords(event.machine) || 'the machine was looked at';
    case 'job.reported':
      return `${intentSubject(before?.open.get(event.job))} ${reportWords(event.report)}`;
    default:
      return isOutcome(event)
        ? outcomeWords(event, before)
        : isIntent(event)
          ? intentWords(event)
          : decisionWords(event);
  }
}

const isOutcome = (event: Event): event is Event & Outcome => 'intent' in event && !isIntent(event);

type Said = Exclude<
  Event,
  | Intent
  | Outcome
  | {
      type:
        | 'run.started'
        | 'job.reported'
        | 'machine.seen'
        | 'plan.proposed'
        | 'plan.withdrawn'
        | 'order.accepted'
        | 'order.refused';
    }
>;

function decisionWords(event: Said): string {
  switch (event.type) {
    case 'writer.released':
      return 'its driver left';
    case 'run.moved':
      return `the repository is at ${event.root} now`;
    case 'attempt.handed':
      return `${event.task} is a person’s to do`;
    case 'attempt.resumed':
      return `${event.task} goes on where it was cut off`;
    case 'conflict.foreseen':
      return `${event.task} would not merge with ${event.conflicts.map((other) => other.task).join(', ')}`;
    case 'attempt.brought':
      return `the change of ${event.task} is tried as it was`;
    case 'attempt.passed':
      return `${event.task} passed, and waits for the others at it`;
    case 'attempt.accepted':
      return `${event.task} passed, and waits to be merged`;
    case 'attempt.failed':
      return `${event.task} attempt ${event.attempt} failed: ${firstLine(event.failure.message)}`;
    case 'candidate.formed':
      return event.members.length === 0 ? 'what is merged is tried' : `tried together: ${names(event.members)}`;
    case 'candidate.dissolved':
      return `not merged together: ${firstLine(event.reason)}`;
    case 'question.asked':
      return `asked: ${firstLine(event.question.text)}`;
    case 'breaker.opened':
      return `${event.breaker.agent} met a usage limit`;
    case 'breaker.closed':
      return `the usage limit of ${event.agent} is over`;
    case 'waves.adapted':
      return event.reasons.join('; ') || `wave ${event.wave} goes by what wave ${event.after} took`;
    case 'wave.failed':
      return `wave ${event.wave} goes back and begins anew: ${firstLine(event.reason)}`;
    case 'run.paused':
      return `paused: ${firstLine(event.reason)}`;
    case 'run.ended':
      return `the run ended: ${event.outcome}`;
  }
}

function intentWords(event: Event & Intent): string {
  switch (event.type) {
    case 'worktree.intended':
      return `${event.task} attempt ${event.attempt} begins`;
    case 'job.intended':
      return `${purposeWords(event.purpose)} starts`;
    case 'cancel.intended':
      return 'a job is told to stop';
    case 'steer.intended':
      return 'an agent is told something';
    case 'forecast.intended':
      return `what ${event.task} has so far is compared with ${names(event.beside)}`;
    case 'result.intended':
      return `the result of ${event.task} is taken`;
    case 'candidate.intended':
      return `a tree is built of ${names(event.members)}`;
    case 'merge.intended':
      return 'the result branch is to move';
    case 'rollback.intended':
      return `${event.gone.length === 0 ? 'nothing' : event.gone.slice(0, MOST).join(', ')} is to be taken back`;
    case 'removal.intended':
      return `the worktree of ${event.task} attempt ${event.attempt} is to go`;
    case 'branch.intended':
      return 'the result is to be published';
    case 'push.intended':
      return `the result is to be pushed to ${event.remote}`;
    case 'tidying.intended':
      return 'the gates’ tree is to go';
  }
}

function outcomeWords(event: Event & Outcome, before: RunState | undefined): string {
  const intent = before?.open.get(event.intent);
  const subject = intentSubject(intent);
  switch (event.type) {
    case 'worktree.created':
      return `${subject} has its worktree`;
    case 'job.ended':
      return event.end.kind === 'interrupted' ? `${subject} was interrupted` : gateWords(subject, event.gate);
    case 'cancel.sent':
      return 'a job is stopping';
    case 'steer.replied':
      return `${subject}: what was said is ${event.reply.kind}`;
    case 'result.taken':
      return event.commit === null ? `${subject} changed nothing` : `${subject} changed ${filesOf(event.paths.length)}`;
    case 'forecast.made':
      return event.conflicts.length === 0 ? 'they go together' : `conflicts with ${names(event.conflicts)}`;
    case 'candidate.built':
      return 'the tree is built';
    case 'candidate.conflicted':
      return `${event.task} does not merge: ${event.paths.slice(0, 3).join(', ')}`;
    case 'merge.done':
      return `merged ${names(before?.candidate?.members ?? [])}`;
    case 'rollback.done':
      return 'the result is back where it was before';
    case 'worktree.removed':
      return `the worktree of ${subject} is gone`;
    case 'branch.moved':
      return `branch ${event.branch} holds what is merged`;
    case 'push.done':
      return 'the result is pushed';
    case 'push.refused':
      return `not pushed: ${firstLine(event.reason)}`;
    case 'tidying.done':
      return 'the gates’ tree is gone';
    case 'intent.failed':
      return `could not be done: ${firstLine(describe(event.failure))}`;
  }
}

/** The task an intent is about, or what else it does. */
function intentSubject(intent: Intent | undefined): string {
  if (!intent) return 'something';
  if (intent.type === 'job.intended') return purposeWords(intent.purpose);
  return 'task' in intent ? intent.task : 'it';
}

function purposeWords(purpose: JobPurpose): string {
  switch (purpose.kind) {
    case 'agent':
      return `the agent of ${purpose.task}`;
    case 'setup':
      return `the set-up of ${purpose.task}`;
    case 'taskGate':
      return `gate ${purpose.gate} of ${purpose.task}`;
    case 'candidateGate':
      return `gate ${purpose.gate} of the merge`;
    case 'baseline':
      return `gate ${purpose.gate} of the base`;
  }
}

const gateWords = (subject: string, gate: GateRun | undefined): string =>
  gate
    ? `${subject} ${{ passed: 'is green', failed: 'is red', error: 'could not run' }[gate.result]}`
    : `${subject} ended`;

type Told = (Event & { type: 'job.reported' })['report'];

function reportWords(report: Told): string {
  switch (report.type) {
    case 'progress':
      return `says: ${progressText(report)}`;
    case 'usage':
      return 'told what it spent';
    case 'measured':
      return `took ${usedText(report.used)}`;
    case 'permissionAsked':
      return `asks leave: ${firstLine(report.permission.title)}`;
    case 'permissionSettled':
      return 'asks leave no more';
    case 'ordered':
      return 'heard what was said to it';
  }
}

const orderWords = (order: Order): string => {
  const about =
    'task' in order
      ? ` ${order.task}`
      : 'question' in order
        ? ` ${order.choice}`
        : order.type === 'agents'
          ? ` ${order.most}`
          : '';
  return `a person said: ${order.type}${about}`;
};

const MOST = 3;

function names(members: readonly { task: string }[]): string {
  const named = members.slice(0, MOST).map(({ task }) => task);
  return [...named, ...(members.length > MOST ? [`${members.length - MOST} more`] : [])].join(', ') || 'nothing';
}

const filesOf = (many: number): string => (many === 1 ? '1 file' : `${many} files`);
