import * as z from 'zod';
import { fail, ok, type Result } from '../failure.ts';
import { slug } from '../text/names.ts';
import { objectIn } from './report.ts';

/** Something that a planner wants to know before it plans. */
export interface Asked {
  /** Its own name for it. */
  id: string;
  question: string;
  /** Its answer holds for later work too, and is kept where that finds it. */
  lasting?: true;
  choices: readonly { id: string; label: string }[];
}

/** Stands beside the options of every question: what is said with it is the answer. */
export const OWN_ANSWER = { id: 'own', label: 'Another answer' } as const;

const MOST_QUESTIONS = 5;

/**
 * Reads what a report asks, in `extra.questions`: at most five of two to four options each. Empty where it asks
 * nothing; the failure says what is wrong with them, for the agent.
 */
export function readQuestions(report: string): Result<readonly Asked[], string> {
  const read = SHAPE.safeParse(objectIn(report) ?? {});
  if (!read.success) return fail(z.prettifyError(read.error).replaceAll('\n', ' '));
  const names = distinct(read.data.extra?.questions?.map(({ id }) => slug(id)) ?? []);
  const asked = read.data.extra?.questions?.map(({ question, options, lasting }, at) => ({
    id: names[at] ?? '',
    question,
    ...(lasting === true ? { lasting } : {}),
    choices: choicesOf(options),
  }));
  return ok(asked ?? []);
}

const SHAPE = z.lazy(() => {
  const words = z.string().trim().min(1).max(1000);
  const option = z.union([words, z.object({ label: words }).transform(({ label }) => label)]);
  const question = z.object({
    id: words,
    question: words,
    options: z.array(option).min(2).max(4),
    lasting: z.boolean().nullish(),
  });
  return z.object({ extra: z.object({ questions: z.array(question).max(MOST_QUESTIONS).nullish() }).nullish() });
});

/** Named by their words, so that an order in a terminal can be read; by their number where those have no letters for it. */
function choicesOf(options: readonly string[]): Asked['choices'] {
  const ids = distinct([
    OWN_ANSWER.id,
    ...options.map((label, at) => (slug(label) === 'x' ? `${at + 1}` : slug(label))),
  ]);
  return [...options.map((label, at) => ({ id: ids[at + 1] ?? '', label })), OWN_ANSWER];
}

/** The second of a name is another. */
const distinct = (names: readonly string[]): string[] =>
  names.map((name, at) => {
    const before = names.slice(0, at).filter((one) => one === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
