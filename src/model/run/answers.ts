import type { GateRun } from '../gate.ts';
import type { Question } from './event.ts';
import type { Order } from './order.ts';
import { contestants } from './contest.ts';
import { OWN_ANSWER } from '../crew/asking.ts';
import { choicesOf } from '../crew/permission.ts';
import { addRun, keyOf, latest, type RunState, type TaskState, taskOf } from './state.ts';
import { answerPush } from './push.ts';
import { clearQuestions, reopen, settle, stop } from './transitions.ts';

type Answer = Order & { type: 'answer' };

/** Folds a person's answer to a question: each kind of question has its own consequences. */
export function answer(state: RunState, order: Answer): void {
  const question = state.questions.get(order.question);
  if (!question) return;
  state.questions.delete(question.id);
  const task = question.task === undefined ? undefined : taskOf(state, question.task);
  if (question.permission) answerPermission(state, question.permission, order.choice);
  else if (question.kind === 'asked') answerAgent(state, question, order);
  else if (question.kind === 'push') answerPush(state, order.choice);
  else if (order.choice === 'stop') stop(state);
  else if (question.kind === 'baseline') state.approval = { kind: 'given', baseline: true, at: state.at };
  else if (question.kind === 'budget') state.budgets += 1;
  else if (question.gate !== undefined) GATE[question.kind]?.(state, question, order);
  else if (task) answerTask(state, task, question, order);
}

function answerPermission(state: RunState, { job, id }: { job: string; id: string }, choice: string): void {
  const permission = state.reports.get(job)?.permissions.get(id);
  const option = permission && choicesOf(permission).find((one) => one.id === choice)?.option;
  if (option !== undefined) state.unsaid.push({ job, steering: { kind: 'answer', permission: id, option } });
}

/** An option by its words, with what was said beside it; or that alone. */
function answerAgent(state: RunState, question: Question, { choice, comment }: Answer): void {
  const label = question.choices.find(({ id }) => id === choice && id !== OWN_ANSWER.id)?.label;
  const said = [label, comment?.trim()].filter(Boolean).join('. ');
  const line = `${question.text} ${said}`;
  const task = question.task === undefined ? undefined : taskOf(state, question.task);
  task?.answers.push(line);
  if (task) latest(task)?.answers.set(question.id, line);
  if (question.lasting) state.lasting.push(line);
}

/** A gate accepted all the same counts for this candidate only; run again, it starts without its former runs. */
function answerGate({ candidate }: RunState, { gate }: Question, { choice }: Answer): void {
  if (choice === 'accept' && gate !== undefined) candidate?.waived.add(gate);
  if (choice === 'again') candidate?.runs.clear();
}

/** Reviewed again, it starts without its former runs; without its approval, it goes on with all its other gates. */
function answerReview(state: RunState, { gate = '', task }: Question, { choice }: Answer): void {
  const attempt = task === undefined ? undefined : latest(taskOf(state, task));
  if (choice === 'accept') (attempt?.waivedGates ?? state.candidate?.waived)?.add(gate);
  else if (attempt) attempt.gates.splice(0, attempt.gates.length, ...attempt.gates.filter((run) => run.gate !== gate));
  else for (const byGate of state.candidate?.runs.values() ?? []) byGate.delete(gate);
}

/** A person's word is a run of the gate; their no to an attempt is that of anybody who looked at it. */
function answerLook(state: RunState, question: Question, { choice, comment }: Answer): void {
  const { gate = '', task, text } = question;
  const attempt = task === undefined ? undefined : latest(taskOf(state, task));
  const result = choice === 'accept' ? 'passed' : 'failed';
  // Waiting for a person is nobody's work.
  const run: GateRun = { gate, result, exitCode: null, problems: [], tail: comment ?? '', duration: 0 };
  if (attempt) attempt.gates.push(run);
  if (attempt && result === 'failed') attempt.refused = comment ?? text;
  if (!attempt && state.candidate && result === 'passed') addRun(state.candidate, keyOf(state.candidate.members), run);
}

const GATE: Partial<Record<Question['kind'], (state: RunState, question: Question, order: Answer) => void>> = {
  flaky: answerGate,
  final: answerGate,
  review: answerReview,
  look: answerLook,
};

function trust(state: RunState, task: TaskState): void {
  delete task.claimed;
  clearQuestions(state, task.task.id);
  if (!task.settled) settle(state, task, { kind: 'done', commit: null });
}

function answerTask(state: RunState, task: TaskState, question: Question, { choice, comment }: Answer): void {
  const attempt = latest(task);
  switch (question.kind) {
    case 'gateDefining':
    case 'outsideScope':
    case 'protectedByPerson':
      if (choice === 'accept') attempt?.waived.add(question.kind);
      else if (attempt) attempt.refused = comment ?? question.text;
      return;
    case 'completed':
      delete task.claimed;
      if (choice === 'trust') for (const one of contestants(state, task.task.id)) trust(state, one);
      return;
    case 'leave':
      if (choice === 'accept') task.allowed = true;
      else settle(state, task, { kind: 'skipped' });
      return;
    case 'pick': {
      const picked = latest(taskOf(state, choice));
      if (picked) picked.picked = true;
      return;
    }
    case 'escalated':
      if (choice === 'retry') reopen(state, task, comment);
      else settle(state, task, { kind: 'skipped' });
      return;
    default:
      return;
  }
}
