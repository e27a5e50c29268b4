import { correlated } from '../crew/correlation.ts';
import { heldBack, heldWords } from '../crew/admission.ts';
import { crewOf } from '../crew/crew.ts';
import { spentByRole, spentByTask, spentInRun } from '../crew/spending.ts';
import { usedByTask } from '../crew/used.ts';
import { testedWhole } from './measure.ts';
import { pullRequestOf } from './pull-request.ts';
import { currentPush } from '../run/push.ts';
import { latest, type RunState, type TaskState } from '../run/state.ts';
import { attention, progress, rest, statusOf } from '../run/view.ts';

/** Where a run stands, as plain data for programs. Times are epoch milliseconds; absent = not known, or not so. */
export const accountOf = (state: RunState) => ({
  plan: { id: state.plan.id, objective: state.plan.objective, file: state.planFile, hash: state.planHash },
  state: rest(state),
  outcome: state.ended?.outcome,
  reason: state.ended?.reason ?? state.paused?.reason,
  startedAt: state.startedAt,
  endedAt: state.ended?.at,
  base: state.base,
  integration: state.integration,
  branch: state.branch,
  push: currentPush(state),
  pullRequest: pullRequestOf(state),
  tested: testedWhole(state).map(({ gate, result }) => ({ gate, result })),
  limits: [...state.breakers.values()],
  machine: state.machine,
  spent: spentInRun(state),
  spentByRole: Object.fromEntries(spentByRole(state)),
  agents: crewOf(state),
  auto: state.auto,
  notes: state.notes,
  progress: progress(state),
  tasks: [...state.tasks.values()].map((task) => taskOf(state, task)),
  attention: attention(state),
});

/** As `accountOf`, for a reader without patience: of many tasks only those that are neither done nor wait for their turn. */
export function shortAccountOf(state: RunState): object {
  const { tasks, ...account } = accountOf(state);
  const busy = tasks.filter(({ status }) => status !== 'pending' && status !== 'done');
  return { ...account, tasks: tasks.length <= MOST ? tasks : busy.slice(0, MOST) };
}

const MOST = 100;

function taskOf(state: RunState, task: TaskState) {
  const attempt = latest(task);
  const { settled } = task;
  return {
    id: task.task.id,
    title: task.task.title,
    wave: task.wave,
    ...assignedTo(state, task),
    status: statusOf(state, task),
    attempts: task.attempts.length,
    spent: spentByTask(task),
    used: usedByTask(task),
    waits: waitOf(state, task),
    progress: attempt?.stage.at === 'working' ? attempt.progress : undefined,
    commit: settled?.kind === 'done' ? settled.commit : undefined,
    worktree: attempt?.worktree === 'there' ? attempt.path : undefined,
    failure: attempt?.stage.at === 'ended' ? attempt.stage.failure.message : undefined,
    gates: attempt?.gates.map(({ gate, result, review }) => ({ gate, result, ...(review ? { review } : {}) })),
  };
}

function waitOf(state: RunState, task: TaskState): string | undefined {
  const held = heldBack(state, task);
  return held && heldWords(held);
}

/** Who does it and how; the name of the adapter is its agent. */
function assignedTo(state: RunState, task: TaskState): object {
  const { name: agent, role, model, effort, correlation } = state.agents[task.task.id] ?? {};
  return { agent, role, model, effort, correlation, correlated: correlated(state, task) };
}
