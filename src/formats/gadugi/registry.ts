import type { OpenJob } from '../../model/shown/processes.ts';
import { latest, type RunState, type TaskState } from '../../model/run/state.ts';
import { statusOf } from '../../model/run/view.ts';

type Status = 'queued' | 'running' | 'completed' | 'failed' | 'timeout' | 'cancelled';

/**
 * process_registry.json as gadugi's monitor writes it (FORMATS.md 2.5), with what it gets wrong left out: a task is
 * running only where a process is known, the heartbeat is what the process itself did last, and success has no error.
 */
export function processRegistry(state: RunState, jobs: readonly OpenJob[], now: number): object {
  const entries = [...state.tasks.values()].map((task) => {
    const job = jobs.find((one) => one.task === task.task.id && one.pid !== undefined && one.liveness !== 'ended');
    return [task.task.id, entryOf(state, task, job)] as const;
  });
  return { timestamp: timeOf(now), processes: Object.fromEntries(entries) };
}

function entryOf(state: RunState, task: TaskState, job: OpenJob | undefined): object {
  const { id, title } = task.task;
  const attempt = latest(task);
  const status = registryStatus(state, task, job);
  return {
    task_id: id,
    task_name: title,
    status,
    command: commandText(job),
    working_directory: attempt?.path ?? null,
    created_at: timeOf(state.startedAt),
    prompt_file: state.plan.origin?.sources[id] ?? null,
    pid: job?.pid ?? null,
    started_at: timeOf(attempt?.startedAt),
    last_heartbeat: timeOf(job?.lastSign),
    ...endOf(status, task),
    resource_usage: null,
  };
}

/** Only what is over has an end: a task that is tried again does not keep the error of the time before. */
function endOf(status: Status, task: TaskState): object {
  if (status === 'queued' || status === 'running') return { completed_at: null, exit_code: null, error_message: null };
  const attempt = latest(task);
  const exit = attempt?.end?.kind === 'exited' ? attempt.end.exit : undefined;
  return {
    completed_at: timeOf(attempt?.endedAt),
    exit_code: exit?.code ?? null,
    error_message: status === 'completed' ? null : whyNot(task),
  };
}

function registryStatus(state: RunState, task: TaskState, job: OpenJob | undefined): Status {
  switch (statusOf(state, task)) {
    case 'done':
      return 'completed';
    case 'skipped':
      return 'cancelled';
    case 'failed':
      return timedOut(task) ? 'timeout' : 'failed';
    default:
      if (job) return 'running';
      return state.ended ? 'cancelled' : 'queued';
  }
}

const timedOut = (task: TaskState): boolean => {
  const end = latest(task)?.end;
  return end?.kind === 'exited' && (end.exit.stopped === 'timedOut' || end.exit.stopped === 'idle');
};

function whyNot(task: TaskState): string | null {
  const stage = latest(task)?.stage;
  return stage?.at === 'ended' ? stage.failure.message : null;
}

/** For a person to read; nothing is ever started from it. */
const commandText = (job: OpenJob | undefined): string =>
  typeof job?.command === 'object' ? job.command.join(' ') : (job?.command ?? '');

/** Python's `fromisoformat` took no `Z` before 3.11. */
function timeOf(at: number): string;
function timeOf(at: number | undefined): string | null;
function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString().replace('Z', '+00:00');
}
