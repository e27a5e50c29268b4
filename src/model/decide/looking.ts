import type { Question } from '../run/event.ts';
import { type AskingGate, asksPerson } from '../gate.ts';
import type { Step } from '../schedule/queue.ts';
import { type Attempt, type Candidate, keyOf, taskOf } from '../run/state.ts';
import type { Draft } from './draft.ts';
import type { Reviewed } from './reviewing.ts';

/** A person looks at what an attempt made before it may be merged; their word is a run of the gate. */
export function lookAtAttempt(draft: Draft, attempt: Attempt, gate: AskingGate): Reviewed {
  const { task, number, gates, base, result } = attempt;
  if (gates.some((run) => run.gate === gate.name)) return { do: 'pass' };
  const text = `${gate.name} of "${taskOf(draft.state, task).task.title}": ${gate.command.ask}`;
  const detail = seenBy(base, result?.commit ?? base);
  askForLook(draft, { id: `look:${task}:${number}:${gate.name}`, task, gate: gate.name, text, detail });
  return { do: 'wait' };
}

/** A person looks at what is to be merged; undefined where the gate is none of theirs. */
export function lookStep(
  { state }: Draft,
  { members, runs, onto }: Candidate,
  { name, commit }: { name: string; commit: string },
): Step | undefined {
  const gate = state.config.gates.find((one) => one.name === name);
  if (!gate || !asksPerson(gate)) return undefined;
  if (runs.get(keyOf(members))?.has(name)) return { do: 'pass' };
  const titles = members.map(({ task }) => `"${taskOf(state, task).task.title}"`).join(', ');
  const text = `${name} of ${titles || 'what is merged'}: ${gate.command.ask}`;
  return { do: 'askLook', gate: name, text, detail: seenBy(members.length === 0 ? state.base : onto, commit) };
}

const seenBy = (base: string, commit: string): string => `git diff ${base.slice(0, 12)} ${commit.slice(0, 12)}`;

export function askForLook(draft: Draft, about: Pick<Question, 'id' | 'task' | 'gate' | 'text' | 'detail'>): void {
  const no = about.task === undefined ? { id: 'stop', label: 'Stop the run' } : { id: 'reject', label: 'Reject it' };
  draft.ask({ ...about, kind: 'look', choices: [{ id: 'accept', label: 'Approve' }, no] });
}
