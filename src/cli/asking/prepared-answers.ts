import type { RunSession } from '../../engine/session.ts';
import { invalid } from '../../engine/runs.ts';
import { readTextFile } from '../../engine/text-file.ts';
import { OWN_ANSWER } from '../../model/crew/asking.ts';
import { describe, fail, ok, type Result } from '../../model/failure.ts';
import type { Question } from '../../model/run/event.ts';
import type { Wish } from '../../model/run/order.ts';
import type { RunState } from '../../model/run/state.ts';
import { slug } from '../../model/text/names.ts';
import type { Problem, Range } from '../../model/text/problem.ts';
import type { YamlText } from '../../model/text/yaml-document.ts';
import { readYaml } from '../../model/text/yaml-text.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Answers that a person wrote down beforehand, by the name of the question: the words of an option, its number, or any
 * other words.
 *
 *     storage: In SQLite
 *     colours: 2
 */
export class PreparedAnswers {
  readonly #answers: ReadonlyMap<string, string>;
  readonly #given = new Set<string>();

  constructor(answers: ReadonlyMap<string, string> = new Map()) {
    this.#answers = answers;
  }

  /** Gives each answer when it is asked for, until disposed. */
  follow(session: RunSession, terminal: Terminal): Disposable {
    const look = (): void => {
      for (const question of session.state.questions.values()) this.#give(session, question, terminal);
    };
    const subscription = session.subscribe(look);
    look();
    return subscription;
  }

  /** Whether something that is asked now is about to be answered. */
  isDue = ({ questions }: RunState): boolean => [...questions.keys()].some((id) => this.#given.has(id));

  #give(session: RunSession, question: Question & { askedAt: number }, terminal: Terminal): void {
    const wish = wishFor(question, this.#answers);
    if (!wish || this.#given.has(question.id)) return;
    this.#given.add(question.id);
    void session.order(wish).then((given) => {
      this.#given.delete(question.id);
      if (!given.ok) terminal.note(describe(given.failure));
    });
  }
}

/** The order that answers a question, if an answer to it was written down. */
export function wishFor(
  { kind, id, choices }: Pick<Question, 'kind' | 'id' | 'choices'>,
  answers: ReadonlyMap<string, string>,
): Wish | undefined {
  const said = kind === 'asked' ? answers.get(id.split(':').at(-1) ?? '')?.trim() : undefined;
  if (!said) return undefined;
  const options = choices.filter((choice) => choice.id !== OWN_ANSWER.id);
  const same = options.find((one) => one.id === said || one.label.toLowerCase() === said.toLowerCase());
  const choice = same ?? (/^\d$/.test(said) ? options[Number(said) - 1] : undefined);
  return choice
    ? { type: 'answer', question: id, choice: choice.id }
    : { type: 'answer', question: id, choice: OWN_ANSWER.id, comment: said };
}

/** Reads such a file; fails as invalid with the place of what is no answer. */
export async function readAnswers(path: string, name: string): Promise<Result<PreparedAnswers>> {
  const text = await readTextFile(path, name);
  if (!text.ok) return text;
  const { yaml, problems } = readYaml(text.value, name, 'error');
  if (!yaml) return fail(invalid(name, problems));
  const wrong = notAnswers(yaml, name);
  if (wrong) return fail(invalid(name, [wrong]));
  const answers = Object.entries(yaml.value ?? {}).map(([id, said]): [string, string] => [slug(id), String(said)]);
  return ok(new PreparedAnswers(new Map(answers)));
}

function notAnswers(yaml: YamlText, file: string): Problem | undefined {
  const { value } = yaml;
  const says = (range: Range, message: string): Problem => ({ file, range, severity: 'error', message });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return says(yaml.rangeAt([]), 'Answers are a mapping: the name of a question, and what is answered.');
  const [name] = Object.entries(value).find(([, said]) => typeof said !== 'string') ?? [];
  return name === undefined ? undefined : says(yaml.rangeAt([name]), `The answer to "${name}" is no text.`);
}
