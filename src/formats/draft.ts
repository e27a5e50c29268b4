import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, stringify } from 'yaml';
import { readPlan } from '../model/plan/reader.ts';
import type { Plan } from '../model/plan/plan.ts';
import { at, type Path, type Problem, type Range } from '../model/text/problem.ts';
import type { YamlText } from '../model/text/yaml-document.ts';
import type { Place } from './imported.ts';
import { isMapping } from '../model/text/values.ts';

/** A plan on its way into our form: its data in the order in which it is written, and where each part came from. */
export interface Draft {
  data: Record<string, unknown>;
  /** `tasks/0/title` → place. */
  places: Map<string, Place>;
}

export interface Finished {
  plan?: Plan;
  /** What is written to `docs/plan/<id>/plan.yaml`. */
  native: string;
  origin(path: Path): Place | undefined;
  problems: Problem[];
}

export const placeKey = (path: Path): string => path.join('/');

export const placeIn = (file: string, { line, column }: Range): Place => ({ file, line, column });

/** Writes the draft in our own form and reads it as a plan; problems are told where their cause stands. */
export function finishDraft(draft: Draft, comment: string): Finished {
  const native = `# ${comment.replaceAll(/\s+/g, ' ')}\n${yamlOf(draft.data)}`;
  const origin = (path: Path): Place | undefined => nearest(draft.places, path);
  const id = typeof draft.data['plan_id'] === 'string' ? draft.data['plan_id'] : 'plan';
  const read = readPlan(native, `${id}/plan.yaml`);
  const paths = read.problems.length === 0 ? [] : pathsOfLines(native);
  const problems = read.problems.map((one) => atOrigin(one, origin(paths[one.range.line] ?? [])));
  return { ...(read.plan ? { plan: read.plan } : {}), native, origin, problems };
}

/** Scalars are written as they were read: `true` and `0.9` stand without quotes, as in the file they come from. */
const yamlOf = (data: unknown): string =>
  stringify(plainData(data), { schema: 'failsafe', lineWidth: 0, aliasDuplicateObjects: false });

function plainData(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(plainData);
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([key, part]) => [key, plainData(part)]));
}

const atOrigin = (one: Problem, place: Place | undefined): Problem =>
  place ? { ...one, file: place.file, range: at(place.line, place.column) } : one;

function nearest(places: ReadonlyMap<string, Place>, path: Path): Place | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const place = places.get(placeKey(path.slice(0, length)));
    if (place) return place;
  }
  return undefined;
}

/** Line (from 1) → path of what starts there. */
function pathsOfLines(text: string): Path[] {
  const lines = new LineCounter();
  const result: Path[] = [];
  const walk = (node: unknown, path: Path): void => {
    if (isNode(node)) result[lines.linePos(node.range?.[0] ?? 0).line] = path;
    if (isMap(node))
      for (const { key, value } of node.items) walk(value, [...path, isScalar(key) ? String(key.value) : '']);
    if (isSeq(node)) for (const [i, item] of node.items.entries()) walk(item, [...path, i]);
  };
  walk(parseDocument(text, { schema: 'failsafe', prettyErrors: false, lineCounter: lines }).contents, []);
  return result;
}

/** Notes the places of a mapping and of its fields: of each field the value, by the names they get in the draft. */
export function notePlaces(
  draft: Draft,
  to: Path,
  { yaml, file, path, keys }: { yaml: YamlText; file: string; path: Path; keys: Iterable<readonly [string, string]> },
): void {
  draft.places.set(placeKey(to), placeIn(file, yaml.rangeAt(path)));
  for (const [source, target] of keys)
    draft.places.set(placeKey([...to, target]), placeIn(file, yaml.rangeAt([...path, source])));
}

/** Fields of ours with the keys that are not read; one of those that bears a name of ours is put aside under `kept`. */
export function withRest(
  own: Record<string, unknown>,
  rest: readonly (readonly [string, unknown])[],
): Record<string, unknown> {
  const clashes = rest.filter(([key]) => key in own || key === 'kept');
  const others = rest.filter(([key]) => !(key in own) && key !== 'kept');
  return {
    ...own,
    ...Object.fromEntries(others),
    ...(clashes.length > 0 ? { kept: Object.fromEntries(clashes) } : {}),
  };
}
