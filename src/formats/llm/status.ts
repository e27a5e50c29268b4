import type { Origin } from '../../model/plan/plan.ts';
import type { FileEdit, Shown, ShownTask } from '../shown.ts';

/**
 * A status file beside an LLM-native plan, `parallel-plan.status.json`: the aggregated progress of the document
 * (FORMATS.md 4.2) with the waves of its progress tracker (4.3). The plan itself has no field for a state and stays.
 */
export const llmStatusFile = ({ file }: Origin, shown: Shown): FileEdit => ({
  file: `${file.replace(/\.[^./]+$/, '')}.status.json`,
  change: (text) => (saysSame(text, shown) ? text : `${JSON.stringify(statusOf(shown), undefined, 2)}\n`),
});

const WORDS = {
  pending: 'PENDING',
  in_progress: 'STARTED',
  needs_revision: 'STARTED',
  completed: 'COMPLETE',
  failed: 'FAILED',
  blocked: 'BLOCKED',
} as const;

/** Progress is what is certain: a task is done or it is not. */
const progressOf = ({ status }: ShownTask): number => (status === 'completed' ? 100 : 0);

function statusOf({ plan, status, tasks, startedAt, now }: Shown) {
  const waves = new Map<string, ShownTask[]>();
  for (const task of tasks) waves.set(`wave${task.wave}`, [...(waves.get(`wave${task.wave}`) ?? []), task]);
  return {
    trackingId: plan.id,
    timestamp: new Date(now).toISOString(),
    startTime: new Date(startedAt).toISOString(),
    status,
    overallProgress: Math.round(tasks.reduce((sum, task) => sum + progressOf(task), 0) / Math.max(tasks.length, 1)),
    agentStatus: tasks.map((task) => ({
      id: task.id,
      status: WORDS[task.status],
      progress: progressOf(task),
      blockers: task.error === undefined ? 'none' : [task.error],
    })),
    waves: Object.fromEntries(
      [...waves].map(([name, own]) => [name, { status: waveStatus(own), agents: agentsOf(own) }]),
    ),
  };
}

const agentsOf = (tasks: readonly ShownTask[]) =>
  Object.fromEntries(
    tasks.map((task) => [
      task.id,
      { status: task.status, progress: progressOf(task), metrics: { filesModified: task.files?.length ?? 0 } },
    ]),
  );

function waveStatus(tasks: readonly ShownTask[]): string {
  if (tasks.every(({ status }) => status === 'completed')) return 'completed';
  if (tasks.some(({ status }) => status === 'failed')) return 'failed';
  return tasks.every(({ status }) => status === 'pending') ? 'pending' : 'in-progress';
}

/** The time alone is no news. */
function saysSame(text: string | undefined, shown: Shown): boolean {
  const plain = (json: string): string => json.replace(/^ {2}"timestamp": .*$/m, '');
  return text !== undefined && plain(text) === plain(`${JSON.stringify(statusOf(shown), undefined, 2)}\n`);
}
