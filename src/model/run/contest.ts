import { idInFile } from '../plan/contest.ts';
import { type Attempt, latest, type RunState, taskOf, type TaskState } from './state.ts';

/** All that are at the same task of the plan's file, in the order of the plan; only itself where it is nobody else's. */
export const contestants = (state: RunState, task: string): readonly TaskState[] => {
  const known = taskOf(state, task);
  const { contest } = known.task;
  if (contest === undefined) return [known];
  return (state.graph.contests.get(contest) ?? [task]).flatMap((id) => state.tasks.get(id) ?? []);
};

/** The others at it. */
export const matesOf = (state: RunState, task: string): readonly TaskState[] =>
  contestants(state, task).filter((one) => one.task.id !== task);

/** Its gates let it pass, and nothing was picked yet. */
export const hasPassed = ({ stage, passed }: Attempt): boolean => stage.at === 'verifying' && passed !== undefined;

/** The one whose result was picked before a task's own. */
export const pickedBefore = (state: RunState, task: string): TaskState | undefined =>
  matesOf(state, task).find(isPicked);

function isPicked(task: TaskState): boolean {
  const stage = latest(task)?.stage.at;
  return task.settled?.kind === 'done' || (!task.settled && stage === 'queued');
}

/** The tasks of the plan's file by their id there; of contestants the one that went furthest stands for it. */
export function tasksInFile({ tasks }: RunState): Map<string, TaskState> {
  const found = new Map<string, TaskState>();
  for (const task of tasks.values()) {
    const id = idInFile(task.task);
    const other = found.get(id);
    if (!other || rank(task) > rank(other)) found.set(id, task);
  }
  return found;
}

/** A result; one that may be; nothing any more. Who gave up says more than who was left out. */
const rank = ({ settled }: TaskState): number => ({ done: 3, open: 2, failed: 1, skipped: 0 })[settled?.kind ?? 'open'];
