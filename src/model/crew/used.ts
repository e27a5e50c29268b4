import type { Used } from '../run/job.ts';
import type { Attempt, TaskState } from '../run/state.ts';
import { sizeText } from '../text/size.ts';

/** What two jobs, one after the other, took: processor time adds up, memory does not. */
export function together(former: Used | undefined, used: Used | undefined): Used | undefined {
  if (!former || !used) return former ?? used;
  const cpu = (former.cpu ?? 0) + (used.cpu ?? 0);
  const memory = Math.max(former.memory ?? 0, used.memory ?? 0);
  return { ...(cpu > 0 ? { cpu } : {}), ...(memory > 0 ? { memory } : {}) };
}

/** What the agent of an attempt took so far. */
export const usedByAttempt = ({ used, using }: Attempt): Used | undefined => together(used, using);

/** What the agents of a task took, one after the other. */
export const usedByTask = ({ attempts }: Pick<TaskState, 'attempts'>): Used | undefined =>
  attempts.reduce<Used | undefined>((sofar, attempt) => together(sofar, usedByAttempt(attempt)), undefined);

/** `310 MB, 42 s of processor time`; empty where nothing was measured. */
export function usedText({ memory, cpu }: Used): string {
  const parts = [
    ...(memory === undefined ? [] : [sizeText(memory)]),
    ...(cpu === undefined ? [] : [`${secondsText(cpu)} of processor time`]),
  ];
  return parts.join(', ');
}

function secondsText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds >= 120) return `${Math.round(seconds / 60)} min`;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
