import { originEdits } from '../../formats/origin.ts';
import { prdAfter } from '../../formats/prd-done.ts';
import type { FileEdit, ShownTask } from '../../formats/shown.ts';
import type { FileStatus } from '../../model/plan/plan.ts';
import { PRD_FILE } from '../../model/plan/prd.ts';
import { contestants, tasksInFile } from '../../model/run/contest.ts';
import { type Attempt, latest, type RunState, type TaskState } from '../../model/run/state.ts';

/** The files an imported plan came from, as its run goes. */
export function originFiles(state: RunState, statuses: ReadonlyMap<string, FileStatus>): FileEdit[] {
  const { plan, ended, startedAt } = state;
  if (!plan.origin) return [];
  const tasks = [...tasksInFile(state)].map(([id, task]) => shownTask(id, task, statuses.get(id) ?? 'pending'));
  const status = !ended
    ? ('in_progress' as const)
    : ended.outcome === 'merged'
      ? ('completed' as const)
      : ended.outcome === 'cancelled'
        ? ('cancelled' as const)
        : ('failed' as const);
  return originEdits(plan.origin, { plan, status, tasks, startedAt, now: Date.now() });
}

function shownTask(id: string, { wave, attempts, settled, retries }: TaskState, status: FileStatus): ShownTask {
  const last = attempts.at(-1);
  const commit = settled?.kind === 'done' ? settled.commit : null;
  const worked = attempts.reduce((sum, { startedAt, endedAt = startedAt }) => sum + endedAt - startedAt, 0);
  const error = last && errorOf(last);
  return {
    id,
    status,
    wave,
    retries,
    minutes: Math.max(1, Math.round(worked / 60_000)),
    ...(commit ? { commit } : {}),
    ...(last?.result ? { files: last.result.paths } : {}),
    ...(error === undefined ? {} : { error }),
  };
}

const errorOf = ({ stage }: Attempt): string | undefined => (stage.at === 'ended' ? stage.failure.message : undefined);

/** What is planned beside the plan, once all of the run is merged. */
export function prdFiles(state: RunState): FileEdit[] {
  const { ended, plan, tasks } = state;
  if (ended?.outcome !== 'merged') return [];
  const isDone = (id: string): boolean => contestants(state, id).some(({ settled }) => settled?.kind === 'done');
  const done = new Set([...tasks.keys()].filter(isDone));
  return [{ file: PRD_FILE, change: (text) => text && prdAfter(text, { plan, done }) }];
}

/** The last attempt of each task that failed for good. */
export const failedAttempts = (state: RunState): { task: TaskState; attempt: Attempt }[] =>
  [...state.tasks.values()].flatMap((task) => {
    const attempt = latest(task);
    return task.settled?.kind === 'failed' && attempt?.stage.at === 'ended' ? [{ task, attempt }] : [];
  });
