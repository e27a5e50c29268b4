import { ok, refuse, type Result } from '../model/failure.ts';
import type { Replay } from '../engine/journal/replay.ts';
import { secondText } from './shown/text.ts';

/** What `--at` names: the number of an event, and the time that was asked for, where it was one. */
export interface Asked {
  event: number;
  time?: number;
}

/**
 * Reads an event's number, a time of day of the run (`10:42`, `10:42:07`), a date with a time, or epoch milliseconds.
 * Fails as refused, with what would be right, also where the run has no such moment.
 */
export function readMoment(text: string, replay: Replay): Result<Asked> {
  if (/^\d{1,9}$/.test(text)) return numbered(Number(text), replay);
  const time = timeIn(text, replay.span);
  if (time === undefined || Number.isNaN(time))
    return refuse(`--at is the number of an event, a time of day (10:42:07) or a date with a time, not "${text}"`);
  const { from } = replay.span;
  if (time < from) return refuse(`the run began at ${secondText(from)}: there is nothing before that`);
  if (time > Date.now() + REST) return refuse(`${text} is not over yet`);
  return ok({ event: replay.before(time), time });
}

const numbered = (event: number, { length }: Replay): Result<Asked> =>
  event >= 1 && event <= length ? ok({ event }) : refuse(`the run has events 1 to ${length}, and no ${event}`);

function timeIn(text: string, { from, to }: Replay['span']): number | undefined {
  if (/^\d{12,}$/.test(text)) return Number(text);
  const clock = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (clock) return onADayOf({ from, to }, clock.slice(1).map(Number));
  return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : undefined;
}

/**
 * The first such time of day that the run was there for; that of its first day where there is none. A second that is
 * named is all of it, because what happened in it is told with just that time.
 */
function onADayOf({ from, to }: Replay['span'], [hours = 0, minutes = 0, seconds = 0]: readonly number[]): number {
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  const day = new Date(from);
  if (Number.isNaN(seconds)) day.setHours(hours, minutes, 0, 0);
  else day.setHours(hours, minutes, seconds, REST);
  const first = day.getTime();
  if (first >= from) return first;
  day.setDate(day.getDate() + 1);
  return day.getTime() <= to ? day.getTime() : first;
}

/** Milliseconds of a second after its beginning. */
const REST = 999;
