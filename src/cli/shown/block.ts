import { heldLines } from '../../model/crew/admission.ts';
import { capText, runCap, spentByRole, spentInRun, usageText } from '../../model/crew/spending.ts';
import type { RunState, TaskState } from '../../model/run/state.ts';
import { beginningOf } from '../../model/shown/measure.ts';
import { type Attention, limitWords, progress, rest, statusOf, type TaskStatus } from '../../model/run/view.ts';
import { answersInShort, inOrder } from '../asking/answers.ts';
import type { Style } from './style.ts';
import { nameOf, taskRow } from './task-row.ts';
import { clip, clockText, plain, plainLines, timeText, widthOf, wrap } from './text.ts';
import { inWaves } from '../../model/run/waves.ts';

export interface BlockWorld {
  columns: number;
  /** Lines there is room for; absent = as many as it takes. */
  rows?: number;
  now: number;
  said: ReadonlyMap<string, string>;
  /** What is asked at the keyboard, below everything else. */
  prompt?: readonly string[];
}

/**
 * A run as lines, none wider than `columns`, no more than `rows`. Where room is short the waves that are over go first,
 * then those to come, then tasks at rest; the head, what is at work and what is asked stay longest.
 */
export function block(state: RunState, world: BlockWorld, style: Style): string[] {
  const head = [headline(state, world, style), bar(state, world, style)];
  const foot = [
    ...spent(state, world, style),
    ...limits(state, world, style),
    ...held(state, world, style),
    ...waiting(state, world, style),
    ...(world.prompt ?? []),
  ];
  const room = world.rows === undefined ? Infinity : world.rows - head.length - foot.length;
  const lines = [...head, ...body(state, room, world, style), ...foot];
  return world.rows === undefined ? lines : lines.slice(0, Math.max(1, world.rows));
}

function headline(state: RunState, { now, columns }: BlockWorld, { paint, glyphs }: Style): string {
  const elapsed = timeText((state.ended?.at ?? now) - beginningOf(state));
  const objective = plain(state.plan.objective) || plain(state.plan.id);
  const title = clip(objective, Math.max(10, columns - widthOf(elapsed) - 6), glyphs.more);
  return paint('bold', clip(` ${title}  ${elapsed}`, columns));
}

function bar(state: RunState, { columns }: BlockWorld, { paint, glyphs }: Style): string {
  const { share, byStatus, total } = progress(state);
  const words = countsText(byStatus, total, ` ${glyphs.dot} `);
  const length = Math.min(30, columns - widthOf(words) - 4);
  if (length < 5) return ` ${clip(words, columns - 1, glyphs.more)}`;
  const full = Math.round(share * length);
  const drawn = paint('green', glyphs.done.repeat(full)) + paint('dim', glyphs.left.repeat(length - full));
  return ` ${drawn}  ${words}`;
}

/** `4 of 10 done, 2 at work`: only what there is. */
export function countsText(byStatus: Readonly<Record<TaskStatus, number>>, total: number, between: string): string {
  const parts: [number, string][] = [
    [byStatus.running + byStatus.verifying + byStatus.merging, 'at work'],
    [byStatus.waiting, 'waiting'],
    [byStatus.needsRevision, 'to try again'],
    [byStatus.failed, 'failed'],
    [byStatus.blocked, 'blocked'],
    [byStatus.skipped, 'skipped'],
  ];
  const more = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return [`${byStatus.done} of ${total} done`, ...more].join(between);
}

interface WaveGroup {
  wave: number;
  tasks: readonly TaskState[];
  kind: 'over' | 'now' | 'later';
}

function body(state: RunState, room: number, world: BlockWorld, style: Style): string[] {
  const groups = wavesOf(state);
  const names = Math.min(36, Math.floor(world.columns / 3), widestName(groups));
  const row = (task: TaskState): string => taskRow(state, task, { ...world, names }, style);
  const folded = new Set<WaveGroup>();
  const height = (): number => groups.reduce((sum, group) => sum + 1 + (folded.has(group) ? 0 : group.tasks.length), 0);
  for (const kind of ['over', 'later'] as const) {
    for (const group of groups.filter((one) => one.kind === kind)) if (height() > room) folded.add(group);
  }
  const fits = height() <= room;
  const lines = groups.flatMap((group) => [
    waveLine(state, group, { columns: world.columns, open: fits && !folded.has(group) }, style),
    ...(folded.has(group) || !fits ? [] : group.tasks.map(row)),
  ]);
  return fits ? lines : squeezed(state, { lines, groups, room, columns: world.columns, row }, style);
}

/** Even so there are too many: the tasks at work, then waves as far as there is room. */
function squeezed(
  state: RunState,
  {
    lines,
    groups,
    room,
    columns,
    row,
  }: { lines: string[]; groups: WaveGroup[]; room: number; columns: number; row: (task: TaskState) => string },
  style: Style,
): string[] {
  const busy = groups.flatMap(({ tasks }) => tasks).filter((task) => !AT_REST.has(statusOf(state, task)));
  const most = Math.max(0, Math.min(busy.length, room - 1));
  const rows = busy.slice(0, most).map(row);
  const left = Math.max(0, room - rows.length - 1);
  const kept = lines.slice(0, left);
  const hidden = state.tasks.size - rows.length;
  const more = hidden > 0 ? [`  ${style.paint('dim', moreText(hidden, columns - 2, style))}`] : [];
  return [...kept, ...rows, ...more].slice(0, Math.max(0, room));
}

