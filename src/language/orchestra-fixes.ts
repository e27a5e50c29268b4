import { unlockMilestone } from '../formats/orchestra/milestone.ts';
import { CURRENT_CONFIG, upgradeConfig } from '../formats/orchestra/upgrade.ts';
import type { Edit, Fix } from '../model/text/problem.ts';
import type { TextFile } from './document.ts';
import { change, otherWords, type Placed } from './edit.ts';
import { MILESTONE_STATUSES } from './milestone.ts';

/** Ways to put Orchestra's own files right. */
export function orchestraFixes(at: Placed): Fix[] {
  const { file, problem } = at;
  if (file.kind === 'orchestraConfig') return /is of an older version/.test(problem.message) ? [upgrade(file)] : [];
  if (file.kind === 'phase' && problem.message.startsWith('A phase begins with')) return [withHead(file)];
  if (file.kind !== 'milestone') return [];
  if (problem.code === 'lock-stale')
    return [{ title: 'Remove the stale lock', edits: [whole(file, unlockMilestone(file.text))], isCertain: true }];
  return problem.code === 'status-unknown' ? otherStatus(at) : [];
}

const whole = (file: TextFile, text: string): Edit => change(file, { start: 0, end: file.text.length }, text);

function upgrade(file: TextFile): Fix {
  const { text } = upgradeConfig(file.text, CURRENT_CONFIG);
  return { title: 'Upgrade the settings to 4.0.0, with these values', edits: [whole(file, text)], isCertain: true };
}

const withHead = (file: TextFile): Fix => {
  const order = /(\d+)\.md$/.exec(file.path)?.[1] ?? '1';
  const text = `---\nstatus: pending\norder: ${Number(order)}\n---\n\n`;
  return { title: 'Add status and order', edits: [change(file, { start: 0, end: 0 }, text)], isCertain: true };
};

function otherStatus({ file, problem, offset }: Placed): Fix[] {
  const line = file.text.slice(offset).split(/\r?\n/, 1)[0] ?? '';
  const old = /"([^"]*)"/.exec(problem.message)?.[1] ?? '';
  const column = line.toLowerCase().lastIndexOf(old);
  if (old === '' || column === -1) return [];
  const place = { start: offset + column, end: offset + column + old.length };
  return otherWords(file, place, old, MILESTONE_STATUSES);
}
