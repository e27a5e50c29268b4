import { MODES } from '../../model/config/config.ts';
import { platformOf, PLATFORMS } from '../../model/crew/platform.ts';
import type { Path, Problem } from '../../model/text/problem.ts';
import type { YamlText } from '../../model/text/yaml-document.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { type Draft, finishDraft, notePlaces, placeIn, withRest } from '../draft.ts';
import { type Imported, type ImportOptions, type Kept, nothingSaid, type SourceFile } from '../imported.ts';
import type { ImportedConfig } from '../imported-config.ts';
import { llmGates, waveNumber } from './gates.ts';
import { readTolerantJson } from '../text/tolerant-json.ts';
import { isMapping, isNothing, listOf, textOf, textsOf } from '../../model/text/values.ts';

/**
 * Reads the parallel-plan.json of the LLM-native execution orchestrator (FORMATS.md 4.1), alone or with a second file
 * of quality gates; both may stand in fences of a Markdown text. A wave becomes the wave of its agents, an agent a task.
 */
export function readLlmPlan(files: readonly SourceFile[], options: ImportOptions): Imported {
  const source = files.find(({ text }) => text.includes('"waves"') || text.includes('orchestrationId'));
  const base = { format: 'llm-plan' as const, files: files.map(({ path }) => path), ...nothingSaid };
  if (!source) return gatesAlone(files, base);
  const file = source.path;
  const { json, repairs, problems } = readTolerantJson(source.text, file, '"waves"');
  if (!json) return { ...base, repairs, problems };
  if (!isMapping(json.value) || !Array.isArray(json.value['waves'])) {
    return {
      ...base,
      repairs,
      problems: [
        problem(
          file,
          json.rangeAt([]),
          'The plan has no list "waves". Add "waves": [{"waveId": "wave-1", "agents": […]}].',
        ),
      ],
    };
  }
  const reading: Reading = { file, json, top: json.value, options, said: [] };
  const gates = llmGates(files);
  const draft = toDraft(reading);
  const finished = finishDraft(draft, `From ${file} of the LLM-native execution orchestrator.`);
  return {
    ...base,
    ...finished,
    config: configOf(reading, gates.gates),
    // The plan's own text is read for its gates once more.
    repairs: [...repairs, ...gates.repairs.filter((one) => one.file !== file)],
    kept: keptOf(reading),
    problems: [...reading.said, ...gates.problems, ...finished.problems],
  };
}

function gatesAlone(files: readonly SourceFile[], base: Omit<Imported, 'problems'>): Imported {
  const { gates, repairs, problems } = llmGates(files);
  return { ...base, config: { gates, settings: {} }, repairs, problems };
}

interface Reading {
  file: string;
  json: YamlText;
  top: Record<string, unknown>;
  options: ImportOptions;
  said: Problem[];
}

const TOP_KEYS = new Set([
  'orchestrationId',
  'platform',
  'executionMode',
  'waves',
  'coordinationRules',
  'qualityGates',
]);
const AGENT_KEYS = new Set([
  'agentId',
  'workDescription',
  'scope',
  'estimatedDuration',
  'dependencies',
  'qualityGates',
]);

