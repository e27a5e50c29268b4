/** One line of a Markdown text; `line` counts from 1. */
export interface MarkdownLine {
  text: string;
  line: number;
  /** Inside a fence, or the fence itself. */
  isFenced: boolean;
}

/** A heading with what stands below it until the next heading of its level or a higher one. */
export interface Section {
  level: number;
  title: string;
  line: number;
  /** Without the heading; deeper headings are part of it. */
  lines: readonly MarkdownLine[];
}

/**
 * The lines of a Markdown text. A fence ends at as many back-ticks or tildes as it began with; inside a fence of
 * Markdown a fence with a language opens one more, as prompts nest each other.
 */
export function markdownLines(text: string): MarkdownLine[] {
  const open: { mark: string; isMarkdown: boolean }[] = [];
  return text.split(/\r?\n/).map((line, i) => {
    const [, mark, info = ''] = /^\s*(`{3,}|~{3,})([^`]*)$/.exec(line) ?? [];
    const inner = open.at(-1);
    if (mark === undefined) return { text: line, line: i + 1, isFenced: inner !== undefined };
    const closes = inner !== undefined && info.trim() === '' && mark.startsWith(inner.mark);
    if (closes) open.pop();
    else if (inner === undefined || (inner.isMarkdown && info.trim() !== ''))
      open.push({ mark, isMarkdown: /^(?:markdown|md)\b/i.test(info.trim()) });
    return { text: line, line: i + 1, isFenced: true };
  });
}

/** All headings outside fences, in order. */
export function sectionsOf(lines: readonly MarkdownLine[]): Section[] {
  const heads = lines.flatMap((one, i) => {
    const [, marks, title] = one.isFenced ? [] : (/^ {0,3}(#{1,6})\s+(.*)$/.exec(one.text) ?? []);
    if (marks === undefined || title === undefined) return [];
    return [{ level: marks.length, title: withoutClosing(title), line: one.line, i }];
  });
  return heads.map(({ level, title, line, i }, at) => {
    let next = at + 1;
    while ((heads[next]?.level ?? 0) > level) next += 1;
    const end = heads[next]?.i ?? lines.length;
    return { level, title, line, lines: lines.slice(i + 1, end) };
  });
}

/** `## Title ##` is `## Title`; what stands right behind a word belongs to it. Goes backwards: lines may be long. */
function withoutClosing(title: string): string {
  const plain = title.trimEnd();
  let end = plain.length;
  while (plain[end - 1] === '#') end -= 1;
  return end === 0 || /\s/.test(plain[end - 1] ?? '') ? plain.slice(0, end).trimEnd() : plain;
}

/** The first section whose title matches. */
export const sectionNamed = (sections: readonly Section[], title: RegExp): Section | undefined =>
  sections.find((one) =>
    title.test(
      one.title
        .replace(/^[\d.]+\s*/, '')
        .replaceAll(/[*`:]/g, '')
        .trim(),
    ),
  );

/** An item of a list. */
export interface ListItem {
  text: string;
  line: number;
  /** Columns before its mark. */
  indent: number;
}

export function listItems(lines: readonly MarkdownLine[]): ListItem[] {
  return lines.flatMap((one) => {
    const [, lead, text] = one.isFenced
      ? []
      : (/^(\s*)(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*\S)\s*$/.exec(one.text) ?? []);
    if (text === undefined) return [];
    return [{ text, line: one.line, indent: lead?.length ?? 0 }];
  });
}

/** `**Label**: value`, `**Label:** value` or `- **Label**: value`. */
export function labelled(lines: readonly MarkdownLine[], label: RegExp): { value: string; line: number } | undefined {
  for (const one of lines) {
    const [, name, value] = one.isFenced
      ? []
      : (/^\s*(?:[-*]\s+)?\*\*([^*:]+?):?\*\*\s*:?\s*(.*)$/.exec(one.text) ?? []);
    if (name !== undefined && value !== undefined && label.test(name.trim()))
      return { value: value.trim(), line: one.line };
  }
  return undefined;
}

export const bodyOf = (lines: readonly MarkdownLine[]): string =>
  lines
    .map(({ text }) => text)
    .join('\n')
    .replace(/^\s*\n/, '')
    .trimEnd();
