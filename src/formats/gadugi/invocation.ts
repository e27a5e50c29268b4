import { slug } from '../../model/text/names.ts';
import type { SourceFile } from '../imported.ts';

const START = /execute these|prompts in parallel|prompt files/i;

/** A text that asks for a list of prompt files to be run (FORMATS.md 2.1), with at least one name. */
export const isInvocation = (text: string): boolean => START.test(text) && invocationFiles(text).length > 0;

/** The files an invocation names: items of a list, or plain lines that end in `.md`, after the line that asks. */
export function invocationFiles(text: string): { name: string; line: number }[] {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => START.test(line));
  if (start === -1) return [];
  const found: { name: string; line: number }[] = [];
  for (const [i, line] of lines.entries()) {
    if (i <= start) continue;
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*\S)\s*$/.exec(line)?.[1];
    const name = (item ?? line.trim()).replaceAll('`', '').replace(/^\/?prompts\//, '');
    if (/^[\w.-]+\.md$/.test(name)) found.push({ name, line: i + 1 });
    else if (item !== undefined && /^[\w-]+$/.test(name)) found.push({ name: `${name}.md`, line: i + 1 });
    else if (line.trim() !== '' && found.length > 0) break;
  }
  return found;
}

/** A prompt file made from a plain description, under a name that is not taken. */
export function createPrompt(description: string, taken: ReadonlySet<string> = new Set()): SourceFile {
  const [first = ''] = description.trim().split(/\r?\n|(?<=[.!?])\s/);
  const title = first.length > 80 ? `${first.slice(0, 79)}…` : first.replace(/[.!]$/, '');
  const stem = slug(title);
  let path = `prompts/${stem}.md`;
  for (let n = 2; taken.has(path); n += 1) path = `prompts/${stem}-${n}.md`;
  const text = `# ${title}\n\n## Objective\n\n${description.trim()}\n\n## Success Criteria\n\n- The objective above is met and its tests pass\n`;
  return { path, text };
}
