import { type Entry, sketchYaml, type Span } from './sketch.ts';

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
}

const known = new WeakMap<TextFile, readonly Entry[]>();

/** The YAML of a file: all of it, or what stands between the `---` lines of a phase; nothing of other Markdown. */
export function entriesOf(file: TextFile): readonly Entry[] {
  const before = known.get(file);
  if (before) return before;
  const region = yamlRegion(file);
  const entries = region ? sketchYaml(file.text, region) : [];
  known.set(file, entries);
  return entries;
}

/** Where YAML is written in a file. */
export function yamlRegion({ kind, text }: TextFile): Span | undefined {
  if (kind === 'milestone' || kind === 'prompt') return undefined;
  if (kind !== 'phase') return { start: 0, end: text.length };
  const [head] = /^---[ \t]*\r?\n/.exec(text) ?? [];
  if (head === undefined) return undefined;
  const close = /^---[ \t]*\r?$/m.exec(text.slice(head.length));
  return { start: head.length, end: close ? head.length + close.index : text.length };
}
