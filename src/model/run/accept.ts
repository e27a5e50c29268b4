import { OWN_ANSWER } from '../crew/asking.ts';
import { pickedBefore } from './contest.ts';
import type { Order, Wish } from './order.ts';
import { agentAtWork } from './message.ts';
import { refusedPush } from './push.ts';
import { isMerged } from './rollback.ts';
import { latest, type RunState, taskOf, type TaskState } from './state.ts';
import { attention, hashInQuestion } from './view.ts';

/** Whether an order could be followed now. */
export const allows = (state: RunState, wish: Wish): boolean => refusal(state, { id: '', ...wish }) === undefined;

/** Why an order cannot be followed now, in words for the person who gave it; undefined when it can. */
export function refusal(state: RunState, order: Order): string | undefined {
  if (state.orders.has(order.id)) return 'this order was taken already';
  if ('task' in order && !state.tasks.has(order.task)) return `there is no task "${order.task}"`;
  switch (order.type) {
    case 'approve':
    case 'reject':
      return refusedApproval(state, order.planHash);
    case 'answer':
      return refusedAnswer(state, order);
    case 'done':
      return refusedDone(state, order.task);
    case 'tell':
      return refusedTell(state, order.task, order.text);
    case 'interrupt':
      return refusedSteering(state, order.task);
    case 'takeover':
      return isGivenUp(state.tasks.get(order.task))
        ? refusedByHand(state, order.task)
        : refusedSteering(state, order.task);
    case 'retry':
      return refusedRetry(state, order.task);
    case 'skip':
      return refusedSkip(state, order.task);
    case 'pause':
      if (state.ended) return 'the run has ended';
      return state.paused ? `the run is paused already: ${state.paused.reason}` : undefined;
    case 'resume':
      return refusedResume(state);
    case 'agents':
      return state.ended ? 'the run has ended' : undefined;
    case 'push':
      return refusedPush(state, order);
    case 'rollback':
      return refusedRollback(state, order);
    case 'cancel':
      if (state.ended) return 'the run has ended';
      return state.cancelled && !state.paused ? 'the run is being cancelled already' : undefined;
  }
}

function refusedApproval(state: RunState, planHash: string): string | undefined {
  const { approval, proposal } = state;
  if (approval.kind === 'refused' || state.ended) return 'the run has ended';
  if (approval.kind === 'given' && !proposal) return 'the plan is approved already';
  return planHash === hashInQuestion(state)
    ? undefined
    : 'the plan changed after this answer was given: look at it again';
}

function refusedAnswer(
  state: RunState,
  { question: id, choice, comment = '' }: Order & { type: 'answer' },
): string | undefined {
  const question = state.questions.get(id);
  if (!question) return 'this question was answered already, or is no longer asked';
  const known = question.choices.map((one) => one.id);
  if (!known.includes(choice)) return `"${choice}" is not one of ${known.join(', ')}`;
  const isMute = question.kind === 'asked' && choice === OWN_ANSWER.id && comment.trim() === '';
  return isMute ? 'an answer of your own is said with it: --comment "…"' : undefined;
}

/** No agent of it will begin by itself. */
export const isGivenUp = (task: TaskState | undefined): boolean =>
  task?.settled !== undefined && task.settled.kind !== 'done';

const refusedByHand = (state: RunState, task: string): string | undefined =>
  state.planning ? 'what it makes is a plan: write it in your checkout' : refusedRetry(state, task);

const hasQuestion = (state: RunState, task: string): boolean =>
  [...state.questions.values()].some((question) => question.task === task && question.kind !== 'permission');

const refusedDone = (state: RunState, task: string): string | undefined =>
  attention(state).some(({ id }) => id === `manual:${task}`)
    ? undefined
    : `"${task}" is not waiting for a person's work`;

function refusedTell(state: RunState, task: string, text: string): string | undefined {
  if (text.trim() === '') return 'there is nothing to say';
  if (state.ended) return 'the run has ended';
  const known = taskOf(state, task);
  if (known.settled) return `"${task}" is over: retry it, with a comment`;
  if (state.agents[task]?.manual === true) return `"${task}" is a person's work: no agent listens`;
  return latest(known)?.takenAt !== undefined && isHeld(state, known)
    ? `you have taken over "${task}": hand it back first`
    : undefined;
}

const isHeld = (state: RunState, known: TaskState): boolean => {
  const attempt = latest(known);
  return attempt !== undefined && state.live.has(attempt) && attempt.stage.at === 'working';
};

function refusedSteering(state: RunState, task: string): string | undefined {
  const working = agentAtWork(state, task);
  if (!working) return `"${task}" has no agent at work now`;
  return working.attempt.takenAt !== undefined || state.stopping.has(working.job)
    ? `the agent of "${task}" is being stopped already`
    : undefined;
}

function refusedRetry(state: RunState, task: string): string | undefined {
  const settled = state.tasks.get(task)?.settled;
  if (!settled && !hasQuestion(state, task)) return `"${task}" is not over: there is nothing to try again`;
  if (settled?.kind === 'done') return `"${task}" is done and merged`;
  const best = pickedBefore(state, task)?.task.id;
  if (best !== undefined) return `the result of "${best}" was taken`;
  const attempt = latest(state.tasks.get(task)!);
  return attempt && state.live.has(attempt) ? `"${task}" is still being stopped: try again in a moment` : undefined;
}

/** A run that ended because of a task goes on without it. */
function refusedSkip(state: RunState, task: string): string | undefined {
  const { settled } = taskOf(state, task);
  const isCause = state.ended?.outcome === 'failed' && settled?.kind === 'failed';
  if (state.ended && !isCause) return 'the run has ended';
  if (settled?.kind === 'done') return `"${task}" is done and merged`;
  if (settled?.kind === 'skipped') return `"${task}" is skipped already`;
  return state.candidate?.members.some((member) => member.task === task) ? `"${task}" is being merged` : undefined;
}

function refusedRollback(state: RunState, { tasks, tip }: Order & { type: 'rollback' }): string | undefined {
  if (state.planning) return 'what it makes is a plan, which is taken file by file';
  const unknown = tasks.find((id) => !state.tasks.has(id));
  if (unknown !== undefined) return `there is no task "${unknown}"`;
  if (state.rollback) return 'results are being taken back already';
  if (state.ended?.outcome === 'rejected') return 'the run has ended (rejected)';
  if (state.cancelled && !state.ended) return 'the run is being cancelled: take results back when it has stopped';
  const other = tasks.find((id) => !isMerged(taskOf(state, id)));
  if (other !== undefined) return `nothing of "${other}" is merged`;
  return tip === state.integration ? undefined : 'something was merged after this was asked: look at it again';
}

function refusedResume(state: RunState): string | undefined {
  if (state.ended)
    return state.ended.outcome === 'cancelled' ? undefined : `the run has ended (${state.ended.outcome})`;
  return state.paused || state.cancelled || state.breakers.size > 0 ? undefined : 'the run is not paused';
}
