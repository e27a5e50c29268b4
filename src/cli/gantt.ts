import { type Attempt, latest, type RunState, type TaskState } from '../model/run/state.ts';
import { statusOf } from '../model/run/view.ts';
import { STATUS_COLOUR, type Style } from './style.ts';
import { pad, plain, timeText, widthOf } from './text.ts';

/** A stretch of time in one row of the chart, epoch milliseconds. */
interface Bar {
  kind: 'agent' | 'gate' | 'queue';
  from: number;
  to: number;
}

/**
 * What ran when: a row for each task that ever began, in the order of waves and beginnings, one column a slice of time.
 * Rows that stand above each other in a column ran side by side.
 */
export function gantt(state: RunState, { columns, now }: { columns: number; now: number }, style: Style): string[] {
  const rows = [...state.tasks.values()].filter(({ attempts }) => attempts.length > 0).toSorted(byBeginning);
  if (rows.length === 0) return [];
  const start = Math.min(...rows.map(beginning));
  const end = Math.max(start + 1, ...rows.flatMap((row) => barsOf(state, row, now).map(({ to }) => to)));
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
  `${glyphs.agent} agent  ${glyphs.gate} its gates  ${glyphs.queue} waits for the merge  ${glyphs.merged} merged  ${glyphs.failed} failed`;

const beginning = ({ attempts }: TaskState): number => attempts[0]?.startedAt ?? 0;

const byBeginning = (a: TaskState, b: TaskState): number => a.wave - b.wave || beginning(a) - beginning(b);

function barsOf(state: RunState, task: TaskState, now: number): Bar[] {
  return task.attempts.flatMap((attempt, index): Bar[] => {
    const worked = attempt.endedAt ?? Math.min(now, state.ended?.at ?? now);
    const gated = worked + attempt.gates.reduce((sum, { duration }) => sum + duration, 0);
    const over = task.attempts[index + 1]?.startedAt ?? mergedAt(state, attempt) ?? gated;
    const bars: Bar[] = [
      { kind: 'agent', from: attempt.startedAt, to: worked },
      { kind: 'gate', from: worked, to: Math.min(gated, Math.max(over, worked)) },
      { kind: 'queue', from: gated, to: attempt.stage.at === 'merged' ? over : gated },
    ];
    return bars.filter(({ from, to }) => to > from);
  });
}

const mergedAt = (state: RunState, { task, number }: Attempt): number | undefined =>
  state.merges.find(({ members }) => members.some((member) => member.task === task && member.attempt === number))?.at;

interface Frame {
  start: number;
  end: number;
  room: number;
  now: number;
}

/** Paints queue, gates and agents in this order, so that a short stretch of work is never hidden by waiting. */
function drawn(state: RunState, task: TaskState, { start, end, room, now }: Frame, style: Style): string {
  const cells = Array.from({ length: room + 1 }, () => ' ');
  const column = (at: number): number => Math.round(((at - start) / (end - start)) * (room - 1));
  const bars = barsOf(state, task, now);
  for (const kind of ['queue', 'gate', 'agent'] as const) {
    for (const bar of bars.filter((one) => one.kind === kind)) {
      const from = column(bar.from);
      cells.fill(mark(kind, style), from, Math.max(column(bar.to), from + 1));
    }
  }
  for (const attempt of task.attempts) {
    if (attempt.stage.at !== 'ended') continue;
    const over = (attempt.endedAt ?? now) + attempt.gates.reduce((sum, { duration }) => sum + duration, 0);
    cells[Math.min(column(over), room)] = style.paint('red', style.glyphs.failed);
  }
  const merged = latest(task) && mergedAt(state, latest(task)!);
  if (merged !== undefined) cells[Math.min(column(merged), room)] = style.paint('green', style.glyphs.merged);
  return cells.join('').trimEnd() || style.paint(STATUS_COLOUR[statusOf(state, task)], style.glyphs.dot);
}

const mark = (kind: Bar['kind'], style: Style): string =>
  ({
    agent: style.paint('cyan', style.glyphs.agent),
    gate: style.paint('blue', style.glyphs.gate),
    queue: style.paint('dim', style.glyphs.queue),
  })[kind];

function scale(length: number, { names, room }: { names: number; room: number }, style: Style): string {
  const last = timeText(length);
  return style.paint('dim', `${' '.repeat(8 + 1 + names + 1)}0${last.padStart(room)}`);
}
