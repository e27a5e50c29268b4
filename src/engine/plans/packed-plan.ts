import type { Plan, Task } from '../../model/plan/plan.ts';
import type { Problem } from '../../model/text/problem.ts';

/** A plan, and what there is to say of its text. */
export interface SaidPlan {
  plan: Plan;
  problems: Problem[];
}

/**
 * A plan as bytes that are soon a plan again: the different texts of its tasks as one text, which is split at once, their
 * different lists and the tasks as numbers that point at them, and all else as JSON. From JSON alone it takes twice as
 * long, because that makes the same texts and lists over and over. Undefined where a plan does not fit: one of its texts
 * holds the character that stands between them, or a wave has more than 32 bits.
 *
 *     head      6 × int32: lists, tasks, numbers, bytes of the texts, bytes of the rest, bytes of a character
 *     numbers   int32: for each list how many texts it has, and each; then the tasks as `packTask` says
 *     texts     latin1, or UTF-16 where that is too small: both keep every string as it is
 *     rest      JSON in UTF-8
 */
export function packPlan({ plan: { tasks, ...plan }, problems }: SaidPlan): Buffer | undefined {
  const packer = new Packer();
  const packed = tasks.flatMap((task) => packTask(task, packer));
  const words = packer.text();
  if (words === undefined || tasks.some(({ wave }) => wave !== (wave | 0))) return undefined;
  const width = /^[\0-\u00ff]*$/.test(words) ? 1 : 2;
  const text = Buffer.from(words, width === 1 ? 'latin1' : 'utf16le');
  const rest = Buffer.from(JSON.stringify({ plan, problems }));
  const numbers = [...packer.lists.flat(), ...packed];
  const head = [packer.lists.length, tasks.length, numbers.length, text.length, rest.length, width];
  return Buffer.concat([bytesOf(head), bytesOf(numbers), text, rest]);
}

/** The plan that `packPlan` made these bytes of. */
export function unpackPlan(bytes: Buffer): SaidPlan {
  const [lists = 0, tasks = 0, many = 0, text = 0, rest = 0, width] = numbersIn(bytes, 0, HEAD);
  const from = 4 * (HEAD + many);
  const numbers = numbersIn(bytes, 4 * HEAD, many);
  const words = bytes.toString(width === 1 ? 'latin1' : 'utf16le', from, from + text).split(BETWEEN);
  const { plan, problems } = JSON.parse(bytes.toString('utf8', from + text, from + text + rest)) as SaidPlan;
  return { plan: { ...plan, tasks: unpackTasks(tasks, words, unpackLists(lists, words, numbers)) }, problems };
}

const HEAD = 6;
const BETWEEN = '\0';

const bytesOf = (numbers: readonly number[]): Buffer => Buffer.from(Int32Array.from(numbers).buffer);

/** Copied only where they do not lie where numbers of 32 bits may. */
function numbersIn(bytes: Buffer, from: number, count: number): Int32Array {
  const at = bytes.byteOffset + from;
  return at % 4 === 0
    ? new Int32Array(bytes.buffer, at, count)
    : new Int32Array(bytes.buffer.slice(at, at + 4 * count));
}

type Always = Pick<Task, 'id' | 'title' | 'description' | 'wave' | 'priority' | 'status' | 'dependencies'> &
  Pick<Task, 'conflictsWith' | 'produces' | 'acceptanceCriteria' | 'verification' | 'contextFiles'>;

/** What a task may have, and whether it is a list; all of it, or this does not compile. */
const SOMETIMES: Readonly<Record<Exclude<keyof Task, keyof Always>, 'word' | 'words'>> = {
  agent: 'word',
  agents: 'words',
  contest: 'word',
  pick: 'word',
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
  onFailure: 'word',
  leave: 'word',
  environment: 'word',
  document: 'word',
  audience: 'word',
  coverage: 'words',
  depth: 'word',
  scenarios: 'words',
};
const NAMES = Object.keys(SOMETIMES) as (keyof typeof SOMETIMES)[];
const IS_LIST = NAMES.map((name) => SOMETIMES[name] === 'words');

