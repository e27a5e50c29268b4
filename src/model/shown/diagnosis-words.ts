import type { Diagnosis, Impact, Option, Remedy, Source } from '../run/diagnosis.ts';
import type { TaskState } from '../run/state.ts';
import { listed } from '../text/listed.ts';

/** What went wrong, as short paragraphs under their names; plain text in which agents and gates had a say. */
export function diagnosisWords({ cause, impact }: Diagnosis): { cause: readonly string[]; impact: readonly string[] } {
  const { failure, evidence, same } = cause;
  return {
    cause: [
      `${SOURCE[cause.source] ?? ''}${failure.message}`,
      ...evidence.filter((line) => !failure.message.includes(line)),
      ...(same.length === 0 ? [] : [commonWords(same)]),
    ],
    impact: impactWords(impact),
  };
}

/** Who says it, where the message alone does not tell. */
const SOURCE: Partial<Record<Source, string>> = {
  agent: 'its agent: ',
  merge: 'at the merge: ',
  machine: 'cut off: ',
  person: 'a person: ',
};

const commonWords = (same: readonly string[]): string =>
  `The same fails in ${listed(same)}${same.length > 1 ? ': look at what they share before you look at each' : ''}.`;

function impactWords({ waiting, chain, requirements }: Impact): string[] {
  const held = chain.held === 0 ? [] : [`It holds up ${chain.held} of ${counted(chain.of)} on the longest chain.`];
  return [
    waiting.length === 0
      ? 'No other task waits for it.'
      : `${counted(waiting.length)} ${waiting.length === 1 ? 'waits' : 'wait'} for it: ${listed(waiting)}.`,
    ...held,
    ...(requirements.length === 0 ? [] : [`Not met without it: ${listed(requirements)}.`]),
  ];
}

/** What an option is called. */
export const REMEDY: Record<Remedy, string> = {
  retry: 'Try again, with a word to the agent',
  skip: 'Go on without it',
  replan: 'Have the plan made anew',
  hand: 'Do it by hand',
};

/** What follows from an option. */
export function optionWords({ remedy, concerns }: Option, { wave }: TaskState): string {
  switch (remedy) {
    case 'retry':
      return 'The next attempt begins with its change, what failed, and what you say.';
    case 'skip':
      return concerns.length === 0
        ? 'It is not done, and nothing else is lost.'
        : `It is not done, and begun without it: ${listed(concerns)}.`;
    case 'replan':
      return concerns.length === 0
        ? 'A planner gets what failed; you see what it changes.'
        : `A planner gets what failed; you see what it changes. Wave ${wave} has merged ${listed(concerns)}, which can be rolled back first.`;
    case 'hand':
      return 'Its worktree, with what the last attempt changed, is yours until you hand it back.';
  }
}

/** Words to begin with, for a planner that makes the plan anew. */
export const revisionWords = ({ task: { task }, cause: { same } }: Diagnosis): string =>
  same.length > 1
    ? `The same fails in ${[task.id, ...same].join(', ')}: begin with a task that mends it.`
    : `Task ${task.id} failed for good: plan it differently.`;

const counted = (number: number): string => `${number} ${number === 1 ? 'task' : 'tasks'}`;
