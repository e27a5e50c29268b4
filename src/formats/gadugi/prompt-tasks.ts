import { defined } from '../../model/defined.ts';
import type { SourceFile } from '../imported.ts';
import {
  bodyOf,
  labelled,
  listItems,
  type MarkdownLine,
  markdownLines,
  type Section,
  sectionNamed,
  sectionsOf,
} from '../text/markdown.ts';
import { promptFiles, type PromptFiles } from './prompt-files.ts';

/** One task as a prompt file says it (FORMATS.md 2.1). */
export interface PromptTask {
  /** The file's name without `.md`; of one of several tasks in a file with `-task-1` behind it. */
  id: string;
  file: string;
  line: number;
  title: string;
  /** The whole text the agent is to follow. */
  text: string;
  files: PromptFiles;
  acceptanceCriteria: readonly string[];
  priority?: 'high' | 'medium' | 'low';
  /** Number of its issue. */
  issue?: string;
  /** Another prompt file this task stands for. */
  promptFile?: string;
  /** Where it says that it comes after something, with the words. */
  afterWords: readonly { text: string; line: number }[];
  /** Says IMPLEMENTED or COMPLETED in its first line. */
  isDone: boolean;
}

export const stemOf = (path: string): string => /([^/]+?)(?:\.md|\.txt)?$/i.exec(path)?.[1] ?? path;

/** The tasks of one file: one, or the `## Task N: …` blocks that have labels of their own. */
export function promptTasks({ path, text }: SourceFile): PromptTask[] {
  const lines = markdownLines(text);
  const sections = sectionsOf(lines);
  const blocks = sections.filter(({ title }) => /^Task\s+\d+\s*[:.\u2013-]/i.test(title));
  const isSeveral = blocks.length > 1 && blocks.some((block) => labelled(block.lines, LABELS) !== undefined);
  if (!isSeveral) return [wholeFile(path, text, { lines, sections })];
  return blocks.map((block) => taskOfBlock(path, block, isDoneIn(lines)));
}

const LABELS = /^(?:Prompt File|Issue|PR|Priority|Description)$/i;

interface Parsed {
  lines: readonly MarkdownLine[];
  sections: readonly Section[];
}

function wholeFile(path: string, text: string, parsed: Parsed): PromptTask {
  const stem = stemOf(path);
  const head = parsed.sections.find(({ level }) => level === 1);
  const first = parsed.lines.find((one) => one.text.trim() !== '');
  const issue = /issue-(\d+)/i.exec(stem)?.[1] ?? issueIn(head?.title ?? '');
  return {
    ...common(parsed),
    id: stem,
    file: path,
    line: (head ?? first)?.line ?? 1,
    title: titleOf(parsed, stem, { head: head?.title, first: first?.text }),
    text: text.trim(),
    ...defined({ issue }),
    isDone: isDoneIn(parsed.lines),
  };
}

const issueIn = (title: string): string | undefined => /issue #(\d+)/i.exec(title)?.[1];

/** A prompt that a program wrote around another has its name in a label. */
function titleOf(
  { lines }: Parsed,
  stem: string,
  { head, first }: { head: string | undefined; first: string | undefined },
): string {
  if (head !== undefined && /^WorkflowM\w+ Task Execution$/i.test(head))
    return labelled(lines, /^Task Name$/i)?.value || stem;
  const plain = (head ?? first?.slice(0, 50) ?? '').replaceAll(/[*`#]/g, '').trim();
  return withoutMark(plain) || stem;
}

function taskOfBlock(path: string, block: Section, isDone: boolean): PromptTask {
  const [, number = '', marked = block.title] = /^Task\s+(\d+)\s*[:.\u2013-]\s*(.*)$/i.exec(block.title) ?? [];
  const parsed = { lines: block.lines, sections: sectionsOf(block.lines) };
  const prompt = labelled(block.lines, /^Prompt File$/i)
    ?.value.replaceAll('`', '')
    .replace(/^\//, '');
  const issue = /#?(\d+)/.exec(labelled(block.lines, /^Issue$/i)?.value ?? '')?.[1] ?? issueIn(marked);
  return {
    ...common(parsed),
    id: `${stemOf(path)}-task-${number}`,
    file: path,
    line: block.line,
    title: withoutMark(marked),
    text: bodyOf(block.lines),
    ...defined({ issue, promptFile: prompt || undefined }),
    isDone: isDone || isMarked(block.title),
  };
}

function common({
  lines,
  sections,
}: Parsed): Pick<PromptTask, 'files' | 'acceptanceCriteria' | 'afterWords' | 'priority'> {
  const priority = priorityOf(labelled(lines, /^Priority$/i)?.value ?? '');
  const criteria = sectionNamed(sections, /^(?:success|acceptance) criteria$/i);
  return {
    files: promptFiles(sections, lines),
    acceptanceCriteria: listItems(criteria?.lines ?? [])
      .filter(({ indent }) => indent < 2)
      .map(({ text }) => text),
    afterWords: afterWords({ lines, sections }),
    ...(priority ? { priority } : {}),
  };
}

function priorityOf(words: string): PromptTask['priority'] {
  if (/^\W*(?:CRITICAL|HIGH|P0|P1)/i.test(words)) return 'high';
  if (/^\W*(?:MEDIUM|P2)/i.test(words)) return 'medium';
  return /^\W*LOW/i.test(words) ? 'low' : undefined;
}

/** Sentences and the section "Dependencies": whether they name another task is decided where all tasks are known. */
function afterWords({ lines, sections }: Parsed): { text: string; line: number }[] {
  const listed = listItems(sectionNamed(sections, /^(?:dependencies|depends on|prerequisites)$/i)?.lines ?? []);
  const said = lines.filter(
    ({ text, isFenced }) =>
      !isFenced && /\b(?:depends? on|blocked by|must (?:run|come) after|requires|prerequisites?:)/i.test(text),
  );
  return [...listed, ...said].map(({ text, line }) => ({ text, line }));
}

function isDoneIn(lines: readonly MarkdownLine[]): boolean {
  const first = lines.find(({ text }) => text.trim() !== '');
  return isMarked(first?.text ?? '');
}

/** Whether a line says that its prompt is done: whoever wrote it. */
export const isMarked = (line: string): boolean => /\b(?:IMPLEMENTED|COMPLETED)\b/.test(line);

/** A title without its mark. */
const withoutMark = (title: string): string => title.replace(/(?<!\s)\s*\((?:IMPLEMENTED|COMPLETED)\)$/, '');
