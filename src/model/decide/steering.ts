import { choicesOf, permissionText, type Permission } from '../crew/permission.ts';
import type { JobPurpose } from '../run/event.ts';
import { permissionQuestion } from '../run/reported.ts';
import { untold } from '../run/message.ts';
import { type Attempt, taskOf, type TaskState } from '../run/state.ts';
import { type Draft, openJobs } from './draft.ts';
import { mayWork } from './limits.ts';
import { cancelJob } from './put-down.ts';

/** What agents at work wait for is asked of a person, and what a person says goes to them, whatever else stands still. */
export function steer(draft: Draft): void {
  for (const { job, steering } of draft.state.unsaid) draft.intend({ type: 'steer.intended', job, steering });
  stopTaken(draft);
  for (const { intent, purpose } of openJobs(draft.state)) {
    const asked = draft.state.reports.get(intent)?.permissions.values() ?? [];
    for (const permission of asked) ask(draft, { job: intent, purpose }, permission);
  }
}

/** An agent at a task, or one that reviews. */
function ask(draft: Draft, { job, purpose }: { job: string; purpose: JobPurpose }, permission: Permission): void {
  const { state } = draft;
  const task = 'task' in purpose ? taskOf(state, purpose.task) : undefined;
  const over = state.cancelled || state.stopping.has(job) || task?.settled !== undefined;
  if (over || isAnswered(draft, job, permission.id)) return;
  draft.ask({
    id: permissionQuestion(job, permission.id),
    kind: 'permission',
    ...(task ? { task: task.task.id } : {}),
    ...('gate' in purpose ? { gate: purpose.gate } : {}),
    text: `${askerOf(task, purpose)} asks leave: ${permissionText(permission)}`,
    ...(permission.detail === '' ? {} : { detail: permission.detail }),
    permission: { job, id: permission.id },
    choices: choicesOf(permission).map(({ id: choice, label }) => ({ id: choice, label })),
  });
}

/** `"Write it"`, `"Write it": the reviewer "review"`. */
const askerOf = (task: TaskState | undefined, purpose: JobPurpose): string =>
  [...(task ? [`"${task.task.title}"`] : []), ...('gate' in purpose ? [`the reviewer "${purpose.gate}"`] : [])].join(
    ': ',
  );

/** Whoever takes over gets a worktree in which nothing is at work any more. */
function stopTaken(draft: Draft): void {
  for (const { takenAt, stage } of draft.state.active) {
    if (takenAt === undefined || stage.at !== 'working' || stage.intent === undefined) continue;
    cancelJob(draft, stage.intent);
  }
}

/**
 * An agent that ended well, and to whom something was said that it could not take while it worked, goes on with its
 * session. Of any other the next attempt's prompt says it.
 */
export function goesOn(draft: Draft, attempt: Attempt, ...answers: readonly string[]): boolean {
  const { task, number, session, end } = attempt;
  const said = [...answers, ...untold(attempt).map(({ text }) => text)];
  if (said.length === 0 || session === undefined || draft.state.agents[task]?.resumes !== true) return false;
  if (end?.kind !== 'exited' || end.exit.agent?.kind !== 'succeeded' || !mayWork(draft, task)) return false;
  draft.job({ kind: 'agent', task, attempt: number, message: said.join('\n\n') });
  return true;
}

/** The answer is on its way: it is written down, and the agent has not taken it yet. */
const isAnswered = ({ state }: Draft, job: string, permission: string): boolean =>
  [...state.unsaid, ...[...state.open.values()].filter((intent) => intent.type === 'steer.intended')].some(
    (one) => one.job === job && one.steering.kind === 'answer' && one.steering.permission === permission,
  );
