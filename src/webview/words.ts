import type { TaskStatus } from '../model/run/view.ts';
import type { Counts, Page } from './protocol.ts';

export const WORD: Record<TaskStatus, string> = {
  pending: 'pending',
  ready: 'ready',
  running: 'running',
  verifying: 'checking',
  merging: 'merging',
  waiting: 'waits for you',
  done: 'done',
  failed: 'failed',
  blocked: 'blocked',
  skipped: 'skipped',
  needsRevision: 'to be tried again',
};

/** The same, but of a run that is over, where nothing is at work or waits any more. */
export const wordOf = (status: TaskStatus, isOver: boolean): string =>
  isOver && !SETTLED.has(status) ? 'not done' : WORD[status];

const SETTLED: ReadonlySet<TaskStatus> = new Set(['done', 'failed', 'blocked', 'skipped']);

/** `3 failed, 12 running, 188 done`: what a person may have to look at stands first. */
export const countsIn = (counts: Counts): string =>
  ORDER.flatMap((status) => (counts[status] ? [`${counts[status]} ${WORD[status]}`] : [])).join(', ');

const ORDER: readonly TaskStatus[] = [
  'waiting',
  'failed',
  'blocked',
  'needsRevision',
  'running',
  'verifying',
  'merging',
  'ready',
  'pending',
  'skipped',
  'done',
];

/** `2 of 5 tasks done`. */
export const doneOf = (done: number, total: number): string =>
  `${done} of ${total} ${total === 1 ? 'task' : 'tasks'} done`;

/** What becomes of a task that fails, after "is". */
export const retriesText = (retries: number): string =>
  retries === 0 ? 'not tried again' : `tried up to ${retries} more ${retries === 1 ? 'time' : 'times'}`;

/** Milliseconds for people, in whole seconds. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Where a run stands. */
export const phaseWord = ({ phase, outcome }: Pick<Page, 'phase' | 'outcome'>): string =>
  outcome ? OUTCOME[outcome.kind] : PHASE[phase];

const PHASE: Record<Page['phase'], string> = {
  approval: 'Waits for your approval',
  working: 'Running',
  waiting: 'Waits for you',
  paused: 'Paused',
  stopping: 'Stopping',
  ended: 'Ended',
};

const OUTCOME = { merged: 'Merged', failed: 'Ended with failures', cancelled: 'Cancelled', rejected: 'Rejected' };
