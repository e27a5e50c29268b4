import { OWN_ANSWER } from '../../model/crew/asking.ts';
import type { Wish } from '../../model/run/order.ts';
import type { RunState } from '../../model/run/state.ts';
import { attention, type Attention, hashInQuestion } from '../../model/run/view.ts';
import { shellWord } from '../../model/text/shell-word.ts';

/** A choice of something that waits, with the key that takes it in the live view and the order it stands for. */
export interface Answer {
  key: string;
  label: string;
  wish: (state: RunState, comment?: string) => Wish;
  /** What is to be typed with it: a reason, an answer of one's own. */
  asks?: string;
}

/** What waits, in the order in which it is asked: decisions first, then what may take a person longer. */
export function inOrder(state: RunState): readonly Attention[] {
  const items = attention(state);
  return [...items.filter((item) => !takesLong(item)), ...items.filter(takesLong)];
}

const takesLong = ({ kind }: Attention): boolean =>
  kind === 'manual' || kind === 'taken' || kind === 'held' || kind === 'paused';

/** `y` and `n` where there are at most two choices, else digits. */
export const answersOf = (item: Attention): readonly Answer[] =>
  item.choices.map(({ id, label }, index) => ({
    key: (item.choices.length > 2 ? String(index + 1) : ['y', 'n'][index]) ?? String(index + 1),
    label,
    ...(isOwn(item, id) ? { asks: 'Your answer:' } : {}),
    wish: (state, comment) => wishFor(item, id, state, comment),
    // An edit that is not taken needs no reason: its author is the one who says so.
    ...(id === 'reject' && item.kind !== 'asked' && !item.id.startsWith('plan:') ? { asks: 'Why?' } : {}),
  }));

const isOwn = ({ kind }: Attention, choice: string): boolean => kind === 'asked' && choice === OWN_ANSWER.id;

function wishFor(item: Attention, choice: string, state: RunState, comment: string | undefined): Wish {
  const planHash = hashInQuestion(state);
  const said = comment ? { comment } : {};
  switch (item.kind) {
    case 'approval':
      return choice === 'approve'
        ? { type: 'approve', planHash, ...said }
        : { type: 'reject', planHash, comment: comment ?? '' };
    case 'manual':
    case 'taken':
      return { type: 'done', task: item.task ?? '' };
    case 'paused':
      return { type: 'resume' };
    default:
      return { type: 'answer', question: item.id, choice, ...said };
  }
}

/** The commands that answer it from any terminal. */
export function answersTo(item: Attention): readonly string[] {
  switch (item.kind) {
    case 'approval':
      return ['orchestrate approve', `orchestrate reject${item.id === 'plan' ? ' --comment "why"' : ''}`];
    case 'manual':
      return [`orchestrate done ${shellWord(item.task ?? '')}`];
    case 'taken':
      return [`orchestrate handback ${shellWord(item.task ?? '')}`];
    case 'held':
      return [`orchestrate tell ${shellWord(item.task ?? '')} "…"`];
    case 'paused':
      return ['orchestrate resume'];
    default:
      return item.choices.map(
        ({ id }) => `orchestrate answer ${shellWord(item.id)} ${id}${isOwn(item, id) ? ' --comment "…"' : ''}`,
      );
  }
}

/** The same in few words: where only the last word differs, what the commands begin with stands once. */
export function answersInShort(item: Attention): string {
  const commands = answersTo(item);
  const [first = ''] = commands;
  const start = first.slice(0, first.lastIndexOf(' ') + 1);
  const others = commands.slice(1);
  if (start === 'orchestrate ' || !others.every((one) => one.startsWith(start))) return commands.join(' | ');
  return [first, ...others.map((one) => one.slice(start.length))].join(' | ');
}
