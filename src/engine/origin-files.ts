import { originEdits } from '../formats/origin.ts';
import { prdAfter } from '../formats/prd-done.ts';
import type { FileEdit, ShownTask } from '../formats/shown.ts';
import type { FileStatus } from '../model/plan/plan.ts';
import { type Attempt, latest, type RunState, type TaskState } from '../model/run/state.ts';

/** The files an imported plan came from, as its run goes. */
export function originFiles(state: RunState, statuses: ReadonlyMap<string, FileStatus>): FileEdit[] {
  const { plan, ended, startedAt } = state;
  if (!plan.origin) return [];
  const tasks = [...state.tasks].map(([id, task]) => shownTask(task, statuses.get(id) ?? 'pending'));
  const status = !ended
    ? ('in_progress' as const)
    : ended.outcome === 'merged'
      ? ('completed' as const)
      : ended.outcome === 'cancelled'
        ? ('cancelled' as const)
        : ('failed' as const);
  return originEdits(plan.origin, { plan, status, tasks, startedAt, now: Date.now() });
}

function shownTask({ task, wave, attempts, settled, retries }: TaskState, status: FileStatus): ShownTask {
  const last = attempts.at(-1);
  const commit = settled?.kind === 'done' ? settled.commit : null;
  const worked = attempts.reduce((sum, { startedAt, endedAt = startedAt }) => sum + endedAt - startedAt, 0);
  const error = last && errorOf(last);
  return {
    id: task.id,
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
export function prdFiles({ ended, plan, tasks }: RunState): FileEdit[] {
  if (ended?.outcome !== 'merged') return [];
  const done = new Set([...tasks].flatMap(([id, { settled }]) => (settled?.kind === 'done' ? id : [])));
  return [{ file: 'docs/PRD.yaml', change: (text) => text && prdAfter(text, { plan, done }) }];
}

/** The last attempt of each task that failed for good. */
export const failedAttempts = (state: RunState): { task: TaskState; attempt: Attempt }[] =>
  [...state.tasks.values()].flatMap((task) => {
    const attempt = latest(task);
    return task.settled?.kind === 'failed' && attempt?.stage.at === 'ended' ? [{ task, attempt }] : [];
  });
