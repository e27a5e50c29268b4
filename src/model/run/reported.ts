import type { Event, Reported } from './event.ts';
import type { Used } from './job.ts';
import { learnAtWork } from '../crew/footprint.ts';
import { withUsage } from '../crew/spending.ts';
import { type Attempt, attemptOf, type JobReports, type RunState } from './state.ts';

/** Folds what an open job said of itself. Each line counts once; of a job that is over nothing is taken any more. */
export function reported(state: RunState, { job, line, report }: Event & Reported): void {
  if (!isNews(state, job, line)) return;
  const reports: JobReports = state.reports.get(job) ?? { lines: 0, permissions: new Map() };
  state.reports.set(job, reports);
  reports.lines = line;
  switch (report.type) {
    case 'permissionAsked':
      reports.permissions.set(report.permission.id, report.permission);
      return;
    case 'permissionSettled':
      reports.permissions.delete(report.permission);
      state.questions.delete(permissionQuestion(job, report.permission));
      return;
    case 'progress': {
      const attempt = attemptAt(state, job);
      if (attempt) attempt.progress = report;
      return;
    }
    case 'usage': {
      const attempt = attemptAt(state, job);
      if (attempt) attempt.spending = withUsage(attempt.spent, report.usage, state.agents[attempt.task]?.sessionTotals);
      return;
    }
    case 'measured':
      return measured(state, job, report.used);
    case 'ordered': {
      const order = state.open.get(report.order);
      // Taken or not, there is no asking again.
      if (order?.type === 'steer.intended' && order.steering.kind === 'answer')
        reports.permissions.delete(order.steering.permission);
    }
  }
}

function measured(state: RunState, job: string, used: Used): void {
  const attempt = attemptAt(state, job);
  if (attempt) attempt.using = used;
  const intent = state.open.get(job);
  if (intent?.type === 'job.intended') learnAtWork(state, intent.purpose, used);
}

function attemptAt(state: RunState, job: string): Attempt | undefined {
  const intent = state.open.get(job);
  if (intent?.type !== 'job.intended' || intent.purpose.kind !== 'agent') return undefined;
  return attemptOf(state, intent.purpose.task, intent.purpose.attempt);
}

/** Whether a report is of an open job and not in the state yet. */
export const isNews = (state: RunState, job: string, line: number): boolean =>
  state.open.has(job) && line > (state.reports.get(job)?.lines ?? 0);

/** A job is over: nobody waits for leave in it any more, and nothing can be said to it. */
export function forgetReports(state: RunState, job: string): void {
  for (const id of state.reports.get(job)?.permissions.keys() ?? [])
    state.questions.delete(permissionQuestion(job, id));
  state.reports.delete(job);
  const left = state.unsaid.filter((one) => one.job !== job);
  state.unsaid.splice(0, state.unsaid.length, ...left);
}

/** The id of the question that asks for a permission. */
export const permissionQuestion = (job: string, permission: string): string => `permission:${job}:${permission}`;
