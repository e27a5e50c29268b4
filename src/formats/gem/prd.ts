import type { FeatureStatus, Prd, Requirement } from '../../model/plan/prd.ts';
import type { Path } from '../../model/text/problem.ts';
import type { YamlText } from '../../model/text/yaml-document.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { placeIn } from '../draft.ts';
import { type Imported, nothingSaid, type SourceFile } from '../imported.ts';
import { readRepaired } from '../text/repair-yaml.ts';
import { isMapping, listOf, mappingAt, sentenceOf, textOf, textsOf } from '../../model/text/values.ts';

const TOP_KEYS = new Set(
  `prd_id version user_stories scope acceptance_criteria needs_clarification features state_machines errors decisions
   changes`.split(/\s+/),
);

/** Reads docs/PRD.yaml of gem-team with the variants seen (FORMATS.md 1.5). */
export function readGemPrd({ path: file, text }: SourceFile): Imported {
  const base = { format: 'gem-prd' as const, files: [file], ...nothingSaid };
  const { yaml, repairs, problems } = readRepaired(text, file);
  if (!yaml) return { ...base, problems };
  if (!isMapping(yaml.value))
    return {
      ...base,
      problems: [problem(file, yaml.rangeAt([]), 'A PRD is a mapping with prd_id, version and features.')],
    };
  const top = yaml.value;
  const kept = Object.keys(top)
    .filter((key) => !TOP_KEYS.has(key))
    .map((key) => ({ key, place: placeIn(file, yaml.keyRangeAt([key])) }));
  return {
    ...base,
    prd: toPrd(top),
    origin: (path: Path) => placeIn(file, yaml.rangeAt(path)),
    repairs,
    kept,
    problems: statusProblems(top, yaml, file),
  };
}

function toPrd(top: Record<string, unknown>): Prd {
  const scope = mappingAt(top, 'scope');
  return {
    id: textOf(top['prd_id']) ?? textOf(top['id']) ?? '',
    version: textOf(top['version']) ?? '',
    userStories: each(top['user_stories'], story),
    scope: { inScope: textsOf(scope['in_scope']), outOfScope: textsOf(scope['out_of_scope']) },
    requirements: listOf(top['requirements']).flatMap(requirement),
    acceptanceCriteria: each(top['acceptance_criteria'], (one) => ({
      criterion: word(one, 'criterion', 'description'),
      verification: word(one, 'verification'),
    })),
    needsClarification: each(top['needs_clarification'], (one) => ({
      question: word(one, 'question'),
      context: word(one, 'context'),
      impact: word(one, 'impact'),
    })),
    features: each(top['features'], (one) => ({
      name: word(one, 'name', 'title'),
      overview: word(one, 'overview', 'description'),
      status: featureStatus(word(one, 'status')) ?? 'planned',
    })),
    stateMachines: each(top['state_machines'], stateMachine),
    errors: each(top['errors'], (one) => ({ code: word(one, 'code'), message: word(one, 'message') })),
    decisions: each(top['decisions'], (one) => ({
      decision: word(one, 'decision', 'title'),
      rationale: word(one, 'rationale', 'context'),
    })),
    changes: each(top['changes'], (one) => ({
      version: word(one, 'version'),
      change: word(one, 'change', 'description'),
    })),
  };
}

/** An entry that is a plain text is its first field. */
const each = <T>(value: unknown, read: (entry: unknown) => T): T[] => listOf(value).map(read);

/** The first of these fields that says something; of a plain text the text itself, once. */
function word(entry: unknown, name: string, ...others: readonly string[]): string {
  if (typeof entry === 'string') return FIRST.has(name) ? entry : '';
  if (!isMapping(entry)) return '';
  const found = [name, ...others].map((key) => entry[key]).find((value) => value !== undefined);
  return found === undefined ? '' : sentenceOf(found).trim();
}
const FIRST = new Set(['criterion', 'question', 'name', 'code', 'decision', 'change']);

function story(entry: unknown): Prd['userStories'][number] {
  const whole = isMapping(entry) ? textOf(entry['story']) : textOf(entry);
  const parts = /^as (?:an? )?(.+?),? i want(?: to)? (.+?)(?:,? so that (.+?))?\.?$/is.exec(whole ?? '');
  if (whole !== undefined)
    return { asA: parts?.[1] ?? word(entry, 'persona'), iWant: parts?.[2] ?? whole, soThat: parts?.[3] ?? '' };
  return { asA: word(entry, 'as_a', 'persona'), iWant: word(entry, 'i_want'), soThat: word(entry, 'so_that') };
}

function requirement(entry: unknown): Requirement[] {
  if (!isMapping(entry)) return [];
  const id = textOf(entry['requirement_id']) ?? textOf(entry['id']);
  return id === undefined ? [] : [{ id, text: word(entry, 'title', 'name', 'description') }];
}

const stateMachine = (entry: unknown): Prd['stateMachines'][number] => ({
  name: word(entry, 'name'),
  states: isMapping(entry) ? textsOf(entry['states']) : [],
  transitions: each(isMapping(entry) ? entry['transitions'] : [], (one) => ({
    from: word(one, 'from'),
    to: word(one, 'to'),
    trigger: word(one, 'trigger'),
  })),
});

const STATUSES: Readonly<Record<string, FeatureStatus>> = {
  planned: 'planned',
  in_progress: 'in_progress',
  complete: 'complete',
  completed: 'complete',
  done: 'complete',
};
const featureStatus = (status: string): FeatureStatus | undefined => STATUSES[status.toLowerCase()];

function statusProblems(top: Record<string, unknown>, yaml: YamlText, file: string): Imported['problems'] {
  return listOf(top['features']).flatMap((feature, i) => {
    const said = word(feature, 'status');
    if (said === '' || featureStatus(said)) return [];
    const message = `The status "${said}" is not known and taken for planned. Known: planned, in_progress, complete.`;
    return [problem(file, yaml.rangeAt(['features', i, 'status']), message, 'warning')];
  });
}