/** What every task has, in this order, then how many others it has, and for each its place in NAMES and its value. */
function packTask(task: Task, to: Packer): number[] {
  const others = NAMES.flatMap((name, at) => {
    const value = task[name];
    if (value === undefined) return [];
    return [at, typeof value === 'object' ? to.list(value) : to.word(value)];
  });
  return [
    ...[task.id, task.title, task.description, task.priority, task.status, task.produces].map((word) => to.word(word)),
    task.wave,
    ...[task.dependencies, task.conflictsWith, task.acceptanceCriteria, task.verification].map((list) => to.list(list)),
    to.list(task.contextFiles.flatMap(({ path, description }) => [path, description])),
    others.length / 2,
    ...others,
  ];
}

/** One that is being made. */
type OpenTask = Task & Record<string, unknown>;

/** The lists that stand at the beginning of the numbers, and the numbers behind them. */
interface Unpacked {
  lists: readonly (readonly string[])[];
  numbers: Int32Array;
}

function unpackLists(count: number, words: readonly string[], numbers: Int32Array): Unpacked {
  const lists: (readonly string[])[] = [];
  let at = 0;
  while (lists.length < count) {
    const length = numbers[at]!;
    // One by one it would have room for 17 words.
    if (length === 1) lists.push([words[numbers[at + 1]!]!]);
    else lists.push(Array.from(numbers.subarray(at + 1, at + 1 + length), (word) => words[word]!));
    at += 1 + length;
  }
  return { lists, numbers: numbers.subarray(at) };
}

/** In the order of `packTask`. Without functions for its parts: a process that has just begun interprets each call. */
function unpackTasks(count: number, words: readonly string[], { lists, numbers }: Unpacked): Task[] {
  const tasks: OpenTask[] = [];
  for (let at = 0; tasks.length < count;) {
    const task: OpenTask = {
      id: words[numbers[at]!]!,
      title: words[numbers[at + 1]!]!,
      description: words[numbers[at + 2]!]!,
      priority: words[numbers[at + 3]!] as Task['priority'],
      status: words[numbers[at + 4]!]!,
      produces: words[numbers[at + 5]!] as Task['produces'],
      wave: numbers[at + 6]!,
      dependencies: lists[numbers[at + 7]!]!,
      conflictsWith: lists[numbers[at + 8]!]!,
      acceptanceCriteria: lists[numbers[at + 9]!]!,
      verification: lists[numbers[at + 10]!]!,
      contextFiles: pairs(lists[numbers[at + 11]!]!),
    };
    const end = at + 13 + 2 * numbers[at + 12]!;
    for (at += 13; at < end; at += 2) {
      const name: string = NAMES[numbers[at]!]!;
      task[name] = (IS_LIST[numbers[at]!] ? lists : words)[numbers[at + 1]!];
    }
    tasks.push(task);
  }
  return tasks;
}

const NONE: readonly never[] = [];
const pairs = (list: readonly string[]): Task['contextFiles'] =>
  list.length === 0
    ? NONE
    : list.flatMap((path, at) => (at % 2 === 0 ? [{ path, description: list[at + 1] ?? '' }] : []));

class Packer {
  /** How many words each has, and the numbers of these. */
  readonly lists: number[][] = [];
  readonly #words = new Map<string, number>();
  readonly #known = new Map<string, number>();

  /** Each text is said once; it is the number of it. */
  word(word: string): number {
    const at = this.#words.get(word) ?? this.#words.size;
    this.#words.set(word, at);
    return at;
  }

  /** So is each list. */
  list(words: readonly string[]): number {
    const said = JSON.stringify(words);
    const at = this.#known.get(said) ?? this.#known.size;
    if (at === this.#known.size) this.lists.push([words.length, ...words.map((word) => this.word(word))]);
    this.#known.set(said, at);
    return at;
  }

  text(): string | undefined {
    const words = [...this.#words.keys()];
    return words.some((word) => word.includes(BETWEEN)) ? undefined : words.join(BETWEEN);
  }
}
