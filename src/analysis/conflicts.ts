import { overlaps } from '../model/schedule/scope.ts';
import { changedTogether, HALF, type History, OFTEN } from './history.ts';
import type { ImportGraph } from './import-graph.ts';

/** What is known of where one task will work. */
export interface Footprint {
  id: string;
  /** Globs; undefined = nobody said, so it may be anywhere. */
  scope: readonly string[] | undefined;
  /** The files of today that lie in it. */
  files: readonly string[];
  /** Somebody listed them as what it changes; else they are only mentioned. */
  listed: boolean;
  /** Whom the plan itself keeps apart from it. */
  conflictsWith: readonly string[];
}

export type Reason =
  | { kind: 'declared' }
  | { kind: 'unknownTargets'; tasks: readonly string[] }
  | { kind: 'sameFile'; files: readonly string[] }
  | { kind: 'scopeOverlap' }
  | { kind: 'imports'; from: string; to: string; more: number }
  | { kind: 'changesTogether'; files: readonly [string, string]; times: number; share: number };

/**
 * The four types of conflict that the LLM-native orchestrator tells apart: in the same lines, in what code stands on, in
 * how parts belong together though no code says so, and in what a person knows.
 */
export type ConflictType = 'syntactic' | 'semantic' | 'architectural' | 'business';

export interface Conflict {
  tasks: readonly [string, string];
  /** `certain` and `likely`: one after the other. `possible`: allowed at once, the merge decides. */
  weight: 'certain' | 'likely' | 'possible';
  /** What the reasons come to; none where nothing is known but that targets are unknown. */
  types: readonly ConflictType[];
  reasons: readonly Reason[];
}

const TYPES: Record<Reason['kind'], ConflictType | undefined> = {
  declared: 'business',
  unknownTargets: undefined,
  sameFile: 'syntactic',
  scopeOverlap: 'syntactic',
  imports: 'semantic',
  changesTogether: 'architectural',
};

export interface Known {
  graph: ImportGraph;
  history: History;
}

/** Every pair that may get in each other's way, with all reasons; the earlier task first. */
export function conflictMatrix(footprints: readonly Footprint[], known: Known): Conflict[] {
  return footprints.flatMap((a, at) =>
    footprints.slice(at + 1).flatMap((b) => {
      const reasons = reasonsFor(a, b, known);
      return reasons.length === 0
        ? []
        : [
            {
              tasks: [a.id, b.id] as const,
              weight: weightOf(reasons, a.listed && b.listed),
              types: [...new Set(reasons.flatMap(({ kind }) => TYPES[kind] ?? []))],
              reasons,
            },
          ];
    }),
  );
}

function weightOf(reasons: readonly Reason[], listed: boolean): Conflict['weight'] {
  if (reasons.some(({ kind }) => kind === 'declared' || (kind === 'sameFile' && listed))) return 'certain';
  return reasons.some(({ kind }) => kind === 'scopeOverlap' || kind === 'sameFile') ? 'likely' : 'possible';
}

function reasonsFor(a: Footprint, b: Footprint, { graph, history }: Known): Reason[] {
  const reasons: Reason[] = [];
  if (a.conflictsWith.includes(b.id) || b.conflictsWith.includes(a.id)) reasons.push({ kind: 'declared' });
  const unknown = [a, b].filter(({ scope }) => scope === undefined).map(({ id }) => id);
  if (unknown.length > 0) return [...reasons, { kind: 'unknownTargets', tasks: unknown }];
  reasons.push(...shared(a, b));
  const imports = importsBetween(a, b, graph);
  if (imports) reasons.push(imports);
  const together = togetherness(a, b, history);
  if (together) reasons.push(together);
  return reasons;
}

function shared(a: Footprint, b: Footprint): Reason[] {
  const theirs = new Set(b.files);
  const files = a.files.filter((file) => theirs.has(file));
  if (files.length > 0) return [{ kind: 'sameFile', files }];
  return overlaps(a.scope ?? [], b.scope ?? []) ? [{ kind: 'scopeOverlap' }] : [];
}

/** One works on a file that a file of the other imports, in either direction. */
function importsBetween(a: Footprint, b: Footprint, graph: ImportGraph): Reason | undefined {
  const pairs = [...edges(a.files, b.files, graph), ...edges(b.files, a.files, graph)];
  const [first] = pairs;
  return first && { kind: 'imports', from: first[0], to: first[1], more: pairs.length - 1 };
}

function edges(from: readonly string[], to: readonly string[], { imports }: ImportGraph): [string, string][] {
  const wanted = new Set(to);
  return from.flatMap((file) =>
    (imports.get(file) ?? []).filter((target) => wanted.has(target)).map((target): [string, string] => [file, target]),
  );
}

/** Only so many files of each are compared: a glob over everything says nothing here that its overlap did not. */
const COMPARED = 60;

function togetherness(a: Footprint, b: Footprint, history: History): Reason | undefined {
  let best: Extract<Reason, { kind: 'changesTogether' }> | undefined;
  for (const one of a.files.slice(0, COMPARED)) {
    for (const other of b.files.slice(0, COMPARED)) {
      const { times, share } = changedTogether(history, one, other);
      if (one === other || times < OFTEN || share < HALF || times <= (best?.times ?? 0)) continue;
      best = { kind: 'changesTogether', files: [one, other], times, share };
    }
  }
  return best;
}
