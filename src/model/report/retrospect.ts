import type { Decision } from '../shown/decision.ts';
import type { RunOutcome } from '../run/event.ts';
import type { Report } from './report.ts';

/** What several runs leave together, such as those of the milestones of a project. Times as in a report. */
export interface Retrospect {
  runs: readonly LookedAt[];
  again: readonly Again[];
}

/** What of one run is told beside others. */
export interface LookedAt extends Pick<Report, 'run' | 'plan' | 'startedAt' | 'unresolved' | 'lessons'> {
  outcome: RunOutcome | 'open';
  tasks: number;
  done: number;
  wall: number;
  /** Attempts that failed and were followed by another. */
  retries: number;
  /** What people decided, without what only let it go on: plain approvals, leave for agents. */
  decisions: readonly Decision[];
}

/** Something that attempts failed for in more than one run. Plain text in which agents and gates had a say. */
export interface Again {
  text: string;
  times: number;
  /** The ids of the plans, in the order of the runs. */
  plans: readonly string[];
}

/** The same for the same reports, in their order. */
export const retrospectOf = (reports: readonly Report[]): Retrospect => ({
  runs: reports.map(lookedAt),
  again: againIn(reports),
});

const lookedAt = ({ run, plan, startedAt, ended, counts, tasks, metrics, ...report }: Report): LookedAt => ({
  run,
  plan,
  startedAt,
  outcome: ended?.outcome ?? 'open',
  tasks: tasks.length,
  done: counts.done,
  wall: metrics.wall,
  retries: metrics.waves.reduce((sum, { retries }) => sum + retries, 0),
  decisions: report.decisions.filter(isTold),
  unresolved: report.unresolved,
  lessons: report.lessons,
});

const isTold = ({ of, comment, permission }: Decision): boolean =>
  comment !== undefined || (of !== 'approve' && of !== 'resume' && !permission);

/** The most frequent first. */
function againIn(reports: readonly Report[]): Again[] {
  const met = new Map<string, string[]>();
  for (const { plan, tasks } of reports)
    for (const text of tasks.flatMap(({ failed }) => failed)) met.set(text, [...(met.get(text) ?? []), plan.id]);
  return [...met]
    .map(([text, ids]) => ({ text, times: ids.length, plans: [...new Set(ids)] }))
    .filter(({ plans }) => plans.length > 1)
    .toSorted((a, b) => b.times - a.times);
}
