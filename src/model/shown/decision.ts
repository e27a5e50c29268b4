import type { Event } from '../run/event.ts';
import type { Order } from '../run/order.ts';
import { changesTo } from '../run/revision.ts';
import { changesInShort } from '../run/revision-words.ts';
import type { RunState } from '../run/state.ts';
import { approvalId, type Attention, attention } from '../run/view.ts';
import { firstLine } from '../text/headline.ts';

/** Something that a person decided of a run, or changed of its plan. */
export interface Decision {
  /** Epoch milliseconds. */
  at: number;
  of: Order['type'] | 'edit';
  /** What they did, without who: `skipped b`. Plain text in which agents and plans had a say. */
  words: string;
  /** What they said with it. */
  comment?: string;
  /** Milliseconds that something waited for it; absent where nothing did. */
  waited?: number;
  /** It gave an agent leave, or refused it. */
  permission?: true;
}

type ByPerson = Event & { type: 'order.accepted' | 'plan.proposed' | 'plan.withdrawn' };

/** It came from a person. */
export const isByPerson = (event: Event): event is ByPerson =>
  event.type === 'order.accepted' || event.type === 'plan.proposed' || event.type === 'plan.withdrawn';

/** What a person decided with an event; `before`: the state that it is about to be folded into. */
export function decisionIn(event: ByPerson, before: RunState): Decision {
  const { at } = event;
  if (event.type === 'plan.proposed')
    return { at, of: 'edit', words: `edited the plan: ${changesInShort(changesTo(before, event.plan))}` };
  if (event.type === 'plan.withdrawn') return { at, of: 'edit', words: 'took the edit of the plan back' };
  const { order } = event;
  const item = attention(before).find(({ id }) => id === answeredBy(order, before));
  const comment = 'comment' in order ? order.comment?.trim() : undefined;
  return {
    at,
    of: order.type,
    words: wordsOf(order, item),
    ...(comment ? { comment } : {}),
    ...(item ? { waited: at - item.since } : {}),
    ...(item?.kind === 'permission' ? { permission: true } : {}),
  };
}

/** The id of what waits for a person that an order answers. */
function answeredBy(order: Order, before: RunState): string | undefined {
  switch (order.type) {
    case 'approve':
    case 'reject':
      return approvalId(before);
    case 'answer':
      return order.question;
    case 'resume':
      return 'paused';
    case 'done':
      return `manual:${order.task}`;
    case 'tell':
      return `held:${order.task}`;
    default:
      return undefined;
  }
}

function wordsOf(order: Order, item: Attention | undefined): string {
  switch (order.type) {
    case 'approve':
      return `approved ${planWords(item)}`;
    case 'reject':
      return `rejected ${planWords(item)}`;
    case 'answer':
      return answerWords(order.choice, item);
    case 'done':
      return item?.kind === 'taken' ? `handed ${order.task} back` : `did ${order.task}`;
    case 'retry':
      return `had ${order.task} tried again`;
    case 'skip':
      return `skipped ${order.task}`;
    case 'tell':
      return `told the agent of ${order.task}: ${order.text}`;
    case 'interrupt':
      return `interrupted the agent of ${order.task}`;
    case 'takeover':
      return `took ${order.task} over`;
    case 'push':
      return `had the result pushed to ${order.remote} as ${order.branches.join(', ')}`;
    case 'agents':
      return `had up to ${order.most === 1 ? '1 agent' : `${order.most} agents`} work at once`;
    case 'pause':
      return 'paused the run';
    case 'resume':
      return 'resumed the run';
    case 'cancel':
      return order.rollback ? 'cancelled the run, and took back what was merged' : 'cancelled the run';
    case 'rollback':
      return `took back ${order.tasks.join(', ')}`;
  }
}

const planWords = (item: Attention | undefined): string =>
  item === undefined || item.id === 'plan' ? 'the plan' : 'the edit of the plan';

function answerWords(choice: string, item: Attention | undefined): string {
  const label = item?.choices.find(({ id }) => id === choice)?.label ?? choice;
  return item ? `answered “${firstLine(item.text)}”: ${label}` : `answered: ${label}`;
}
