import type { Attempt, RunState, TaskState } from '../../model/run/state.ts';
import { endingOf } from '../../model/run/diagnosis.ts';
import { type Bar, barsOf } from '../../model/run/timeline.ts';
import { statusOf } from '../../model/run/view.ts';
import { STATUS_COLOUR, type Style } from './style.ts';
import { pad, plain, timeText, widthOf } from './text.ts';

/**
 * What ran when: a row for each task that ever began, in the order of waves and beginnings, one column a slice of time.
 * Rows that stand above each other in a column ran side by side.
 */
export function gantt(state: RunState, { columns, now }: { columns: number; now: number }, style: Style): string[] {
  const rows = [...state.tasks.values()].filter(({ attempts }) => attempts.length > 0).toSorted(byBeginning);
  if (rows.length === 0) return [];
  const start = Math.min(...rows.map(beginning));
  const end = Math.max(start + 1, ...rows.flatMap((row) => barsOfTask(state, row, now).map(({ to }) => to)));
  const names = Math.min(24, Math.max(...rows.map(({ task }) => widthOf(plain(task.id)))));
  const room = Math.max(10, Math.min(72, columns - names - 12));
  const lines = rows.map((row, index) => {
    const wave = rows[index - 1]?.wave === row.wave ? '' : `wave ${row.wave}`;
    const name = pad(plain(row.task.id), names, style.glyphs.more);
    return `${style.paint('dim', pad(wave, 8))} ${name} ${drawn(state, row, { start, end, room, now }, style)}`;
  });
  return [...lines, scale(end - start, { names, room }, style)];
}

/** What each letter of the chart means. */
export const legend = ({ glyphs }: Style): string =>
  `${glyphs.agent} agent  ${glyphs.gate} its gates  ${glyphs.queue} waits for the merge  ${glyphs.asks} for a person  ${glyphs.merged} merged  ${glyphs.failed} failed  ${glyphs.status.skipped} stopped`;

const beginning = ({ attempts }: TaskState): number => attempts[0]?.startedAt ?? 0;

const byBeginning = (a: TaskState, b: TaskState): number => a.wave - b.wave || beginning(a) - beginning(b);

const barsOfTask = (state: RunState, { attempts }: TaskState, now: number): Bar[] =>
  attempts.flatMap((attempt) => barsOf(state, attempt, now)).filter(({ from, to }) => to > from);

const overAt = ({ stretches }: Attempt): number | undefined => {
  const last = stretches.at(-1);
  return last?.kind === 'over' ? last.from : undefined;
};

interface Frame {
  start: number;
  end: number;
  room: number;
  now: number;
}

/** Paints what waits before what works, so that a short stretch of work is never hidden by waiting. */
function drawn(state: RunState, task: TaskState, { start, end, room, now }: Frame, style: Style): string {
  const cells = Array.from({ length: room + 1 }, () => ' ');
  const column = (at: number): number => Math.round(((at - start) / (end - start)) * (room - 1));
  const bars = barsOfTask(state, task, now);
  for (const kind of ['queue', 'person', 'start', 'gate', 'agent'] as const) {
    for (const bar of bars.filter((one) => one.kind === kind)) {
      const from = column(bar.from);
      cells.fill(mark(kind, style), from, Math.max(column(bar.to), from + 1));
    }
  }
  for (const attempt of task.attempts) {
    const over = overAt(attempt);
    if (over === undefined) continue;
    const at = Math.min(column(over), room);
    cells[at] = mark(endingOf(attempt) ?? 'stopped', style);
  }
  return cells.join('').trimEnd() || style.paint(STATUS_COLOUR[statusOf(state, task)], style.glyphs.dot);
}

const mark = (kind: Bar['kind'] | 'merged' | 'failed' | 'stopped', style: Style): string =>
  ({
    start: style.paint('dim', style.glyphs.agent),
    agent: style.paint('cyan', style.glyphs.agent),
    gate: style.paint('blue', style.glyphs.gate),
    queue: style.paint('dim', style.glyphs.queue),
    person: style.paint('yellow', style.glyphs.asks),
    merged: style.paint('green', style.glyphs.merged),
    failed: style.paint('red', style.glyphs.failed),
    stopped: style.paint('dim', style.glyphs.status.skipped),
  })[kind];

function scale(length: number, { names, room }: { names: number; room: number }, style: Style): string {
  const last = timeText(length);
  return style.paint('dim', `${' '.repeat(8 + 1 + names + 1)}0${last.padStart(room)}`);
}
