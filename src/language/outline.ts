import { entriesOf, lineAt, type TextFile } from './document.ts';
import { tasksOf } from './mentions.ts';
import { type Entry, isDirectlyIn, type Span } from './entry.ts';

/** A line of the outline. */
export interface Symbol extends Span {
  name: string;
  detail: string;
  kind: 'task' | 'section' | 'entry' | 'gate';
  /** What is selected when one goes there. */
  selection: Span;
  children: Symbol[];
}

/** What stands in a file, for the outline. Markdown has the editor's own. */
export function outlineOf(file: TextFile): Symbol[] {
  switch (file.kind) {
    case 'plan':
      return planOutline(file);
    case 'config':
    case 'prd':
    case 'orchestraConfig':
      return nested(entriesOf(file), 0, entriesOf(file).length, file.kind === 'config');
    case 'milestone':
    case 'phase':
    case 'prompt':
      return [];
  }
}

const planOutline = (file: TextFile): Symbol[] =>
  tasksOf(file).map(({ id, title, name, start, end }) => ({
    name: id,
    detail: title,
    kind: 'task',
    start,
    end,
    selection: name,
    children: [],
  }));

/** Two levels say enough: the keys at the top and what is listed below each. */
function nested(entries: readonly Entry[], from: number, to: number, gates: boolean): Symbol[] {
  const symbols: Symbol[] = [];
  for (let i = from; i < to; i += 1) {
    const entry = entries[i];
    if (entry?.path.length !== 1 || !entry.key) continue;
    const inside = entries.slice(i + 1).filter(({ path }) => path.length === 2 && path[0] === entry.path[0]);
    const kind = gates && entry.path[0] === 'gates' ? 'gate' : 'entry';
    const children = inside.map((child): Symbol => ({ ...symbolOf(child, titleIn(entries, child)), kind }));
    symbols.push({ ...symbolOf(entry, ''), children });
  }
  return symbols;
}

function symbolOf(entry: Entry, title: string): Symbol {
  const selection = entry.key ?? { start: entry.start, end: Math.max(entry.start + 1, entry.value.end) };
  const name = title || (entry.key ? String(entry.path.at(-1)) : (entry.word ?? ''));
  const detail = entry.key && entry.word ? entry.word : '';
  const end = Math.max(entry.end, selection.end);
  return { name: name || '–', detail, kind: 'section', start: entry.start, end, selection, children: [] };
}

/** An item of a list is known by the first thing that it says. */
function titleIn(entries: readonly Entry[], { path, key }: Entry): string {
  if (key) return '';
  return entries.find((other) => other.word && isDirectlyIn(other.path, path))?.word ?? '';
}

/** Lines that can be folded away, from 0. */
export interface Fold {
  start: number;
  end: number;
}

/** Whatever has lines of its own below it, and comments; of Markdown only its front matter. */
export function foldsOf(file: TextFile): (Fold & { isComment: boolean })[] {
  const entries = entriesOf(file);
  const several = entries.filter(({ start, end }) => isOver(file.text, start, end));
  const matter = file.kind === 'phase' ? [{ start: 0, end: entries.at(-1)?.end ?? 0 }] : [];
  const folds = [...several, ...matter].map(({ start, end }) => ({
    start: lineAt(file, start),
    end: lineAt(file, end),
    isComment: false,
  }));
  const comments = file.path.endsWith('.md') ? [] : commentsIn(file);
  const seen = new Set<number>();
  // An item and the key on its line begin together: the longer one is the one to fold.
  return [...folds, ...comments].filter(({ start, end }) => end > start && !seen.has(start) && seen.add(start));
}

/** Most entries stand on one line: to see that costs less than to say which. */
function isOver(text: string, start: number, end: number): boolean {
  const next = text.indexOf('\n', start);
  return next !== -1 && next < end;
}

function commentsIn(file: TextFile): (Fold & { isComment: boolean })[] {
  const folds: (Fold & { isComment: boolean })[] = [];
  const { text } = file;
  for (let at = text.indexOf('#'); at !== -1; at = text.indexOf('#', at + 1)) {
    if (text.slice(text.lastIndexOf('\n', at) + 1, at).trim() !== '') continue;
    const line = lineAt(file, at);
    const last = folds.at(-1);
    if (last?.end === line - 1) last.end = line;
    else folds.push({ start: line, end: line, isComment: true });
  }
  return folds;
}
