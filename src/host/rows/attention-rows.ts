import type { Attention } from '../../model/view.ts';
import { attention } from '../../model/view.ts';
import { clock, type Mark } from '../words.ts';
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
  const { can, mark, command } = KIND[item.kind] ?? KIND.question;
  const target = { run: state.run, attention: item.id, ...(item.task === undefined ? {} : { task: item.task }) };
  return leaf(rowId(state.run, 'attention', item.id), target, () => ({
    label: item.text,
    description: `since ${clock(item.since)}`,
    mark,
    can,
    command,
  }));
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
  paused: {
    can: ['resumable'],
    mark: { icon: 'debug-pause', color: 'charts.yellow' },
    command: 'orchestrate.showReview',
  },
  question: { can: ['question'], mark: { icon: 'question', color: 'charts.yellow' }, command: 'orchestrate.answer' },
};
