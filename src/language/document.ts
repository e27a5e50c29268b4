import { type Entry, sketchYaml, type Span } from './sketch.ts';

/** The files whose text the editor knows about. */
export type DocumentKind = 'plan' | 'config' | 'prd' | 'orchestraConfig' | 'milestone' | 'phase' | 'prompt';

/** Where files of each kind lie, as globs; the first that matches has the file. */
export const PLACES: Readonly<Record<DocumentKind, string>> = {
  plan: '**/docs/plan/**/plan*.{yaml,yml}',
  config: '**/orchestrate.{yaml,yml}',
  prd: '**/docs/PRD*.{yaml,yml}',
  orchestraConfig: '**/.orchestra/config.{yml,yaml}',
  milestone: '**/.orchestra/milestones/*/milestone.md',
  phase: '**/.orchestra/milestones/*/phases/*.md',
  prompt: '**/prompts/*.md',
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
