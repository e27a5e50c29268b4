import { parseArgs } from 'node:util';
import { ok, refuse, type Result } from '../model/failure.ts';
import { meant } from '../model/text/nearest.ts';
import { platformOf, PLATFORMS } from '../model/crew/platform.ts';

/** The flags as the LLM-native execution orchestrator documents them, and a few of `orchestrate run`. */
export const FLAGS = {
  plan: { type: 'string', help: 'the plan: parallel-plan.json, or any file that orchestrate import reads' },
  mode: { type: 'string', choices: ['waves', 'continuous', 'adaptive'], help: 'waves, continuous or adaptive' },
  platform: {
    type: 'string',
    choices: PLATFORMS,
    help: 'who does the tasks, and in which pattern: auto, claude, gpt, gemini, open-source, generic',
  },
  'risk-tolerance': {
    type: 'string',
    choices: ['low', 'medium', 'high'],
    help: 'of changes outside the scope of their task: low blocks them, medium asks, high warns',
  },
  'quality-gates': {
    type: 'string',
    choices: ['strict', 'standard'],
    help: 'strict: every gate must be in orchestrate.yaml; standard: those that are run',
  },
  'batch-size': { type: 'string', help: 'tasks begin in batches of so many, the next when the one before is through' },
  'correlation-mode': {
    type: 'string',
    choices: ['enabled', 'disabled'],
    help: 'enabled: each task has an id that its answer must bear',
  },
  yes: { type: 'boolean', help: 'approve the plan' },
  json: { type: 'boolean', help: 'print JSON and nothing else on standard output' },
  cwd: { type: 'string', help: 'work as if started there' },
  help: { type: 'boolean', help: 'this text' },
} as const satisfies Record<string, { type: 'string' | 'boolean'; choices?: readonly string[]; help: string }>;

export type Flags = { [N in keyof typeof FLAGS]?: (typeof FLAGS)[N]['type'] extends 'string' ? string : boolean };

/** Reads the flags; refused in words where one is unknown, lacks its value or has another than it takes. */
export function readFlags(words: readonly string[]): Result<Flags> {
  const { tokens } = parseArgs({
    args: [...words],
    options: FLAGS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'positional')
      return refuse(`"${token.value}" is not expected. The plan is --plan ${token.value}.`);
    if (token.kind !== 'option') continue;
    const value = token.name === 'platform' ? (platformOf(token.value ?? '') ?? token.value) : token.value;
    const wrong = wrongFlag({ ...token, value });
    if (wrong !== undefined) return refuse(wrong);
    flags[token.name] = value ?? true;
  }
  return ok(flags);
}

function wrongFlag({
  name,
  rawName,
  value,
}: {
  name: string;
  rawName: string;
  value: string | undefined;
}): string | undefined {
  const flag = Object.entries(FLAGS).find(([known]) => known === name)?.[1];
  if (!flag) return `there is no flag ${rawName}.${meant(name, Object.keys(FLAGS))}`;
  if (flag.type === 'string' && !value) return `${rawName} needs a value.`;
  const choices: readonly string[] = 'choices' in flag ? flag.choices : [];
  if (value === undefined || choices.length === 0 || choices.includes(value)) return undefined;
  return `${rawName} is ${choices.join(', ')}, not "${value}".${meant(value, choices)}`;
}

const SCOPES: Readonly<Record<string, 'block' | 'ask' | 'warn'>> = { low: 'block', medium: 'ask', high: 'warn' };

/** What the tolerated risk makes of changes outside a task's scope; undefined: as orchestrate.yaml says. */
export const scopeFor = ({ 'risk-tolerance': risk }: Flags): 'block' | 'ask' | 'warn' | undefined =>
  risk === undefined ? undefined : SCOPES[risk];