const moreText = (hidden: number, columns: number, { glyphs }: Style): string =>
  clip(`${glyphs.more} ${hidden} more`, columns, glyphs.more);

const AT_REST: ReadonlySet<TaskStatus> = new Set(['pending', 'ready', 'done', 'skipped', 'blocked', 'failed']);

const wavesOf = (state: RunState): WaveGroup[] =>
  [...inWaves(state.tasks.values(), ({ wave }) => wave)].map(([wave, tasks]) => ({ wave, tasks, kind: kindOf(tasks) }));

function kindOf(tasks: readonly TaskState[]): WaveGroup['kind'] {
  if (tasks.every(({ settled }) => settled?.kind === 'done' || settled?.kind === 'skipped')) return 'over';
  return tasks.every(({ settled, attempts }) => !settled && attempts.length === 0) ? 'later' : 'now';
}

const widestName = (groups: readonly WaveGroup[]): number => {
  let widest = 4;
  for (const { tasks } of groups) for (const task of tasks) widest = Math.max(widest, widthOf(nameOf(task)));
  return widest;
};

function waveLine(
  state: RunState,
  { wave, tasks }: WaveGroup,
  { columns, open }: { columns: number; open: boolean },
  { paint, glyphs }: Style,
): string {
  const done = tasks.filter(({ settled }) => settled?.kind === 'done').length;
  const failed = tasks.filter(({ settled }) => settled?.kind === 'failed').length;
  const counts = `${done} of ${tasks.length} done${failed > 0 ? `, ${failed} failed` : ''}`;
  const current = state.ended === undefined && tasks.some((task) => state.live.size > 0 && !task.settled);
  const text = clip(open ? `Wave ${wave}` : `Wave ${wave} ${glyphs.dot} ${counts}`, columns - 1, glyphs.more);
  return ` ${paint(current ? 'bold' : 'dim', text)}`;
}

/** What the run has cost so far, as far as its agents say it. */
function spent(state: RunState, { columns }: BlockWorld, { paint, glyphs }: Style): string[] {
  const usage = spentInRun(state);
  if (!usage) return [];
  const cap = runCap(state);
  const roles = spentByRole(state).map(([role, of]) => `${plain(role)} ${usageText(of)}`);
  const parts = roles.length > 1 ? ` (${roles.join('; ')})` : '';
  const text = `spent ${usageText(usage)}${cap ? ` of ${capText(cap)}` : ''}${parts}`;
  return [` ${paint('dim', clip(text, columns - 1, glyphs.more))}`];
}

/** Usage limits that hold agents back, and how not to wait. */
const limits = (state: RunState, { columns, now }: BlockWorld, { paint, glyphs }: Style): string[] =>
  state.ended
    ? []
    : limitWords(state, (at) => clockText(at, now)).map(
        (line) => ` ${paint('yellow', clip(`${plain(line)} (now: orchestrate resume)`, columns - 1, glyphs.more))}`,
      );

/** What the machine holds back. */
const held = (state: RunState, { columns }: BlockWorld, { paint, glyphs }: Style): string[] =>
  heldLines(state).map((line) => ` ${paint('yellow', clip(plain(line), columns - 1, glyphs.more))}`);

/** What waits for a person, and how to answer. */
function waiting(state: RunState, { columns, prompt }: BlockWorld, style: Style): string[] {
  const items = inOrder(state);
  if (items.length === 0) return [];
  const asked = prompt === undefined ? [] : ['at the keyboard below'];
  const shown = items
    .slice(0, 5)
    .flatMap((item, index) => itemLines(item, index === 0 && item.choices.length > 0 ? asked : [], columns, style));
  const more = items.length > 5 ? [`   ${moreText(items.length - 5, columns - 3, style)}`] : [];
  const title = rest(state) === 'waiting' ? 'Waits for you' : 'Asks you, while the rest goes on';
  return [` ${style.paint('yellow', clip(title, columns - 1))}`, ...shown, ...more];
}

function itemLines(item: Attention, asked: readonly string[], columns: number, style: Style): string[] {
  const { paint, glyphs } = style;
  const text = plainLines(item.text)
    .flatMap((line) => wrap(line, columns - 4))
    .slice(0, 4)
    .map(
      (line, index) => `  ${index === 0 ? paint('yellow', glyphs.asks) : ' '} ${clip(line, columns - 4, glyphs.more)}`,
    );
  const detail = detailLines(item, columns, style);
  const how = asked.length > 0 ? asked : [answersInShort(item)];
  return [...text, ...detail, `    ${paint('dim', clip(how.join(' | '), columns - 4, glyphs.more))}`];
}

/** What an agent asks leave for, where it is more than the line above says; what an edit changes; how to look. */
function detailLines({ kind, detail }: Attention, columns: number, { paint, glyphs }: Style): string[] {
  const lines = detail === undefined ? [] : plainLines(detail);
  if (kind === 'permission' ? lines.length < 2 : kind !== 'approval' && kind !== 'look') return [];
  const more = lines.length > 8 ? [`${glyphs.more} ${lines.length - 8} more lines`] : [];
  return [...lines.slice(0, 8), ...more].map((line) => `    ${paint('cyan', clip(line, columns - 4, glyphs.more))}`);
}