function toDraft(reading: Reading): Draft {
  const { top, json, file } = reading;
  const draft: Draft = { data: {}, places: new Map() };
  const rest = Object.entries(top).filter(([key]) => !TOP_KEYS.has(key));
  const fields = {
    plan_id: textOf(top['orchestrationId']) ?? 'parallel-plan',
    objective:
      textOf(top['objective']) ?? textOf(top['description']) ?? textOf(top['orchestrationId']) ?? 'parallel plan',
    orchestration: Object.fromEntries(RULE_KEYS.flatMap((key) => (key in top ? [[key, top[key]]] : []))),
    ...wavesKept(top['waves']),
    origin: { format: 'llm-plan', file },
    tasks: [],
  };
  draft.data = withRest(
    fields,
    rest.filter(([key]) => key !== 'objective' || isNothing(top['objective'])),
  );
  notePlaces(draft, [], {
    yaml: json,
    file,
    path: [],
    keys: [
      ['orchestrationId', 'plan_id'],
      ['waves', 'tasks'],
    ],
  });
  const tasks: unknown[] = [];
  for (const [w, wave] of listOf(top['waves']).entries()) {
    const own: string[] = [];
    const isSequential = isMapping(wave) && wave['parallel'] === 'false';
    for (const [a, agent] of (isMapping(wave) ? listOf(wave['agents']) : []).entries()) {
      const path: Path = ['waves', w, 'agents', a];
      const after = isSequential ? own.slice(-1) : [];
      const task = toTask(reading, { agent, path, wave: numberOf(wave, w), after });
      notePlaces(draft, ['tasks', tasks.length], { yaml: json, file, path, keys: PLACES });
      tasks.push(task);
      if (isMapping(task)) own.push(String(task['id']));
    }
  }
  draft.data['tasks'] = tasks;
  if (tasks.length === 0) reading.said.push(problem(file, json.rangeAt(['waves']), 'No wave has an agent.'));
  return draft;
}

const RULE_KEYS = ['platform', 'executionMode', 'coordinationRules', 'qualityGates'] as const;

/** What a wave says beside its name and its agents stays, under a name that is not read. */
function wavesKept(waves: unknown): Record<string, unknown> {
  const rest = listOf(waves).map((wave) =>
    isMapping(wave) ? Object.fromEntries(Object.entries(wave).filter(([key]) => key !== 'agents')) : {},
  );
  const isPlain = rest.every((wave) => Object.keys(wave).every((key) => key === 'waveId' || key === 'parallel'));
  return isPlain ? {} : { waves_kept: rest };
}

const PLACES = [
  ['agentId', 'id'],
  ['workDescription', 'title'],
  ['workDescription', 'description'],
  ['scope', 'scope'],
  ['dependencies', 'dependencies'],
  ['qualityGates', 'gates'],
] as const;

/** The number of its name, else its place in the list. */
const numberOf = (wave: unknown, i: number): number =>
  waveNumber(isMapping(wave) ? (textOf(wave['waveId']) ?? '') : '') ?? i + 1;

function toTask(
  reading: Reading,
  { agent, path, wave, after }: { agent: unknown; path: Path; wave: number; after: readonly string[] },
): unknown {
  if (!isMapping(agent)) return agent;
  const work = textOf(agent['workDescription']) ?? '';
  const [title = ''] = work.split('\n');
  const rest = Object.entries(agent).filter(([key]) => !AGENT_KEYS.has(key));
  const own = {
    id: textOf(agent['agentId']) ?? '',
    title: title.length > 120 ? `${title.slice(0, 119)}…` : title,
    ...(work === '' ? {} : { description: work }),
    wave,
    status: 'pending',
    dependencies: [...new Set([...textsOf(agent['dependencies']), ...after])],
    ...scopeOf(reading, agent, path),
    ...(isNothing(agent['estimatedDuration']) ? {} : { estimated_duration: agent['estimatedDuration'] }),
    ...gatesOf(reading, agent, path),
  };
  return withRest(own, rest);
}

