import type { ShownTask } from '../shown.ts';
import { type MarkdownLine, markdownLines, sectionNamed, sectionsOf } from '../text/markdown.ts';

/**
 * Fills a phase's `## Result`, which Orchestra leaves to its lead, in the form in which phases report. A file without
 * that section gets none, and what somebody else wrote there stays.
 */
export function setPhaseResult(text: string, task: ShownTask): string {
  if (task.status !== 'completed' && task.status !== 'failed') return text;
  const section = sectionNamed(sectionsOf(markdownLines(text)), /^result$/i);
  if (!section || !(isOpen(section.lines) || isOurs(section.lines))) return text;
  // A carriage return stays on its line: a text may have both kinds of line ends.
  const lines = text.split('\n');
  const eol = lines[section.line - 1]?.endsWith('\r') ? '\r' : '';
  const filled = ['', ...resultOf(task), ''].map((line) => line + eol);
  const rest = lines.slice(section.line + section.lines.length);
  // Nothing follows the last line end.
  const last = rest.length === 0 ? [...filled.slice(0, -1), ''] : filled;
  return [...lines.slice(0, section.line), ...last, ...rest].join('\n');
}

/** Nothing, or words in a comment, in brackets or in italics that say what is to stand there. */
const isOpen = (lines: readonly MarkdownLine[]): boolean =>
  lines.every(({ text }) => /^\s*(?:<!--.*-->|[[(_*{].*[\])_*}])?\s*$/.test(text));

const KEYS = ['status', 'files_changed', 'verification_retries', 'commit', 'error_summary'];
const isOurs = (lines: readonly MarkdownLine[]): boolean =>
  lines.every(({ text }) => text.trim() === '' || KEYS.some((key) => text.startsWith(`${key}: `)));

function resultOf({ status, files = [], retries, commit, error }: ShownTask): string[] {
  const isDone = status === 'completed';
  return [
    `status: ${isDone ? 'done' : 'failed'}`,
    ...(isDone ? [`files_changed: [${files.join(', ')}]`] : []),
    `verification_retries: ${retries}`,
    ...(commit === undefined ? [] : [`commit: ${commit}`]),
    ...(isDone || error === undefined ? [] : [`error_summary: ${error.replaceAll(/\s+/g, ' ').trim()}`]),
  ];
}
