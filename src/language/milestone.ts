import { isLocked, LOCK_MINUTES, readMilestone } from '../formats/orchestra/milestone.ts';
import { at, type Problem } from '../model/text/problem.ts';
import { problem } from '../model/text/yaml-text.ts';
import type { TextFile } from './document.ts';

/** What a milestone may be, in the order in which it becomes it. */
export const MILESTONE_STATUSES = ['planning', 'in-progress', 'review', 'done', 'failed'];

/** What is wrong with a milestone.md: `now` in milliseconds since 1970, for locks that go stale. */
export function milestoneProblems({ path, text }: TextFile, now: number = Date.now()): Problem[] {
  const { status, lock, fields } = readMilestone(text, path.split('/').at(-2) ?? '');
  const said = (code: string, line: number, message: string, severity: 'warning' | 'info'): Problem => ({
    ...problem(path, { ...at(line), endColumn: (text.split(/\r?\n/)[line - 1]?.length ?? 0) + 1 }, message, severity),
    code,
  });
  const problems: Problem[] = [];
  if (status !== '' && !MILESTONE_STATUSES.includes(status)) {
    const message = `The status "${status}" is not known. Known: ${MILESTONE_STATUSES.join(', ')}.`;
    problems.push(said('status-unknown', fields['status']?.line ?? 1, message, 'warning'));
  }
  if (lock && !isLocked({ lock }, now)) {
    const message = `The lock of ${lock.text} is older than ${LOCK_MINUTES} minutes and counts for nothing.`;
    problems.push(said('lock-stale', lock.line, message, 'info'));
  }
  return problems;
}
