import type { Path, Range } from '../model/text/problem.ts';
import type { YamlMemory } from '../model/text/yaml-pieces.ts';
import { type Entry, isDirectlyIn, type Span } from './entry.ts';
import { type SketchMemory, sketchPieces } from './sketch-pieces.ts';

/** The files whose text the editor knows about. */
export type DocumentKind = 'plan' | 'config' | 'prd' | 'orchestraConfig' | 'milestone' | 'phase' | 'prompt';

/** What the editor does with a text. */
export type Feature =
  | 'problems'
  | 'fixes'
  | 'completion'
  | 'hover'
  | 'navigation'
  | 'rename'
  | 'outline'
  | 'folding'
  | 'lenses';

/** Of one kind of file: where it lies, as a glob, and what is done with it. Markdown has the editor's own outline. */
interface Kind {
  place: string;
  features: readonly Feature[];
}

const YAML: readonly Feature[] = ['problems', 'fixes', 'completion', 'hover', 'outline', 'folding'];

/** The first whose place matches has the file. */
export const KINDS: Readonly<Record<DocumentKind, Kind>> = {
  plan: { place: '**/docs/plan/**/plan*.{yaml,yml}', features: [...YAML, 'navigation', 'rename', 'lenses'] },
  config: { place: '**/orchestrate.{yaml,yml}', features: [...YAML, 'lenses'] },
  prd: { place: '**/docs/PRD*.{yaml,yml}', features: YAML },
  orchestraConfig: { place: '**/.orchestra/config.{yml,yaml}', features: YAML },
  milestone: { place: '**/.orchestra/milestones/*/milestone.md', features: ['problems', 'fixes'] },
  phase: {
    place: '**/.orchestra/milestones/*/phases/*.md',
    features: ['problems', 'fixes', 'completion', 'hover', 'folding'],
  },
  prompt: { place: '**/prompts/*.md', features: ['problems', 'fixes'] },
};

/** The text of an open file, saved or not. */
export interface TextFile {
  kind: DocumentKind;
  /** Relative to the workspace where it is inside, `/` as separator. */
  path: string;
  text: string;
  /** What was read of it before it changed. */
  memory?: Memory;
}

/** What the readers and the sketch keep of a text from one version to the next. */
export type Memory = YamlMemory & SketchMemory;

/** The memory of a text that was just opened. */
export const newMemory = (): Memory => ({ pieces: new Map(), sketches: new Map() });

const known = new WeakMap<TextFile, readonly Entry[]>();

/** The YAML of a file: all of it, or what stands between the `---` lines of a phase; nothing of other Markdown. */
export function entriesOf(file: TextFile): readonly Entry[] {
  const before = known.get(file);
  if (before) return before;
  const region = yamlRegion(file);
  const entries = region ? sketchPieces(file.text, region, file.memory ?? newMemory()) : [];
  known.set(file, entries);
  return entries;
}

/** The keys of the mapping at a path. */
export const keysAt = (file: TextFile, path: Path): Entry[] =>
  entriesOf(file).filter((entry) => entry.key && isDirectlyIn(entry.path, path));

/** Where YAML is written in a file. */
export function yamlRegion({ kind, text }: TextFile): Span | undefined {
  if (kind === 'milestone' || kind === 'prompt') return undefined;
  if (kind !== 'phase') return { start: 0, end: text.length };
  const [head] = /^---[ \t]*\r?\n/.exec(text) ?? [];
  if (head === undefined) return undefined;
  const close = /^---[ \t]*\r?$/m.exec(text.slice(head.length));
  return { start: head.length, end: close ? head.length + close.index : text.length };
}

const lines = new WeakMap<TextFile, readonly number[]>();

/** The offsets at which the lines of a text begin. */
function startsOf(file: TextFile): readonly number[] {
  const before = lines.get(file);
  if (before) return before;
  const starts = [0];
  const { text } = file;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  lines.set(file, starts);
  return starts;
}

/** The line an offset is on, from 0. */
export function lineAt(file: TextFile, offset: number): number {
  const starts = startsOf(file);
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** Offsets as the readers count: lines and columns from 1. */
export function rangeIn(file: TextFile, { start, end }: Span): Range {
  const place = (offset: number): { line: number; column: number } => {
    const line = lineAt(file, offset);
    return { line: line + 1, column: offset - (startsOf(file)[line] ?? 0) + 1 };
  };
  const [from, to] = [place(start), place(end)];
  return { ...from, endLine: to.line, endColumn: to.column };
}

/** The offset of a place as the readers count it, inside the text. */
export function offsetIn(file: TextFile, line: number, column: number): number {
  const starts = startsOf(file);
  return Math.min((starts[line - 1] ?? file.text.length) + column - 1, file.text.length);
}
