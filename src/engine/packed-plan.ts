import type { Plan, Task } from '../model/plan/plan.ts';
import type { Problem } from '../model/text/problem.ts';

/** A plan, and what there is to say of its text. */
export interface SaidPlan {
  plan: Plan;
  problems: Problem[];
}

/**
 * A plan as bytes that are soon a plan again: the different texts of its tasks as one text, which is split at once, the
 * tasks as numbers that point at them, and all else as JSON. From JSON alone it takes twice as long, because that makes
 * the same texts and lists over and over. Undefined where a plan does not fit: one of its texts holds the character that
 * stands between them, or a wave has more than 32 bits.
 *
 *     head      5 × int32: tasks, numbers, bytes of the texts, bytes of the rest, bytes of a character
 *     numbers   int32, as `packTask` says
 *     texts     latin1, or UTF-16 where that is too small: both keep every string as it is
 *     rest      JSON in UTF-8
 */
export function packPlan({ plan: { tasks, ...plan }, problems }: SaidPlan): Buffer | undefined {
  const packer = new Packer();
  tasks.forEach((task, at) => packTask(task, tasks[at - 1], packer));
  const words = packer.text();
  if (words === undefined || tasks.some(({ wave }) => wave !== (wave | 0))) return undefined;
  const width = /^[\0-\u00ff]*$/.test(words) ? 1 : 2;
  const text = Buffer.from(words, width === 1 ? 'latin1' : 'utf16le');
  const rest = Buffer.from(JSON.stringify({ plan, problems }));
  const head = [tasks.length, packer.numbers.length, text.length, rest.length, width];
  return Buffer.concat([bytesOf(head), bytesOf(packer.numbers), text, rest]);
}

/** The plan that `packPlan` made these bytes of. */
export function unpackPlan(bytes: Buffer): SaidPlan {
  const [count = 0, numbers = 0, text = 0, rest = 0, width] = numbersIn(bytes, 0, HEAD);
  const from = 4 * (HEAD + numbers);
  const words = bytes.toString(width === 1 ? 'latin1' : 'utf16le', from, from + text).split(BETWEEN);
  const next = unpacker(words, numbersIn(bytes, 4 * HEAD, numbers));
  const tasks: OpenTask[] = [];
  while (tasks.length < count) tasks.push(unpackTask(next, tasks.at(-1)));
  const { plan, problems } = JSON.parse(bytes.toString('utf8', from + text, from + text + rest)) as SaidPlan;
  return { plan: { ...plan, tasks }, problems };
}

const HEAD = 5;
const BETWEEN = '\0';

const bytesOf = (numbers: readonly number[]): Buffer => Buffer.from(Int32Array.from(numbers).buffer);

/** Copied, because they need not lie where numbers of 32 bits may. */
function numbersIn(bytes: Buffer, from: number, count: number): Int32Array {
  const at = bytes.byteOffset + from;
  return new Int32Array(bytes.buffer.slice(at, at + 4 * count));
}

type Always = Pick<Task, 'id' | 'title' | 'description' | 'wave' | 'priority' | 'status' | 'dependencies'> &
  Pick<Task, 'conflictsWith' | 'produces' | 'acceptanceCriteria' | 'verification' | 'contextFiles'>;

/** What a task may have, and whether it is a list; all of it, or this does not compile. */
const SOMETIMES: Readonly<Record<Exclude<keyof Task, keyof Always>, 'word' | 'words'>> = {
  agent: 'word',
  scope: 'words',
  run: 'word',
  gates: 'words',
  model: 'word',
  effort: 'word',
  role: 'word',
  grade: 'word',
  skills: 'words',
  estimate: 'word',
  covers: 'words',
};
const NAMES = Object.keys(SOMETIMES) as (keyof typeof SOMETIMES)[];
const IS_LIST = NAMES.map((name) => SOMETIMES[name] === 'words');

/** What every task has, in this order, then how many others it has, and for each its place in NAMES and its value. */
function packTask(task: Task, before: Task | undefined, to: Packer): void {
  for (const word of [task.id, task.title, task.description]) to.word(word);
  to.numbers.push(task.wave);
  for (const word of [task.priority, task.status, task.produces]) to.word(word);
  to.list(task.dependencies, before?.dependencies);
  to.list(task.conflictsWith, before?.conflictsWith);
  to.list(task.acceptanceCriteria, before?.acceptanceCriteria);
  to.list(task.verification, before?.verification);
  to.list(task.contextFiles.flatMap(({ path, description }) => [path, description]));
  const others = NAMES.filter((name) => task[name] !== undefined);
  to.numbers.push(others.length);
  for (const name of others) {
    const value = task[name];
    to.numbers.push(NAMES.indexOf(name));
    if (typeof value === 'object') to.list(value, before?.[name]);
    else to.word(value ?? '');
  }
}

/** One that is being made. */
type OpenTask = Task & Record<string, unknown>;

/** In the order of `packTask`. */
function unpackTask(from: Unpacker, before: OpenTask | undefined): OpenTask {
  const task: OpenTask = {
    id: from.word(),
    title: from.word(),
    description: from.word(),
    wave: from.number(),
    priority: from.word() as Task['priority'],
    status: from.word(),
    produces: from.word() as Task['produces'],
    dependencies: from.list(before?.dependencies),
    conflictsWith: from.list(before?.conflictsWith),
    acceptanceCriteria: from.list(before?.acceptanceCriteria),
    verification: from.list(before?.verification),
    contextFiles: pairs(from.list()),
  };
  for (let left = from.number(); left > 0; left -= 1) {
    const at = from.number();
    const name: string = NAMES[at] ?? '';
    task[name] = IS_LIST[at] ? from.list(before?.[name]) : from.word();
  }
  return task;
}

const NONE: readonly never[] = [];
const pairs = (list: readonly string[]): Task['contextFiles'] =>
  list.length === 0
    ? NONE
    : list.flatMap((path, at) => (at % 2 === 0 ? [{ path, description: list[at + 1] ?? '' }] : []));

/** A list that is the same as in the task before. */
const SAME = -1;

class Packer {
  readonly numbers: number[] = [];
  readonly #words = new Map<string, number>();

  /** Each text is said once; it is the number of it. */
  word(word: string): void {
    const at = this.#words.get(word) ?? this.#words.size;
    if (at === this.#words.size) this.#words.set(word, at);
    this.numbers.push(at);
  }

  /** How many words there are, and each. */
  list(words: readonly string[], before?: unknown): void {
    if (words.length > 0 && JSON.stringify(words) === JSON.stringify(before)) return void this.numbers.push(SAME);
    this.numbers.push(words.length);
    for (const word of words) this.word(word);
  }

  text(): string | undefined {
    const words = [...this.#words.keys()];
    return words.some((word) => word.includes(BETWEEN)) ? undefined : words.join(BETWEEN);
  }
}

interface Unpacker {
  number(): number;
  word(): string;
  list(before?: unknown): readonly string[];
}

/** Closures, because a class with private fields takes half as long again before it is compiled. */
function unpacker(words: readonly string[], numbers: Int32Array): Unpacker {
  let at = 0;
  const number = (): number => numbers[at++] ?? 0;
  const word = (): string => words[numbers[at++] ?? 0] ?? '';
  const list = (before?: unknown): readonly string[] => {
    const length = number();
    if (length === 0) return NONE;
    // One by one it would have room for 17 words.
    if (length === 1) return [word()];
    return length === SAME ? (before as readonly string[]) : Array.from({ length }, word);
  };
  return { number, word, list };
}
