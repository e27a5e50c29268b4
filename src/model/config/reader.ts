import type * as z from 'zod';
import { checkConfig, type Locate } from './checks.ts';
import { configSchemaFor, type RawConfig, type RawGate, type RawSettings } from './schema.ts';
import { type AgentSettings, type Config, DEFAULT_CONFIG, PUSH_TARGET, type PushTarget } from './config.ts';
import { defined } from '../defined.ts';
import { asksPerson, type Gate, isProgram, isReview, type ProblemMatcher, type ProblemPattern } from '../gate.ts';
import { meant } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import type { YamlText } from '../text/yaml-document.ts';
import { inOrderOfText, problem, readYaml } from '../text/yaml-text.ts';

/**
 * Reads `orchestrate.yaml`; no file (null) and an empty one are the defaults. With an error among the problems there
 * is no configuration; unknown keys are warnings and count for nothing. Never throws.
 */
export function readConfig(text: string | null, file: string): { config?: Config; problems: Problem[] } {
  const { yaml, problems } = readYaml(text ?? '', file, 'error');
  if (!yaml) return { problems };
  if (yaml.value === null || yaml.value === '') return { config: DEFAULT_CONFIG, problems };
  const { raw, problems: found } = readShape(yaml, file);
  problems.push(...found);
  if (!raw) return { problems: inOrderOfText(problems) };
  const config = toConfig(raw);
  const locate: Locate = (path, message, severity) => problem(file, yaml.rangeAt(path), message, severity);
  const all = inOrderOfText([...problems, ...checkConfig(config, raw, locate)]);
  return all.some(({ severity }) => severity === 'error') ? { problems: all } : { config, problems: all };
}

/** Unknown keys are taken out and the rest is read again, until only real mistakes are left. */
function readShape(yaml: YamlText, file: string): { raw?: RawConfig; problems: Problem[] } {
  const problems: Problem[] = [];
  let value = yaml.value;
  for (;;) {
    // Read once, it is not worth the program that zod makes of a schema for what is read often.
    const parsed = configSchemaFor(value).safeParse(value, { jitless: true });
    if (parsed.success) return { raw: parsed.data, problems };
    const strangers = parsed.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
    if (strangers.length === 0)
      return { problems: [...problems, ...parsed.error.issues.flatMap((issue) => told(issue, yaml, file))] };
    for (const { path, keys } of strangers) {
      const at = path.filter((part) => typeof part !== 'symbol');
      problems.push(...keys.map((key) => stranger([...at, key], yaml, file)));
      value = without(value, at, keys);
    }
  }
}

type Place = readonly (string | number)[];

function stranger(path: Place, yaml: YamlText, file: string): Problem {
  const key = String(path.at(-1));
  const message = `"${key}" is not known here and counts for nothing.${meant(key, others(key))}`;
  return problem(file, yaml.keyRangeAt(path), message, 'warning');
}

/** The same word may be right elsewhere. */
const others = (key: string): string[] => KEYS.filter((known) => known !== key);

const KEYS =
  `gates agents limits mode on_failure on_conflict scope protected may_change push remote setup progress worktrees guard planning keep rounds complexity idle steps errors flood tools stuck memory cpu disk budget task usd tokens
  permissions read edit execute fetch other acp mode stall
  run on problems report timeout format file depth prompt
  default roles agent command model effort args env maxTurns models efforts markers batch correlation trivial quick standard complex retries conflicts attempt folder copy branch exempt name owner
  source fileLocation pattern regexp kind line column endLine endColumn location severity code message loop`.split(
    /\s+/,
  );

function without(value: unknown, path: Place, keys: readonly string[]): unknown {
  const [head, ...rest] = path;
  if (Array.isArray(value)) return value.map((part: unknown, i) => (i === head ? without(part, rest, keys) : part));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (head === undefined) return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
  return Object.fromEntries(entries.map(([key, part]) => [key, key === head ? without(part, rest, keys) : part]));
}

