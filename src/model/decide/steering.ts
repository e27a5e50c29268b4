import { choicesOf, type Permission } from '../permission.ts';
import { permissionQuestion } from '../reported.ts';
import { taskOf } from '../state.ts';
import { type Draft, openJobs } from './draft.ts';

/** What agents at work wait for is asked of a person, and what a person says goes to them, whatever else stands still. */
export function steer(draft: Draft): void {
  for (const { job, steering } of draft.state.unsaid) draft.intend({ type: 'steer.intended', job, steering });
  for (const { intent, purpose } of openJobs(draft.state)) {
    const asked = draft.state.reports.get(intent)?.permissions.values() ?? [];
    for (const permission of asked) if (purpose.kind === 'agent') ask(draft, { job: intent, ...purpose }, permission);
  }
}

function ask(draft: Draft, { job, task }: { job: string; task: string }, permission: Permission): void {
  const { state } = draft;
  const id = permissionQuestion(job, permission.id);
  const over = state.cancelled || state.stopping.has(job) || taskOf(state, task).settled !== undefined;
  if (over || state.questions.has(id) || isAnswered(draft, job, permission.id)) return;
  draft.conclude({
    type: 'question.asked',
    question: {
      id,
      kind: 'permission',
      task,
      text: `"${taskOf(state, task).task.title}" asks leave: ${permission.title}`,
      ...(permission.detail === '' ? {} : { detail: permission.detail }),
      permission: { job, id: permission.id },
      choices: choicesOf(permission).map(({ id: choice, label }) => ({ id: choice, label })),
    },
  });
}

/** The answer is on its way: it is written down, and the agent has not taken it yet. */
const isAnswered = ({ state }: Draft, job: string, permission: string): boolean =>
  [...state.unsaid, ...[...state.open.values()].filter((intent) => intent.type === 'steer.intended')].some(
    (one) => one.job === job && one.steering.kind === 'answer' && one.steering.permission === permission,
  );
