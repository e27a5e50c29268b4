import { type Asked, readQuestions } from '../crew/asking.ts';
import { plainRole } from '../crew/role.ts';
import { ok, type Result } from '../failure.ts';
import { type Attempt, type RunState, taskOf } from '../run/state.ts';
import type { Draft } from './draft.ts';
import { goesOn } from './steering.ts';

/** A planner that was answered so often decides the rest itself. */
const MOST_ROUNDS = 3;

/**
 * A planner that ended with questions is not done: they are asked of a person, all at once, and when all are answered
 * its session goes on with the answers, or another attempt begins with them.
 *
 *     worked ─ asks ─→ questions ─ answered ─→ a further turn | again
 */
export function asks(draft: Draft, attempt: Attempt): boolean {
  const questions = questionsOf(draft.state, attempt);
  if (!questions.ok || questions.value.length === 0 || hasAskedEnough(draft.state, attempt)) return false;
  const open = questions.value.filter(({ id }) => !attempt.answers.has(questionId(attempt, id)));
  for (const question of open) ask(draft, attempt, question);
  if (open.length > 0) return true;
  if (!goesOn(draft, attempt, answersText(attempt))) {
    const message = 'Its questions are answered: it begins with the answers.';
    draft.failed(attempt, { kind: 'asked', type: 'transient', message }, { kind: 'again' });
  }
  return true;
}

/** What it asks instead of being done; the failure says what is wrong with its questions. */
export function questionsOf({ agents }: RunState, { task, end }: Attempt): Result<readonly Asked[], string> {
  const agent = end?.kind === 'exited' ? end.exit.agent : undefined;
  const isPlanner = plainRole(agents[task]?.role ?? '') === 'planner';
  return isPlanner && agent?.kind === 'succeeded' ? readQuestions(agent.summary) : ok([]);
}

/** Over all attempts at its task. */
const hasAskedEnough = (state: RunState, { task }: Attempt): boolean =>
  taskOf(state, task).attempts.reduce((sum, attempt) => sum + roundsOf(attempt), 0) >= MOST_ROUNDS;

/** An attempt that began again for its answers has no further turn that would count them. */
const roundsOf = ({ rounds, stage }: Attempt): number =>
  rounds + (stage.at === 'ended' && stage.failure.kind === 'asked' ? 1 : 0);

const questionId = ({ task }: Attempt, id: string): string => `asks:${task}:${id}`;

const ask = (draft: Draft, attempt: Attempt, { id, question, ...more }: Asked): void =>
  draft.ask({ id: questionId(attempt, id), kind: 'asked', task: attempt.task, text: question, ...more });

const answersText = ({ answers }: Attempt): string =>
  ['the answers to your questions:', ...[...answers.values()].map((line) => `- ${line}`)].join('\n');
