import type { Intent } from './event.ts';
import type { Reply } from './job.ts';
import { type Attempt, latest, type Message, type RunState, taskOf } from './state.ts';

/** The attempt whose agent is at work on the task, and its job. */
export function agentAtWork(state: RunState, task: string): { attempt: Attempt; job: string } | undefined {
  const attempt = latest(taskOf(state, task));
  if (attempt?.stage.at !== 'working' || attempt.stage.intent === undefined) return undefined;
  return { attempt, job: attempt.stage.intent };
}

/** Folds a message: to the agent at work, else to wait for its next turn or the next attempt. */
export function tell(state: RunState, { task, text }: { task: string; text: string }): void {
  const known = taskOf(state, task);
  const last = latest(known);
  const live = last && state.live.has(last) ? last : undefined;
  const working = agentAtWork(state, task);
  const message: Message = { text, at: state.at, state: working ? 'sending' : 'waiting' };
  (live ?? known).messages.push(message);
  if (working) state.unsaid.push({ job: working.job, steering: { kind: 'message', text } });
}

const AFTER: Readonly<Record<Reply['kind'], Message['state']>> = {
  applied: 'told',
  queued: 'later',
  refused: 'waiting',
  missed: 'waiting',
};

/** Folds what became of what was said to the agent at work. */
export function heard(state: RunState, intent: Intent, reply: Reply): void {
  if (intent.type !== 'steer.intended') return;
  const { job, steering } = intent;
  const attempt = [...state.live].find(({ stage }) => 'intent' in stage && stage.intent === job);
  if (!attempt) return;
  if (steering.kind === 'interrupt' && reply.kind === 'applied') attempt.heldAt = state.at;
  if (steering.kind !== 'message') return;
  const sent = attempt.messages.find((one) => one.state === 'sending' && one.text === steering.text);
  if (sent) sent.state = AFTER[reply.kind];
  if (reply.kind === 'applied' || reply.kind === 'queued') delete attempt.heldAt;
}

/** What is still to be told when the agent's turn is over. */
export const untold = ({ messages }: Pick<Attempt, 'messages'>): Message[] =>
  messages.filter(({ state }) => state === 'waiting' || state === 'sending');

/** The agent's job is over: what was on its way did not arrive. */
export function turnOver(attempt: Attempt): void {
  delete attempt.heldAt;
  for (const message of attempt.messages) if (message.state === 'sending') message.state = 'waiting';
}

/** A further turn of the agent begins, with all that was waiting. */
export function toldAll({ messages }: Attempt): void {
  for (const message of messages) message.state = 'told';
}