function told(issue: z.core.$ZodIssue, yaml: YamlText, file: string): Problem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const label = path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${part}`)).join('');
  return [problem(file, yaml.rangeAt(path), `${label ? `${label.slice(1)} ` : ''}${issue.message}.`)];
}

function toConfig(raw: RawConfig): Config {
  return {
    ...DEFAULT_CONFIG,
    gates: cheapestFirst(Object.entries(raw.gates ?? {}).map(([name, gate]) => toGate(name, gate))),
    agents: toAgents(raw.agents ?? {}),
    limits: toLimits(raw.limits ?? {}),
    ...defined({
      mode: raw.mode,
      onFailure: raw.on_failure,
      onConflict: raw.on_conflict,
      scope: raw.scope,
      correlation: raw.correlation,
      setup: raw.setup,
      progress: raw.progress,
      protected: raw.protected?.map(({ files, by }) => ({ files, by })),
    }),
    ...(raw.push ? { push: toPush(raw.push) } : {}),
    worktrees: { ...DEFAULT_CONFIG.worktrees, ...trimmed(raw.worktrees ?? {}) },
    permissions: policyOf(raw),
    disk: withoutOff({ ...DEFAULT_CONFIG.disk, ...defined(raw.disk ?? {}) }),
    guard: { ...DEFAULT_CONFIG.guard, ...defined(raw.guard ?? {}) },
    planning: toPlanning(raw.planning ?? {}),
  };
}

/** `0` says that there is no end to it. */
const withoutOff = ({ keep, budget }: Config['disk']): Config['disk'] =>
  defined({ keep: keep || undefined, budget: budget || undefined });

const toPush = ({ remote, branch }: NonNullable<RawConfig['push']>): PushTarget => ({
  remote: remote ?? PUSH_TARGET.remote,
  branches: branch ?? PUSH_TARGET.branches,
});

const toPlanning = ({ rounds, complexity }: NonNullable<RawConfig['planning']>): Config['planning'] => ({
  ...DEFAULT_CONFIG.planning,
  ...defined({ rounds, complexity: complexity === 'auto' ? undefined : complexity }),
});

function toLimits({ budget, memory, ...limits }: NonNullable<RawConfig['limits']>): Config['limits'] {
  const { memory: usual, ...usually } = DEFAULT_CONFIG.limits;
  const most = memory ?? usual;
  const { run, task } = budget ?? {};
  const caps = defined({ run: run && defined(run), task: task && defined(task) });
  const own = {
    ...usually,
    ...defined(limits),
    ...(most ? { memory: most } : {}),
    ...(budget ? { budget: caps } : {}),
  };
  return withoutZeros(own);
}

function toAgents({ default: agent, roles, ...settings }: NonNullable<RawConfig['agents']>): Config['agents'] {
  return {
    default: agent ?? DEFAULT_CONFIG.agents.default,
    roles: roles ?? {},
    settings: Object.fromEntries(Object.entries(settings).map(([name, one]) => [name, toSettings(one)])),
  };
}

/** `0` says that there is no such watch. */
function withoutZeros({
  idle,
  steps,
  errors,
  flood,
  tools,
  stuck,
  cpu,
  disk,
  ...limits
}: Config['limits']): Config['limits'] {
  const watch = Object.entries({ idle, steps, errors, flood, tools, stuck, cpu, disk }).filter(([, limit]) => limit);
  return { ...limits, ...Object.fromEntries(watch) };
}

const policyOf = ({ permissions = {} }: RawConfig): Config['permissions'] => ({
  ...DEFAULT_CONFIG.permissions,
  ...defined(permissions),
});

function trimmed(worktrees: NonNullable<RawConfig['worktrees']>): Partial<Config['worktrees']> {
  const folder = worktrees.folder?.replace(/^\.\//, '').replace(/\/+$/, '');
  return defined({ ...worktrees, folder });
}

/** What a program finds wrong needs no reviewer's time, and what a reviewer finds wrong no person's. */
const cheapestFirst = (gates: readonly Gate[]): Gate[] => [
  ...gates.filter(isProgram),
  ...gates.filter(isReview),
  ...gates.filter(asksPerson),
];

/** A gate without `on` runs on the candidate that completes a wave. */
function toGate(name: string, raw: RawGate): Gate {
  return {
    name,
    command: commandOf(raw),
    on: [...new Set(raw.on ?? ['wave' as const])],
    problems: (raw.problems ?? []).map((one) => (typeof one === 'string' ? one : toMatcher(one))),
    ...(raw.report ? { report: { format: raw.report.format, ...defined({ file: raw.report.file }) } } : {}),
    ...defined({ timeout: raw.timeout, onFailure: raw.on_failure }),
  };
}

function commandOf({ run = [], agent, ask, depth = 'standard', prompt, model, effort }: RawGate): Gate['command'] {
  if (ask !== undefined) return { ask };
  if (agent !== undefined) return { agent, depth, ...defined({ prompt, model, effort }) };
  return typeof run === 'string' ? { line: run } : { argv: run };
}

function toMatcher(raw: Exclude<NonNullable<RawGate['problems']>[number], string>): ProblemMatcher {
  const pattern = Array.isArray(raw.pattern) ? raw.pattern.map(toPattern) : toPattern(raw.pattern);
  const { name, owner, source, severity, fileLocation } = raw;
  return { ...defined({ name, owner, source, severity, fileLocation }), pattern };
}

type RawPattern = Extract<Exclude<NonNullable<RawGate['problems']>[number], string>['pattern'], { regexp: string }>;
const toPattern = ({ regexp, ...rest }: RawPattern): ProblemPattern => ({ regexp, ...defined(rest) });

function toSettings({ maxTurns, max_turns, permissions, ...rest }: RawSettings): AgentSettings {
  return defined({ ...rest, maxTurns: maxTurns ?? max_turns, permissions: permissions && defined(permissions) });
}
