import { conventional } from '../../formats/orchestra/commit.ts';
import type { Member } from '../../model/run/event.ts';
import type { Task } from '../../model/plan/plan.ts';
import { type RunState, taskOf } from '../../model/run/state.ts';

/** The commit message of a task's result; the trailers lead from a commit back to its task and run. */
export const resultMessage = (state: RunState, task: Task, attempt: number): string =>
  [
    subject(state.plan.origin?.format === 'orchestra-milestone' ? conventional(oneLine(task.title)) : task.title),
    '',
    ...(task.description ? [task.description.trim(), ''] : []),
    ...trailers(state, task.id),
    `Orchestrate-Attempt: ${attempt}`,
    '',
  ].join('\n');

/** The message of a merge commit of the queue. */
export function candidateMessage(state: RunState, members: readonly Pick<Member, 'task'>[]): string {
  const titles = members.map(({ task }) => taskOf(state, task).task.title);
  const [only] = titles;
  const first = titles.length === 1 ? `Merge "${only}"` : `Merge ${titles.length} tasks of ${state.plan.id}`;
  const list = titles.length === 1 ? [] : [...titles.map((title) => `- ${oneLine(title)}`), ''];
  return [
    subject(first),
    '',
    ...list,
    ...members.flatMap(({ task }) => trailers(state, task).slice(0, 1)),
    `Orchestrate-Run: ${state.run}`,
    '',
  ].join('\n');
}

const trailers = (state: RunState, task: string): string[] => [
  `Orchestrate-Task: ${oneLine(task)}`,
  `Orchestrate-Run: ${state.run}`,
];
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function subject(text: string): string {
  const line = oneLine(text);
  return line.length <= 72 ? line : `${line.slice(0, 71)}…`;
}
