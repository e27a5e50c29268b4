import type { RunState, TaskState } from '../../model/run/state.ts';
import { proofsOf, trace, type Traced } from '../../model/run/trace.ts';
import { statusOf } from '../../model/run/view.ts';
import { type Colour, STATUS_WORD, type Style } from './style.ts';
import { clip, plain, wrap } from './text.ts';

/** From each requirement to its tasks, their commits, and the gates that speak for them. */
export function requirementLines(state: RunState, columns: number, style: Style): string[] {
  const rows = trace(state).flatMap((one) => rowsOf(state, one, { columns, style }));
  return rows.length === 0 ? [] : ['', style.paint('bold', ' Requirements'), ...rows];
}

function rowsOf(
  state: RunState,
  { requirement: { id, text }, tasks, standing }: Traced,
  { columns, style }: { columns: number; style: Style },
): string[] {
  const { paint, glyphs } = style;
  const looks: Record<Traced['standing'], readonly [Colour, string]> = {
    met: ['green', glyphs.yes],
    open: ['yellow', glyphs.asks],
    missed: ['red', glyphs.no],
    uncovered: ['red', glyphs.no],
  };
  const [colour, sign] = looks[standing];
  const told = tasks.map((task) => taskText(state, task, style)).join(` ${glyphs.dot} `);
  return [
    ` ${paint(colour, sign)} ${clip(`${plain(id)}  ${plain(text)}`.trimEnd(), columns - 4, glyphs.more)}`,
    ...wrap(told || 'no task covers it', columns - 6).map((line) => `     ${paint('dim', line)}`),
  ];
}

/** `catalog 83d1d02 test ✔`, or how far it came. */
function taskText(state: RunState, task: TaskState, { glyphs }: Style): string {
  const id = plain(task.task.id);
  if (task.settled?.kind !== 'done') return `${id}: ${STATUS_WORD[statusOf(state, task)]}`;
  const gates = proofsOf(state, task).map(
    ({ gate, result }) => `${plain(gate)} ${result === 'passed' ? glyphs.yes : glyphs.no}`,
  );
  return [id, task.settled.commit?.slice(0, 7) ?? 'nothing to merge', ...gates].join(' ');
}
