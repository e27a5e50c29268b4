import { defined } from '../../model/defined.ts';
import { at, type Problem } from '../../model/text/problem.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { readFrontMatter, setFrontMatter } from '../text/front-matter.ts';
import type { SourceFile } from '../imported.ts';
import { bodyOf, listItems, markdownLines, type Section, sectionNamed, sectionsOf } from '../text/markdown.ts';
import { isNothing, textOf, textsOf } from '../../model/text/values.ts';

/** A phases/phase-N.md (FORMATS.md 3.4). */
export interface Phase {
  id: string;
  file: string;
  title: string;
  /** pending, in-progress, done, failed. */
  status: string;
  statusLine: number;
  order: number;
  complexity: string;
  skills: readonly string[];
  /** Absent where the file has no such key, which is not the same as an empty list. */
  dependsOn?: readonly string[];
  role?: string;
  /** Paths of `## Scope`, absent = unknown. */
  scope?: readonly string[];
  scopeLine: number;
  acceptanceCriteria: readonly string[];
  references: readonly string[];
  /** Everything below the front matter. */
  body: string;
  /** Keys of the front matter that are none of these. */
  more: Readonly<Record<string, unknown>>;
  repairs: readonly Problem[];
  problems: readonly Problem[];
}

const KEYS = new Set(['status', 'order', 'complexity', 'skills', 'depends_on', 'role']);

export function readPhase({ path: file, text }: SourceFile): Phase {
  const matter = readFrontMatter(text, file);
  const more = Object.fromEntries(Object.entries(matter.values).filter(([key]) => !KEYS.has(key)));
  const skipped = linesBefore(text, matter.end);
  const lines = markdownLines(text).map((one) => (one.line <= skipped ? { ...one, text: '', isFenced: true } : one));
  const id = /([^/]+)\.md$/.exec(file)?.[1] ?? file;
  const missing = problem(
    file,
    at(1),
    'A phase begins with "---", its status and its order, and "---". They are missing; it is taken for pending.',
    'warning',
  );
  return {
    id,
    file,
    ...ofFrontMatter(matter.values, id),
    ...ofSections(sectionsOf(lines), id),
    statusLine: matter.yaml?.rangeAt(['status']).line ?? 1,
    body: text.slice(matter.end).trim(),
    more,
    repairs: matter.repairs,
    problems: matter.end === 0 ? [missing] : matter.problems,
  };
}

type OfFrontMatter = Pick<Phase, 'status' | 'order' | 'complexity' | 'skills' | 'dependsOn' | 'role'>;

function ofFrontMatter(values: Readonly<Record<string, unknown>>, id: string): OfFrontMatter {
  const { status, order, complexity, skills, depends_on: before, role } = values;
  const dependsOn = before === undefined ? undefined : isNothing(before) ? [] : textsOf(before).map(phaseId);
  return {
    status: (textOf(status) ?? 'pending').toLowerCase(),
    order: Number(textOf(order) ?? /(\d+)$/.exec(id)?.[1]) || 0,
    complexity: textOf(complexity)?.toLowerCase() ?? '',
    skills: textsOf(skills),
    ...defined({ dependsOn, role: textOf(role) }),
  };
}

type OfSections = Pick<Phase, 'title' | 'scope' | 'scopeLine' | 'acceptanceCriteria' | 'references'>;

function ofSections(sections: readonly Section[], id: string): OfSections {
  const linesOf = (name: RegExp): Section['lines'] => sectionNamed(sections, name)?.lines ?? [];
  const list = (name: RegExp): string[] => listItems(linesOf(name)).map((item) => item.text);
  const paths = list(/^scope$/i).map(pathOf);
  const scope = paths.length > 0 && paths.every((path) => path !== undefined) ? paths : undefined;
  return {
    title: titleOf(sections.find(({ level }) => level === 1)?.title, bodyOf(linesOf(/^objective$/i)), id),
    ...defined({ scope }),
    scopeLine: sectionNamed(sections, /^scope$/i)?.line ?? 1,
    acceptanceCriteria: list(/^acceptance criteria$/i),
    references: list(/^references$/i),
  };
}

const linesBefore = (text: string, end: number): number => text.slice(0, end).split('\n').length - 1;

/** `phase-1`, `1` and `phases/phase-1.md` are one. */
const phaseId = (word: string): string =>
  /^\d+$/.test(word) ? `phase-${word}` : word.replace(/^.*\//, '').replace(/\.md$/, '');

/** `path (new)`, `` `path` (modify)``. */
const pathOf = (item: string): string | undefined => {
  const path = /`([^`]+)`/.exec(item)?.[1] ?? /^\S+/.exec(item)?.[0]?.replace(/[,;:]$/, '');
  return path !== undefined && /[/.*]/.test(path) && !/\s/.test(path) ? path.replace(/^\.\//, '') : undefined;
};

function titleOf(head: string | undefined, objective: string, id: string): string {
  const [first = ''] = (head ?? objective).split('\n');
  const plain = first.replace(/^Phase\s+\d+\s*[\u2014\u2013:-]\s*/i, '').trim();
  if (plain === '') return id;
  return plain.length > 100 ? `${plain.slice(0, 99)}…` : plain;
}

export const setPhaseStatus = (text: string, status: 'pending' | 'in-progress' | 'done' | 'failed'): string =>
  setFrontMatter(text, 'status', status);
