import type { Origin } from '../../model/plan/plan.ts';
import type { FileEdit, Shown } from '../shown.ts';
import { isMarked, promptTasks } from './prompt-tasks.ts';

/** The mark of a prompt that is done, behind its title. */
const MARK = ' (COMPLETED)';

/** The prompts of a run's plan with the done ones marked as their readers look for it: COMPLETED in the first line. */
export function promptEdits({ sources }: Origin, { tasks }: Shown): FileEdit[] {
  const done = new Set(tasks.flatMap(({ id, status }) => (status === 'completed' ? id : [])));
  const files = new Map<string, string[]>();
  for (const [id, file] of Object.entries(sources)) files.set(file, [...(files.get(file) ?? []), id]);
  return [...files].map(([file, ids]) => ({
    file,
    change: (text) => text && markDone(text, { file, ids, done }),
  }));
}

/** Of a file with several tasks each block is marked by itself. */
function markDone(text: string, { file, ids, done }: { file: string; ids: string[]; done: Set<string> }): string {
  if (ids.length === 1) return done.has(ids[0] ?? '') ? marked(text, firstLine(text)) : text;
  return promptTasks({ path: file, text })
    .filter(({ id, isDone }) => !isDone && done.has(id))
    .reduce((changed, { line }) => marked(changed, line), text);
}

const firstLine = (text: string): number => text.split('\n').findIndex((line) => line.trim() !== '') + 1;

/** On the line with this number, from 1. A fence or front matter would not survive it: such a text stays. */
function marked(text: string, number: number): string {
  const lines = text.split('\n');
  const line = lines[number - 1] ?? '';
  if (isMarked(line) || /^\s*(?:---|```|~~~)/.test(line)) return text;
  const end = line.endsWith('\r') ? '\r' : '';
  lines[number - 1] = line.trimEnd() + MARK + end;
  return lines.join('\n');
}
