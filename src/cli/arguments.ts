import { parseArgs } from 'node:util';
import { ok, refuse, type Result } from '../model/failure.ts';
import { meant } from '../model/text/nearest.ts';

/** Every option of every command. */
export const OPTIONS = {
  cwd: { type: 'string', short: 'C', value: 'dir', help: 'work as if started in <dir>' },
  help: { type: 'boolean', short: 'h', help: 'explain the command' },
  version: { type: 'boolean', help: 'print the version' },
  run: { type: 'string', value: 'id', help: 'the run that is meant (default: the newest unfinished one)' },
  yes: { type: 'boolean', short: 'y', help: 'approve the plan, or do it without asking' },
  auto: { type: 'boolean', help: 'ask nobody, and go from milestone to milestone' },
  baseline: { type: 'boolean', help: 'accept that gates which are red before the run stay as red as they are' },
  mode: {
    type: 'string',
    value: 'waves|continuous|adaptive',
    help: 'wait for each wave to end; start what can start; or waves, each fitted to what came of the one before',
  },
  agents: { type: 'string', value: 'n', help: 'agents at work at once (default: limits.agents)' },
  platform: {
    type: 'string',
    value: 'name',
    help: 'who does what names no agent: auto, claude, gpt, gemini, open-source, generic',
  },
  'batch-size': { type: 'string', value: 'n', help: 'tasks begin in batches of so many' },
  'correlation-mode': {
    type: 'string',
    value: 'enabled|disabled',
    help: 'each task has an id that its answer must bear',
  },
  scope: {
    type: 'string',
    value: 'warn|ask|block',
    help: 'what happens to a change outside the scope of its task (default: scope of orchestrate.yaml)',
  },
  json: { type: 'boolean', help: 'print JSON and nothing else on standard output' },
  processes: { type: 'boolean', help: 'what runs now: each agent and gate with its processes' },
  at: {
    type: 'string',
    value: 'moment',
    help: 'as it was then: the number of an event, 10:42:07, or a date with a time',
  },
  all: { type: 'boolean', help: 'the newest run of each plan, together' },
  output: { type: 'string', value: 'file', help: 'write it there instead of on standard output' },
  export: { type: 'string', value: 'file', help: 'write the tasks and their processes as process_registry.json' },
  wait: { type: 'boolean', help: 'stay until somebody answers instead of ending with 3' },
  'on-interrupt': { type: 'string', value: 'ask|stop|leave', help: 'what Ctrl+C does to agents at work' },
  force: { type: 'boolean', help: 'also where something would be lost that is nowhere else' },
  answers: { type: 'string', value: 'file', help: 'what is answered when the planner asks, as YAML: question: answer' },
  complexity: {
    type: 'string',
    value: 'simple|medium|complex',
    help: 'how much is found out before it is planned (default: told from the words)',
  },
  write: { type: 'boolean', help: 'write what was planned into the checkout without asking' },
  with: { type: 'string', value: 'name=value,…', help: 'values for what a blueprint leaves open' },
  fix: { type: 'boolean', help: 'mend what can only be meant one way, and write the file' },
  prune: { type: 'boolean', help: 'delete what need not be kept' },
  budget: { type: 'string', value: 'size', help: 'as if this were disk.budget of orchestrate.yaml: 500MB, 0MB' },
  checks: { type: 'boolean', help: 'read what the checks of it say' },
  mend: { type: 'boolean', help: 'have an agent put right what its checks say fails' },
  'dry-run': { type: 'boolean', help: 'say what would be done, and do nothing' },
  rollback: { type: 'boolean', help: 'take back what is merged, too' },
  revise: { type: 'boolean', help: 'have the planner make the plan anew with the comment, instead of ending the run' },
  fails: { type: 'string', value: 'task,…', help: 'what if the agents of these tasks fail, whenever they are tried' },
  comment: { type: 'string', short: 'm', value: 'text', help: 'a word to the agent, or the reason' },
} as const;

export type OptionName = keyof typeof OPTIONS;
/** What was given; an option that was not is absent. */
export type Options = {
  [N in OptionName]?: (typeof OPTIONS)[N]['type'] extends 'string' ? string : boolean;
};

/** What a command takes; `places` are the names of its positional arguments, `[x]` for one that may be left out, `[x …]` for any number. */
export interface Signature {
  places: readonly string[];
  options: readonly OptionName[];
}

export interface Arguments<N extends string> {
  command: N;
  positionals: readonly string[];
  options: Options;
}

const EVERYWHERE: readonly OptionName[] = ['cwd', 'help', 'version'];

/** A command line in its parts, before anything is held against a command. */
export interface Words {
  name: string;
  positionals: readonly string[];
  given: readonly Given[];
}

interface Given {
  name: string;
  rawName: string;
  value: string | undefined;
}

export function splitWords(words: readonly string[]): Words {
  const { tokens } = parseArgs({
    args: [...words],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const [name = 'help', ...positionals] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  return { name, positionals, given: tokens.filter((token) => token.kind === 'option') };
}

/** Reads a command line against the table of commands. Fails as refused, in words that say what would be right. */
export async function readArguments<N extends string>(
  { name, positionals, given }: Words,
  table: Readonly<Record<N, () => Promise<Signature>>>,
): Promise<Result<Arguments<N>>> {
  const command = Object.keys(table).find((known): known is N => known === name);
  if (command === undefined) return refuse(`there is no command "${name}".${meant(name, Object.keys(table))}`);
  const { options: own, places } = await table[command]();
  const allowed = [...EVERYWHERE, ...own];
  const wrong = given.map((token) => wrongOption(token, command, allowed)).find((text) => text !== undefined);
  if (wrong !== undefined) return refuse(wrong);
  const options: Options = Object.fromEntries(given.map((token) => [token.name, token.value ?? true]));
  const miscounted = options.help ? undefined : wrongCount(positionals, command, places);
  return miscounted === undefined ? ok({ command, positionals, options }) : refuse(miscounted);
}

function wrongOption(
  { name, rawName, value }: Given,
  command: string,
  allowed: readonly OptionName[],
): string | undefined {
  const known = allowed.find((one) => one === name);
  if (known === undefined) {
    const suggestion = meant(
      rawName,
      allowed.map((one) => `--${one}`),
    );
    const word = rawName.startsWith('--') ? '' : ' A word that begins with "-" goes after "--".';
    return `"${command}" has no option ${rawName}.${suggestion}${word}`;
  }
  const option = OPTIONS[known];
  if (option.type === 'boolean') return value === undefined ? undefined : `${rawName} takes no value.`;
  if (value === undefined || value === '') return `${rawName} needs a value: ${rawName} <${option.value}>.`;
  const choices = option.value.split('|');
  if (choices.length < 2 || choices.includes(value)) return undefined;
  return `${rawName} is ${choices.join(' or ')}, not "${value}".${meant(value, choices)}`;
}

function wrongCount(given: readonly string[], command: string, places: readonly string[]): string | undefined {
  const needed = places.filter((place) => !place.startsWith('['));
  const missing = needed[given.length];
  if (given.length < needed.length)
    return `"${command}" needs ${missing ?? 'more'}: orchestrate ${command} ${places.join(' ')}`;
  const [extra] = places.at(-1)?.includes('…') ? [] : given.slice(places.length);
  return extra === undefined ? undefined : `"${command}" does not know what to do with "${extra}".`;
}
