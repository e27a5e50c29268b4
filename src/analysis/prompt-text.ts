/** A text for an agent as its author structured it. What stands in fences is kept apart: it is example, not order. */
export interface PromptText {
  /** The first heading of level 1, else the first line that says something. */
  title: string;
  sections: readonly Section[];
  /** Words outside of fences. */
  words: number;
}

export interface Section {
  /** Empty for what stands before the first heading. */
  heading: string;
  level: number;
  /** Lines without fences. */
  body: string;
  /** What stands in its fences. */
  code: string;
}

/** Reads Markdown line by line; headings in fences are none, as in prompts that hold another prompt. */
export function readPrompt(text: string): PromptText {
  const sections = split(innermost(withoutFrontMatter(text.replaceAll('\r\n', '\n'))));
  const first = sections.find(({ level }) => level === 1) ?? sections.find(({ heading }) => heading !== '');
  const prose = sections.map(({ heading, body }) => `${heading} ${body}`).join(' ');
  const title = namingLine(sections, first?.heading ?? sections[0]?.body ?? '');
  return { title: plainTitle(title), sections, words: prose.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0 };
}

/** `1. Title and Overview` says nothing: then it is the first line of the text that is no label. */
function namingLine(sections: readonly Section[], title: string): string {
  const says = [title, ...sections.map(({ body }) => body)].flatMap((text) => text.split('\n'));
  const line = says.find((one) => /\w/u.test(one) && !LABEL.test(one));
  return (line ?? title).replaceAll('**', '').trim();
}

const LABEL = /^\W*(?:\d+[.)]\s*)?(?:title|overview|title and overview|summary|context|task|description)\W*$/iu;

const plainTitle = (title: string): string =>
  title
    .replace(/^(?:task|feature|title)\s*:\s*/i, '')
    .slice(0, 200)
    .trim();

const withoutFrontMatter = (text: string): string => {
  const end = text.startsWith('---\n') ? text.indexOf('\n---\n', 3) : -1;
  if (end === -1) return text;
  const title = /^title:\s*["']?(.+?)["']?\s*$/mu.exec(text.slice(0, end))?.[1];
  return `${title === undefined ? '' : `# ${title}\n`}${text.slice(end + 5)}`;
};

/** A generated prompt carries the one it was made from in a fence, up to three deep: that one says what to do. */
function innermost(text: string): string {
  if (!text.trimStart().startsWith('# WorkflowManager Task Execution')) return text;
  const at = text.lastIndexOf('```markdown\n');
  if (at === -1) return text;
  const inner = text.slice(at + '```markdown\n'.length);
  return inner.replace(/\n```\s*\n---[\s\S]*$/u, '');
}

function split(text: string): Section[] {
  const sections: Section[] = [];
  let now = { heading: '', level: 0, lines: [] as string[], code: [] as string[] };
  let fence = '';
  const finish = (): void => {
    const body = now.lines.join('\n');
    if (now.level > 0 || body.trim() !== '')
      sections.push({ heading: now.heading, level: now.level, body, code: now.code.join('\n') });
  };
  for (const line of text.split('\n')) {
    const mark = /^\s{0,9}(`{3,}|~{3,})/u.exec(line)?.[1];
    const heading = fence === '' ? /^(#{1,6})\s+(\S.*)$/u.exec(line) : null;
    if (mark !== undefined) fence = nextFence(fence, mark, line);
    else if (heading) {
      finish();
      now = {
        heading: (heading[2] ?? '')
          .replaceAll('**', '')
          .replace(/\s#+\s*$/u, '')
          .trim(),
        level: heading[1]?.length ?? 1,
        lines: [],
        code: [],
      };
    } else (fence === '' ? now.lines : now.code).push(line);
  }
  finish();
  return sections;
}

/** A fence ends with a mark as long as its own and nothing after it. */
function nextFence(open: string, mark: string, line: string): string {
  if (open === '') return mark;
  return mark.startsWith(open) && line.trim() === mark ? '' : open;
}

/** The first words after the title: what the author would say if asked. */
export function lead(prompt: PromptText, length = 600): string {
  const body = prompt.sections.map((section) => section.body.trim()).filter((text) => text !== '');
  return body.join('\n').slice(0, length);
}
