import type { Bar } from '../../model/run/timeline.ts';
import type { Head, TaskLine } from './protocol.ts';
import { inWaves } from '../../model/run/waves.ts';

/** A row of the chart: the head of a wave, or a task. */
export type BoardRow = { kind: 'wave'; wave: number; done: number; many: number } | { kind: 'task'; id: string };

/** Waves in order; in each the tasks that began, in the order in which they did, and then the others as in the plan. */
export function rowsOf(order: readonly string[], lines: ReadonlyMap<string, TaskLine>): BoardRow[] {
  const all = order.flatMap((id) => lines.get(id) ?? []);
  return [...inWaves(all, ({ wave }) => wave)].flatMap(([wave, tasks]): BoardRow[] => [
    { kind: 'wave', wave, done: tasks.filter(({ status }) => status === 'done').length, many: tasks.length },
    ...tasks.toSorted((a, b) => beginning(a) - beginning(b)).map(({ id }): BoardRow => ({ kind: 'task', id })),
  ]);
}

/** Whether a task that looks different stands elsewhere, or counts otherwise in its wave. */
export const moves = (before: TaskLine | undefined, after: TaskLine): boolean =>
  before === undefined ||
  beginning(before) !== beginning(after) ||
  (before.status === 'done') !== (after.status === 'done');

/** Those that never began are equal, and stay in the order of the plan. */
const beginning = ({ attempts }: TaskLine): number => attempts[0]?.bars[0]?.from ?? Number.MAX_SAFE_INTEGER;

/** What the width of the chart stands for, epoch milliseconds; `to` is after `from`. */
export interface Scale {
  from: number;
  to: number;
}

/**
 * Of what is over, all of it. While time goes on there is room on the right, up to the expected end where that is not too
 * far, in steps: what is drawn moves seldom.
 */
export function scaleOf({ from, now, end, isLive, ending }: Head): Scale {
  const last = Math.max(from + 1, now, end);
  if (!isLive) return { from, to: last };
  const passed = last - from;
  const wanted = Math.max(passed * 1.05, Math.min((ending?.likely ?? 0) - from, passed * 1.5), SHORTEST);
  const step = 2 ** Math.floor(Math.log2(wanted)) / 4;
  return { from, to: from + Math.ceil(wanted / step) * step };
}

const SHORTEST = 10_000;

/** Where a time lies, in percent of the width. */
export const placeOf = (time: number, { from, to }: Scale): number =>
  Math.min(100, Math.max(0, ((time - from) / (to - from)) * 100));

/** A bar in percent of the width; an open one ends where the present is. */
export interface Placed {
  kind: Bar['kind'];
  left: number;
  width: number;
  isOpen: boolean;
}

/** The bars of an attempt from left to right. */
export const placed = (bars: readonly Bar[], scale: Scale): Placed[] =>
  bars.map(({ kind, from, to, isOpen }) => {
    const left = placeOf(from, scale);
    return { kind, left, width: Math.max(0, placeOf(to, scale) - left), isOpen };
  });

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [1, 2, 5, 10, 15, 30].flatMap((many) => [many * SECOND, many * MINUTE]);
const LONG_STEPS = [1, 2, 3, 6, 12, 24, 48, 96, 192].map((many) => many * HOUR);

/** Round times since the beginning, at most so many, each with its place in percent. */
export function ticksOf({ from, to }: Scale, most: number): { since: number; left: number }[] {
  const all = [0.1 * SECOND, 0.25 * SECOND, 0.5 * SECOND, ...STEPS, ...LONG_STEPS].toSorted((a, b) => a - b);
  const step = all.find((one) => (to - from) / one <= most) ?? (to - from) / Math.max(1, most);
  const ticks: { since: number; left: number }[] = [];
  for (let since = 0; since < to - from; since += step) ticks.push({ since, left: (since / (to - from)) * 100 });
  return ticks;
}

/** `1:05`, `12:00`, `1:02:00`, and tenths where steps are shorter than a second. */
export function tickText(since: number): string {
  if (since % SECOND !== 0) return `${(since / SECOND).toFixed(since % 100 === 0 ? 1 : 2)} s`;
  const [hours, minutes, seconds] = [since / HOUR, (since % HOUR) / MINUTE, (since % MINUTE) / SECOND].map(Math.floor);
  const two = (number = 0): string => String(number).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** The rows on the screen and some beyond it, as a range of places. */
export function inView(top: number, height: number, many: number): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top / ROW) - MARGIN);
  return { from: Math.min(from, many), to: Math.min(many, Math.ceil((top + height) / ROW) + MARGIN) };
}

/** Pixels. */
export const ROW = 26;
const MARGIN = 8;

/** The name of a task's element on the page. */
export const idOf = (task: string): string => `task-${encodeURIComponent(task)}`;