/** A scope with a slash, a dot or a wildcard names files; a bare word such as `auth-service` may name anything. */
function scopeOf({ said, json, file }: Reading, agent: Record<string, unknown>, path: Path): Record<string, unknown> {
  const scope = textsOf(agent['scope']);
  if (scope.length === 0) return {};
  if (scope.every((one) => /[/.*]/.test(one) && !/\s/.test(one)))
    return { scope: scope.map((one) => one.replace(/^\.\//, '')) };
  const message = `The scope "${scope.join(', ')}" does not say which files are meant. It is kept; write "scope: [folder/]" to keep tasks apart.`;
  said.push(problem(file, json.rangeAt([...path, 'scope']), message, 'warning'));
  return { work_scope: scope };
}

/** Gates that orchestrate.yaml has are run; of others only the names are kept. */
function gatesOf(
  { said, json, file, options }: Reading,
  agent: Record<string, unknown>,
  path: Path,
): Record<string, unknown> {
  const names = textsOf(agent['qualityGates']);
  const known = names.filter((name) => options.gates?.includes(name));
  const unknown = names.filter((name) => !options.gates?.includes(name));
  if (unknown.length > 0) {
    const message = `orchestrate.yaml has no gate ${unknown.map((name) => `"${name}"`).join(', ')}: the name is kept, nothing is run. Add it under "gates:" with its command.`;
    said.push({ ...problem(file, json.rangeAt([...path, 'qualityGates']), message, 'warning'), code: 'unknown-gate' });
  }
  return { ...(known.length > 0 ? { gates: known } : {}), ...(unknown.length > 0 ? { quality_gates: unknown } : {}) };
}

const CHOICES = {
  platform: PLATFORMS,
  executionMode: MODES,
} as const;

function configOf(reading: Reading, gates: ImportedConfig['gates']): ImportedConfig {
  const { top } = reading;
  const platform = choice(reading, 'platform');
  const mode = choice(reading, 'executionMode');
  const rules = isMapping(top['coordinationRules']) ? top['coordinationRules'] : {};
  const settings = Object.fromEntries(
    Object.entries(rules).map(([key, value]) => [`coordinationRules.${key}`, textsOf(value).join(', ')]),
  );
  const strategy = textOf(rules['failureStrategy']);
  return {
    gates,
    mode: MODES.find((known) => known === mode) ?? 'waves',
    ...(strategy === undefined ? {} : { onFailure: onFailureOf(strategy) }),
    ...(textOf(rules['conflictHandling'])?.startsWith('pause') ? { onConflict: 'ask' as const } : {}),
    settings: { platform, executionMode: mode, ...settings },
  };
}

/** The document's own example has the list of all choices as a value: that says nothing, so the first one counts. */
function choice({ top, json, file, said }: Reading, key: keyof typeof CHOICES): string {
  const value = textOf(top[key]);
  const [first] = CHOICES[key];
  if (value === undefined) return first;
  const say = (message: string): number => said.push(problem(file, json.rangeAt([key]), message, 'warning'));
  if (value.includes('|')) say(`"${value}" is the list of all choices; taken for ${first}. Keep one of them.`);
  else if (key === 'platform' && platformOf(value)) return platformOf(value) ?? first;
  else if (CHOICES[key].some((one) => one === value)) return value;
  else say(`"${value}" is not known; taken for ${first}. Known: ${CHOICES[key].join(', ')}.`);
  return first;
}

function keptOf({ top, json, file }: Reading): Kept[] {
  const kept = new Map<string, Kept>();
  const keep = (name: string, path: Path): void => {
    if (!kept.has(name)) kept.set(name, { key: name, place: placeIn(file, json.keyRangeAt(path)) });
  };
  for (const key of Object.keys(top)) if (!TOP_KEYS.has(key)) keep(key, [key]);
  const agents = listOf(top['waves']).flatMap((wave, w) =>
    (isMapping(wave) ? listOf(wave['agents']) : []).map((agent, a) => ({ agent, path: ['waves', w, 'agents', a] })),
  );
  for (const { agent, path } of agents) {
    const others = isMapping(agent) ? Object.keys(agent).filter((key) => !AGENT_KEYS.has(key)) : [];
    for (const key of others) keep(`agents[].${key}`, [...path, key]);
  }
  return [...kept.values()];
}

function onFailureOf(strategy: string): 'continue' | 'pause' | 'stop' {
  if (/^(?:stop|abort|halt|fail-fast)/.test(strategy)) return 'stop';
  return strategy.startsWith('pause') ? 'pause' : 'continue';
}
