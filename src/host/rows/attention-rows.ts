import type { Attention } from '../../model/run/view.ts';
import { attention } from '../../model/run/view.ts';
import { permissionText } from '../../model/crew/permission.ts';
import type { RunState } from '../../model/run/state.ts';
import { clock, type Mark } from '../words.ts';
import { firstLine } from '../../model/text/headline.ts';
import { type Ability, type Drawing, leaf, type Row, rowId, type Shown } from './row.ts';

/** The group on top with everything that waits for a person; none when nothing does. */
export function attentionRows(runs: readonly Shown[]): Row[] {
  const children = (): Row[] =>
    runs.flatMap((shown) => attention(shown.state).map((item) => attentionRow(shown, item)));
  if (children().length === 0) return [];
  const draw = (): Drawing => ({
    label: 'Waits for you',
    description: String(children().length),
    mark: { icon: 'bell-dot', color: 'charts.yellow' },
    can: [],
    fold: 'open',
  });
  return [{ id: rowId('attention'), target: {}, draw, children }];
}

function attentionRow({ state }: Shown, item: Attention): Row {
  const { can: all, mark, command } = KIND[item.kind] ?? KIND.question;
  // A reviewer of several tasks has no terminal of a task.
  const can = all.filter((one) =>
    one === 'permissionAlways' ? item.choices.some(({ id }) => id === 'always') : one !== 'terminal' || item.task,
  );
  const target = { run: state.run, attention: item.id, ...(item.task === undefined ? {} : { task: item.task }) };
  const { label, description } = wordsFor(state, item);
  return leaf(rowId(state.run, 'attention', item.id), target, () => ({
    label,
    description: [...description, `since ${clock(item.since)}`].join(' · '),
    mark,
    can,
    command,
  }));
}

/** Short: a side bar is narrow, and the whole text is in the tooltip. */
function wordsFor(state: RunState, item: Attention): { label: string; description: string[] } {
  const task = item.task === undefined ? undefined : state.tasks.get(item.task)?.task.title;
  switch (item.kind) {
    case 'approval':
      return { label: state.proposal ? 'Approve the edited plan' : 'Approve the plan', description: [state.plan.id] };
    case 'manual':
      return { label: task ?? item.text, description: ['is yours to do'] };
    case 'taken':
      return { label: task ?? item.text, description: ['taken over by you'] };
    case 'held':
      return { label: task ?? item.text, description: ['interrupted, waits for what you say'] };
    case 'permission':
      return asked(state, item, task ?? '');
    case 'paused':
      return { label: 'Paused', description: [state.paused?.reason ?? ''] };
    default:
      return { label: firstLine(item.text), description: task === undefined ? [] : [task] };
  }
}

/** First what is asked: it is what a person decides about. */
function asked(state: RunState, { id, text }: Attention, task: string): { label: string; description: string[] } {
  const { permission: { job, id: name } = {}, gate } = state.questions.get(id) ?? {};
  const permission = state.reports.get(job ?? '')?.permissions.get(name ?? '');
  const who = [gate ?? [], task === '' ? [] : task].flat().join(' of ');
  return { label: permission ? permissionText(permission) : firstLine(text), description: [`${who} asks leave`] };
}

interface Kind {
  can: readonly Ability[];
  mark: Mark;
  command: NonNullable<Drawing['command']>;
}

const KIND: Partial<Record<Attention['kind'], Kind>> & { question: Kind } = {
  approval: {
    can: ['approve', 'run'],
    mark: { icon: 'checklist', color: 'charts.yellow' },
    command: 'orchestrate.showReview',
  },
  manual: {
    can: ['manual', 'worktree'],
    mark: { icon: 'person', color: 'charts.yellow' },
    command: 'orchestrate.showInstructions',
  },
  taken: {
    can: ['taken', 'worktree', 'diff'],
    mark: { icon: 'person', color: 'charts.yellow' },
    command: 'orchestrate.handBack',
  },
  held: {
    can: ['tellable', 'terminal'],
    mark: { icon: 'comment-unresolved', color: 'charts.yellow' },
    command: 'orchestrate.tell',
  },
  permission: {
    can: ['permission', 'permissionAlways', 'terminal'],
    mark: { icon: 'shield', color: 'charts.yellow' },
    command: 'orchestrate.answer',
  },
  paused: {
    can: ['resumable'],
    mark: { icon: 'debug-pause', color: 'charts.yellow' },
    command: 'orchestrate.showReview',
  },
  question: { can: ['question'], mark: { icon: 'question', color: 'charts.yellow' }, command: 'orchestrate.answer' },
};
