import type { YamlText } from '../../model/text/yaml-document.ts';
import { problem } from '../../model/text/yaml-text.ts';
import type { Path, Problem } from '../../model/text/problem.ts';
import { meant } from '../../model/text/nearest.ts';
import { placeIn } from '../draft.ts';
import { flat } from '../gem/documents.ts';
import { type Imported, type Kept, nothingSaid, type SourceFile } from '../imported.ts';
import type { ImportedConfig, ImportedGate } from '../imported-config.ts';
import { readRepaired } from '../text/repair-yaml.ts';
import { isMapping } from '../../model/text/values.ts';

/** Every key of `.orchestra/config.yml` 4.0.0 with its default (FORMATS.md 3.2). */
const DEFAULTS: Readonly<Record<string, string>> = {
  'pipeline.models.trivial': 'haiku',
  'pipeline.models.quick': 'sonnet',
  'pipeline.models.standard': 'sonnet',
  'pipeline.models.complex': 'opus',
  'pipeline.rfc_approval': 'skip',
  'pipeline.review': 'required',
  'pipeline.parallel': 'disabled',
  'pipeline.default_pipeline': 'full',
  'pipeline.default_complexity': 'standard',
  'thresholds.stuck_retry_limit': '3',
  'verification.typecheck': 'npx tsc --noEmit',
  'verification.test': 'npm test',
  'verification.lint': 'npm run lint',
};

/** Keys of 2.x, 3.x and 4.0.0-beta, and what 4.0.0 does instead. */
const REMOVED: Readonly<Record<string, string>> = {
  'pipeline.milestone_isolation': 'a milestone always has an agent of its own',
  'pipeline.max_rfc_rounds': 'three rounds',
  'pipeline.max_milestone_review_rounds': 'three rounds',
  'thresholds.milestone_lock_timeout': 'a lock is stale after 60 minutes',
  'thresholds.re_review_lines': 'a fix of 50 lines or more is reviewed again',
  'thresholds.phase_time_limit': 'no limit',
  'thresholds.phase_tool_limit': 'no limit',
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'pipeline.rfc_approval': ['required', 'optional', 'skip'],
  'pipeline.review': ['required', 'optional', 'skip'],
  'pipeline.parallel': ['enabled', 'disabled'],
  'pipeline.default_pipeline': ['quick', 'standard', 'full'],
  'pipeline.default_complexity': ['trivial', 'quick', 'standard', 'complex'],
};

/** Reads `.orchestra/config.yml` of all three generations; what is missing has the default of 4.0.0. */
export function readOrchestraConfig({ path: file, text }: SourceFile): Imported {
  const base = { format: 'orchestra-config' as const, files: [file], ...nothingSaid };
  const { yaml, repairs, problems } = readRepaired(text, file);
  if (!yaml) return { ...base, problems };
  const given = isMapping(yaml.value) ? flat(yaml.value) : {};
  const said = checked(given, yaml, file);
  const wrong = new Set(said.filter(({ code }) => code === 'choice').map(({ message }) => message.split('"')[1]));
  const sound = Object.fromEntries(Object.entries(given).filter(([key]) => !wrong.has(key)));
  return {
    ...base,
    config: withReview(orchestraSettings(sound)),
    origin: (path: Path) => placeIn(file, yaml.rangeAt(path)),
    repairs,
    kept: keptIn(given, yaml, file),
    problems: said,
  };
}

/** In our words; with no settings the defaults. */
export function orchestraSettings(given: Readonly<Record<string, string>> = {}): ImportedConfig {
  const settings = { ...DEFAULTS, ...given };
  const gates = ['typecheck', 'test', 'lint'].flatMap((name) => {
    const command = settings[`verification.${name}`] ?? '';
    return command === '' ? [] : [{ name, command, on: ['task' as const] }];
  });
  const models = Object.entries(settings).flatMap(([key, value]) =>
    key.startsWith('pipeline.models.') ? [[key.slice(16), value]] : [],
  );
  const retries = Number(settings['thresholds.stuck_retry_limit']);
  return {
    gates,
    models: Object.fromEntries(models),
    ...OWNERSHIP,
    ...(Number.isInteger(retries) && retries >= 0 ? { limits: { retries } } : {}),
    settings,
  };
}

/**
 * Orchestra's own boundaries, by path: a phase's agent changes the files of its Scope alone, and its system files belong to
 * nobody who works on a milestone. The milestone itself says what is judged by, and is kept by every run.
 */
const OWNERSHIP: Pick<ImportedConfig, 'scope' | 'protected'> = {
  scope: 'block',
  protected: [
    '.orchestra/{README.md,config.yml}',
    '.orchestra/{roles,blueprints}/**',
    '.claude/{agents,rules,skills,commands}/**',
  ],
};

/**
 * The settings with the review that a pipeline has: all but the quick one end with a look at the whole. What it finds goes
 * back to the last phase, as often as a task is tried again.
 */
export function withReview(
  config: ImportedConfig,
  pipeline = config.settings['pipeline.default_pipeline'],
): ImportedConfig {
  const isReviewed = pipeline !== 'quick' && config.settings['pipeline.review'] === 'required';
  const programs = config.gates.filter(({ agent }) => agent === undefined);
  return { ...config, gates: isReviewed ? [...programs, REVIEW] : programs };
}

const REVIEW: ImportedGate = { name: 'review', agent: 'claude', on: ['final'] };

const pathOf = (key: string): Path => key.split('.');

function checked(given: Readonly<Record<string, string>>, yaml: YamlText, file: string): Problem[] {
  return Object.entries(given).flatMap(([key, value]): Problem[] => {
    const removed = REMOVED[key];
    const choices = CHOICES[key];
    const at = yaml.keyRangeAt(pathOf(key));
    if (removed !== undefined)
      return [problem(file, at, `"${key}" is of an older version and counts for nothing: ${removed}.`, 'warning')];
    if (key.startsWith('verification.') && value === '')
      return [problem(file, at, `"${key}" is empty: this check is left out.`, 'info')];
    if (!(key in DEFAULTS)) {
      if (/^(?:verification|pipeline\.models)\./.test(key)) return [];
      return [
        problem(
          file,
          at,
          `"${key}" is not known here and counts for nothing.${meant(key, Object.keys(DEFAULTS))}`,
          'warning',
        ),
      ];
    }
    if (choices === undefined || choices.includes(value)) return [];
    const message = `"${key}" is ${choices.join(' or ')}, not "${value}"; ${DEFAULTS[key] ?? ''} counts.`;
    return [{ ...problem(file, yaml.rangeAt(pathOf(key)), message, 'warning'), code: 'choice' }];
  });
}

function keptIn(given: Readonly<Record<string, string>>, yaml: YamlText, file: string): Kept[] {
  return Object.keys(given)
    .filter((key) => !(key in DEFAULTS) && !(key in REMOVED))
    .map((key) => ({ key, place: placeIn(file, yaml.keyRangeAt(pathOf(key))) }));
}
