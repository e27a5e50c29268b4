import { type Event, type Intent, isIntent, type Outcome } from './event.ts';
import { type Attempt, latest, type RunState, type StretchKind, type TaskState } from './state.ts';
import { waitsForPerson } from './view.ts';

/** What an attempt spends its time on now; one that is over may still wait for a person's word on what follows. */
export function kindNow(state: RunState, task: TaskState, attempt: Attempt): StretchKind {
  if (attempt === latest(task) && waitsForPerson(state, attempt.task, attempt)) return 'person';
  return KIND[attempt.stage.at];
}

const KIND: Record<Attempt['stage']['at'], StretchKind> = {
  preparing: 'start',
  prepared: 'start',
  settingUp: 'start',
  setUp: 'start',
  working: 'agent',
  worked: 'agent',
  collecting: 'agent',
  verifying: 'gate',
  queued: 'queue',
  merged: 'over',
  ended: 'over',
};

/** Keeps what the attempts of a task spend their time on, after an event that may have changed it. */
export function noteStretches(state: RunState, id: string): void {
  const task = state.tasks.get(id);
  for (const attempt of task?.attempts ?? []) {
    const kind = kindNow(state, task!, attempt);
    if (attempt.stretches.at(-1)?.kind !== kind) attempt.stretches.push({ kind, from: state.at });
  }
}

const NONE: readonly string[] = [];

/** The tasks whose attempts an event may bring to other things; asked before it is folded. */
export function touchedBy(state: RunState, event: Event): readonly string[] {
  if (event.type === 'job.reported')
    return event.report.type === 'permissionSettled' ? one(ofIntent(state, state.open.get(event.job))) : NONE;
  if (event.type === 'question.asked') return one(event.question.task);
  if (event.type === 'order.accepted') {
    const { order } = event;
    // A revision may do away with what was asked.
    if (order.type === 'approve') return [...state.questions.values()].flatMap(({ task }) => task ?? []);
    return one(
      'task' in order ? order.task : 'question' in order ? state.questions.get(order.question)?.task : undefined,
    );
  }
  if (isIntent(event)) return one(ofIntent(state, event));
  if ('intent' in event) return ofOutcome(state, event);
  return one('task' in event ? event.task : undefined);
}

function ofOutcome(state: RunState, event: Event & Outcome): readonly string[] {
  const intent = state.open.get(event.intent);
  if (event.type === 'rollback.done' && intent?.type === 'rollback.intended')
    return [...intent.gone, ...intent.brought, ...intent.kept.map(({ task }) => task)];
  if (event.type === 'merge.done') return state.candidate?.members.map(({ task }) => task) ?? NONE;
  return one(ofIntent(state, intent));
}

function ofIntent(state: RunState, intent: Intent | undefined): string | undefined {
  if (!intent) return undefined;
  if ('task' in intent) return intent.task;
  if (intent.type === 'job.intended') return 'task' in intent.purpose ? intent.purpose.task : undefined;
  return 'job' in intent ? ofIntent(state, state.open.get(intent.job)) : undefined;
}

const one = (task: string | undefined): readonly string[] => (task === undefined ? NONE : [task]);
