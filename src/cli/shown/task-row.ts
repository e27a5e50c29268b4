import { hasPassed } from '../../model/run/contest.ts';
import { progressText } from '../../model/shown/progress-text.ts';
import { heldBack, heldWords } from '../../model/crew/admission.ts';
import { spentByAttempt, usageText } from '../../model/crew/spending.ts';
import { type Attempt, latest, type RunState, type TaskState } from '../../model/run/state.ts';
import { duration, limitOf, statusOf, type TaskStatus, waitWords } from '../../model/run/view.ts';
import { evidence } from './narrator.ts';
import { STATUS_COLOUR, STATUS_WORD, type Style } from './style.ts';
import { clip, clockText, pad, plain, timeText, widthOf } from './text.ts';

export interface RowWorld {
  columns: number;
  now: number;
  /** Columns for the task's name. */
  names: number;
  /** Open job → the last line it printed. */
  said: ReadonlyMap<string, string>;
}

/** `● price  running  2nd  1.2 s  what the agent said last`, at most `columns` wide. */
export function taskRow(state: RunState, task: TaskState, world: RowWorld, style: Style): string {
  const { columns, now, names } = world;
  const status = statusOf(state, task);
  const attempt = latest(task);
  const fixed = [
    pad(nameOf(task), names, style.glyphs.more),
    pad(STATUS_WORD[status], 13),
    pad(attempt && attempt.number > 1 ? `attempt ${attempt.number}` : '', 10),
    (attempt ? timeText(duration(attempt, now)) : '').padStart(7),
  ].join(' ');
  const colour = STATUS_COLOUR[status];
  const sign = style.paint(colour, style.glyphs.status[status]);
  const room = columns - widthOf(fixed) - 6;
  if (room < 0) return `  ${sign} ${style.paint(colour, clip(fixed, columns - 4, style.glyphs.more).trimEnd())}`;
  const note = clip(plain(noteOf(state, task, status, world)), room, style.glyphs.more);
  const words = `  ${sign} ${isQuiet(status) ? style.paint('dim', fixed) : fixed}`;
  return note === '' ? words.trimEnd() : `${words}  ${style.paint(status === 'failed' ? 'red' : 'dim', note)}`;
}

/** The id, and the title where it says more. */
export function nameOf({ task }: TaskState): string {
  const id = plain(task.id);
  const title = plain(task.title);
  return title === '' || title === id ? id : `${id} ${title}`;
}

const isQuiet = (status: TaskStatus): boolean => status === 'pending' || status === 'ready' || status === 'skipped';

function noteOf(
  state: RunState,
  shown: TaskState,
  status: TaskStatus,
  { now, said }: Pick<RowWorld, 'now' | 'said'>,
): string {
  const { task, attempts } = shown;
  const limit = limitOf(state, shown);
  if (limit) return waitWords(limit, (at) => clockText(at, now));
  const held = heldBack(state, shown);
  if (held) return heldWords(held);
  const attempt = attempts.at(-1);
  if (status === 'blocked') return blockers(state, task.dependencies);
  if (status === 'done') return attempts.length > 1 ? `passed after ${whyBefore(attempts)}` : '';
  if (!attempt) return '';
  if (attempt.stage.at === 'ended') return attempt.stage.failure.message;
  const last = lastWord(attempt, said) ?? formerly(attempts);
  return attempt.stage.at === 'working' ? workText(attempt, last) : (last ?? stageText(state, attempt));
}

/** How far it says it is, else what it said last, and what it has spent. */
function workText(attempt: Attempt, said = ''): string {
  const spent = spentByAttempt(attempt);
  const usage = spent ? [usageText(spent)] : [];
  if (attempt.progress) return [progressText(attempt.progress), ...usage].join(' · ');
  return [...usage, ...(said === '' ? [] : [said])].join(' · ');
}

const lastWord = ({ stage }: Attempt, said: ReadonlyMap<string, string>): string | undefined =>
  'intent' in stage && stage.intent !== undefined ? said.get(stage.intent) : undefined;

const formerly = (attempts: readonly Attempt[]): string | undefined =>
  attempts.length > 1 ? whyBefore(attempts) : undefined;

const blockers = (state: RunState, dependencies: readonly string[]): string => {
  const failed = dependencies.filter((id) => state.tasks.get(id)?.settled?.kind === 'failed');
  return failed.length > 0 ? `needs ${failed.join(', ')}` : 'something it needs failed';
};

function whyBefore(attempts: readonly Attempt[]): string {
  const before = attempts.findLast(({ stage }) => stage.at === 'ended');
  if (before?.stage.at !== 'ended') return '';
  const { failure } = before.stage;
  return failure.kind === 'gate' ? `a red ${failure.run.gate}: ${evidence(failure.run)}` : failure.message;
}

function stageText({ candidate }: RunState, attempt: Attempt): string {
  const { stage } = attempt;
  if (hasPassed(attempt)) return 'passed, waits for the others';
  switch (stage.at) {
    case 'preparing':
    case 'prepared':
      return 'worktree';
    case 'settingUp':
    case 'setUp':
      return 'set-up';
    case 'worked':
    case 'collecting':
      return 'takes the result';
    case 'queued':
      return candidate ? 'in the merge queue' : 'waits for the rest of its wave';
    case 'working':
    case 'verifying':
    case 'merged':
    case 'ended':
      return '';
  }
}
