import type { Knowledge } from '../documents.ts';
import { type Imported, nothingSaid, type SourceFile } from '../imported.ts';
import { listItems, markdownLines, type Section, sectionNamed, sectionsOf } from '../text/markdown.ts';

export function readKnowledge({ path: file, text }: SourceFile): Imported {
  const sections = sectionsOf(markdownLines(text));
  const active = sections.find(({ title }) => /^active knowledge$/i.test(title))?.line ?? 0;
  const entries = sections.flatMap((section) => entryOf(section, section.line < active));
  return { format: 'orchestra-knowledge', files: [file], ...nothingSaid, knowledge: { entries } };
}

/** `## {date} — {id}: {title}`. */
function entryOf({ title: head, lines }: Section, isArchived: boolean): Knowledge['entries'][number][] {
  const [, date, id, title] = /^(\d{4}-\d{2}-\d{2})\s*[\u2014\u2013-]+\s*([^:]+?)(?::\s*(.*))?$/.exec(head) ?? [];
  if (date === undefined || id === undefined) return [];
  const inner = sectionsOf(lines);
  const items = (name: RegExp): string[] => listItems(sectionNamed(inner, name)?.lines ?? []).map(({ text }) => text);
  return [
    {
      date,
      id,
      title: title ?? '',
      isArchived,
      decisions: items(/^decisions$/i),
      lessons: items(/^lessons/i),
      patterns: items(/^patterns$/i),
    },
  ];
}
