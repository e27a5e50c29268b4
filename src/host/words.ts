import { headline } from '../model/text/headline.ts';
import { progressText } from '../model/shown/progress-text.ts';
import { hasPassed } from '../model/run/contest.ts';
import type { Attempt, TaskState, RunState } from '../model/run/state.ts';
import type { RunOutcome } from '../model/run/event.ts';
import { failureWords } from '../model/shown/failure-words.ts';
import { type GateRun, latestRuns } from '../model/gate.ts';
import { reviewWords } from '../model/review.ts';
import type { Message } from '../model/run/state.ts';
import { rest, type TaskStatus } from '../model/run/view.ts';

/** A codicon and the theme colour it is drawn in. */
export interface Mark {
  icon: string;
  color?: string;
}

/** How a task's status looks and reads everywhere in the editor. */
export const STATUS: Record<TaskStatus, Mark & { word: string }> = {
  pending: { icon: 'circle-outline', color: 'disabledForeground', word: 'pending' },
  ready: { icon: 'circle-outline', color: 'charts.blue', word: 'ready' },
  running: { icon: 'loading~spin', color: 'charts.blue', word: 'running' },
  verifying: { icon: 'beaker', color: 'charts.blue', word: 'checking' },
  merging: { icon: 'git-merge', color: 'charts.purple', word: 'merging' },
  waiting: { icon: 'bell-dot', color: 'charts.yellow', word: 'waits for you' },
  done: { icon: 'pass-filled', color: 'testing.iconPassed', word: 'done' },
  failed: { icon: 'error', color: 'testing.iconFailed', word: 'failed' },
  blocked: { icon: 'circle-slash', color: 'list.warningForeground', word: 'blocked' },
  skipped: { icon: 'debug-step-over', color: 'disabledForeground', word: 'skipped' },
  needsRevision: { icon: 'history', color: 'list.warningForeground', word: 'to be tried again' },
};

export const OUTCOME: Record<RunOutcome, Mark & { word: string }> = {
  merged: { icon: 'pass-filled', color: 'testing.iconPassed', word: 'merged' },
  failed: { icon: 'error', color: 'testing.iconFailed', word: 'ended with failures' },
  cancelled: { icon: 'circle-slash', color: 'list.warningForeground', word: 'cancelled' },
  rejected: { icon: 'circle-slash', color: 'disabledForeground', word: 'rejected' },
};

const STAGE: Record<Exclude<Attempt['stage']['at'], 'ended'>, string> = {
  preparing: 'making its worktree',
  prepared: 'worktree is ready',
  settingUp: 'setting up',
  setUp: 'set up',
  working: 'working',
  worked: 'worked',
  collecting: 'taking its result',
  verifying: 'running its gates',
  queued: 'waiting to be merged',
  merged: 'merged',
};

/** How far a person's word to an agent came. */
export const MESSAGE: Record<Message['state'], string> = {
  sending: 'on its way',
  told: 'told',
  later: 'told when its turn is over',
  waiting: 'waits for its next turn',
};

/** Where an attempt stands. */
export function stageWords(attempt: Attempt): string {
  const { stage, takenAt } = attempt;
  if (hasPassed(attempt)) return 'passed, waits for the others';
  if (stage.at === 'ended') return failureWords(stage.failure);
  if (stage.at === 'working' && stage.intent === undefined)
    return takenAt === undefined ? 'yours to do' : 'taken over by you';
  if (stage.at === 'working' && takenAt !== undefined) return 'being stopped for you';
  return STAGE[stage.at];
}

/** How far its agent says it is, while it works. */
export const progressOf = (attempt: Attempt | undefined): string[] =>
  attempt?.stage.at === 'working' && attempt.progress ? [progressText(attempt.progress)] : [];

export function gateWords(run: GateRun): string {
  if (run.review) return reviewWords(run.review);
  if (run.result === 'error') return 'could not run';
  if (run.result === 'passed') return run.tests ? `passed · ${count(run.tests.total, 'test')}` : 'passed';
  const found = run.tests
    ? `${run.tests.failed.length} of ${count(run.tests.total, 'test')}`
    : count(run.problems.length, 'problem');
  return `failed · ${run.tests || run.problems.length > 0 ? found : `exit ${run.exitCode ?? '?'}`}`;
}

export const gateMark = ({ result }: Pick<GateRun, 'result'>): Mark =>
  result === 'passed'
    ? STATUS.done
    : result === 'failed'
      ? STATUS.failed
      : { icon: 'warning', color: 'list.warningForeground' };

/** The gate that keeps a task from being done, if one does. */
export function failingGate({ attempts }: TaskState): GateRun | undefined {
  const last = attempts.at(-1);
  if (last?.stage.at === 'ended' && (last.stage.failure.kind === 'gate' || last.stage.failure.kind === 'together'))
    return last.stage.failure.run;
  return last && latestRuns(last.gates).find(({ result }) => result !== 'passed');
}

/** Where a run stands, in a word or two. */
export function runWords(state: RunState): Mark & { word: string } {
  if (isPlanned(state)) return { ...OUTCOME.merged, word: 'planned' };
  if (state.ended) return OUTCOME[state.ended.outcome];
  if (state.approval.kind === 'awaited') return { ...STATUS.waiting, word: 'waits for approval' };
  if (state.paused) return { icon: 'debug-pause', color: 'charts.yellow', word: 'paused' };
  if (state.cancelled) return { icon: 'loading~spin', color: 'list.warningForeground', word: 'stopping' };
  if (rest(state) === 'waiting') return STATUS.waiting;
  const [limit] = state.breakers.values();
  if (limit && state.open.size === 0) return { ...LIMIT, word: `usage limit until ${clock(limit.until)}` };
  return STATUS.running;
}

/** An agent whose account's allowance is used up. */
export const LIMIT: Mark = { icon: 'watch', color: 'charts.yellow' };

/** Milliseconds for people. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (milliseconds < 950) return `${Math.round(milliseconds)} ms`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Time of day, after the day where that is not that of `beside`, which is now. */
export const clock = (at: number, beside?: number): string => [...otherDay(at, beside), timeOfDay(at)].join(' ');

const timeOfDay = (at: number): string => (timeFormat ??= new Intl.DateTimeFormat(undefined, TIME)).format(at);

const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** Made once: making one takes fifty times as long as writing a time, and each row of the tree writes one. */
let timeFormat: Intl.DateTimeFormat | undefined;

/** The day, unless it is today. */
export function otherDay(at: number, now = Date.now()): string[] {
  const [day, today] = [new Date(at), new Date(now)];
  if (day.toDateString() === today.toDateString()) return [];
  const year = day.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' as const };
  return [day.toLocaleDateString(undefined, { day: 'numeric', month: 'short', ...year })];
}

/** Writes a task as people know it: by its title, in quotes and short. */
export const titleIn =
  ({ tasks }: Pick<RunState, 'tasks'>) =>
  (id: string): string =>
    `"${headline(tasks.get(id)?.task.title ?? id)}"`;

/** `2 of 5 tasks done`. */
export const doneWords = (done: number, total: number): string => `${done} of ${count(total, 'task')} done`;

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** What was printed below a message is often the reason. */
export const onOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

export const short = (commit: string): string => commit.slice(0, 8);

/** It has made a plan that a person may take. */
export const isPlanned = ({ planning, ended }: RunState): boolean =>
  planning !== undefined && ended?.outcome === 'merged';
