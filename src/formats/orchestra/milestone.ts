import { type MarkdownLine, markdownLines } from '../text/markdown.ts';

/** A milestone.md (FORMATS.md 3.3): a heading and a table of fields. */
export interface Milestone {
  id: string;
  title: string;
  /** planning, in-progress, review, done, failed, or a word of its own. */
  status: string;
  priority: string;
  complexity: string;
  created: string;
  lock?: { text: string; line: number };
  /** Every field of the table, by its lower-case name. */
  fields: Readonly<Record<string, Field>>;
  line: number;
}

interface Field {
  value: string;
  line: number;
}

/** A lock that is older counts for nothing. */
export const LOCK_MINUTES = 60;

export function readMilestone(text: string, folder: string): Milestone {
  const lines = markdownLines(text).filter(({ isFenced }) => !isFenced);
  const fields = fieldsOf(lines);
  const head = lines.find((one) => HEAD.test(one.text));
  const whole = HEAD.exec(head?.text ?? '')?.[1] ?? folder;
  const [, id = 'milestone', title = whole] = /^(M\d+)\s*[\u2014\u2013:-]+\s*(.*)$/.exec(whole) ?? [];
  const word = (name: string): string => fields[name]?.value ?? '';
  return {
    id: folder || id,
    title,
    status: word('status').toLowerCase(),
    priority: word('priority'),
    complexity: word('complexity').toLowerCase(),
    created: word('created'),
    ...lockIn(fields['locked-by']),
    fields,
    line: head?.line ?? 1,
  };
}

const lockIn = (field: Field | undefined): Pick<Milestone, 'lock'> =>
  field === undefined || field.value === '' || field.value === '-'
    ? {}
    : { lock: { text: field.value, line: field.line } };

const HEAD = /^#\s+(?:Milestone:\s*)?(.*\S)/;

/** Of a field that is there twice the first one counts. */
function fieldsOf(lines: readonly MarkdownLine[]): Record<string, Field> {
  const fields: Record<string, Field> = {};
  for (const { text, line } of lines) {
    const [name = '-', value = ''] = fieldIn(text) ?? [];
    if (!/^-+$|^Field$/i.test(name.trim())) fields[fieldName(name)] ??= { value: value.trim(), line };
  }
  return fields;
}

const fieldName = (name: string): string => name.replaceAll('*', '').trim().toLowerCase();

/** Name and value of a row of two cells. No pattern: in a long line one would look at every end of every cell. */
function rowIn(line: string): [string, string] | undefined {
  const text = line.trim();
  if (text.length < 2 || !text.startsWith('|') || !text.endsWith('|')) return undefined;
  const [name = '', value, ...more] = text.slice(1, -1).split('|');
  return value === undefined || more.length > 0 || name.trim() === '' ? undefined : [name.trim(), value.trim()];
}

const fieldIn = (line: string): [string, string] | undefined => {
  const [, name, value = ''] = FIELD.exec(line) ?? [];
  return rowIn(line) ?? (name === undefined ? undefined : [name, value]);
};

const FIELD = /^\s*(?:[-*]\s+)?\**(Locked-By|Status)\**\s*:\**\s*(.*)$/i;

/** Whether a lock is to be respected now; what is no time is, and so is a time to come. */
export function isLocked({ lock }: Pick<Milestone, 'lock'>, now: number): boolean {
  if (!lock) return false;
  const since = timeIn(lock.text);
  return Number.isNaN(since) || now - since < LOCK_MINUTES * 60_000;
}

function timeIn(words: string): number {
  const time = /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/.exec(words)?.[0];
  return Date.parse(time?.replace(' ', 'T') ?? '');
}

/** When the lock of a milestone.md was taken; undefined without one, or without a time in it. */
export function lockTime(text: string): number | undefined {
  const since = timeIn(readMilestone(text, '').lock?.text ?? '');
  return Number.isNaN(since) ? undefined : since;
}

/** The text with the status changed, in its row and nowhere else; a column that was straight stays so. */
export function setMilestoneStatus(text: string, status: string): string {
  return onFieldLine(text, /^status$/i, (line) => {
    if (!line.includes('|')) return line.replace(/(:\**\s*)\S.*?(\s*)$/, `$1${status}$2`);
    const changed = line.replace(
      /^(\s*\|[^|]*\|\s*)[^|]*?(\s*\|\s*)$/,
      (_, lead: string, rest: string) => lead + status + rest,
    );
    const width = widthOf(text, line);
    return width === undefined ? changed : asWide(changed, width);
  });
}

/** How wide the other rows of a straight table are; undefined where the table is not straight. */
function widthOf(text: string, own: string): number | undefined {
  const widths = text
    .split(/\r?\n/)
    .filter((line) => rowIn(line) && line !== own && !/locked-by/i.test(line))
    .map((line) => line.length);
  return widths.length > 0 && new Set(widths).size === 1 ? widths[0] : undefined;
}

/** Spaces before the last bar, more or fewer but at least one. */
const asWide = (line: string, width: number): string =>
  line.replace(
    /\s*(\|\s*)$/,
    (_, bar: string) => ' '.repeat(Math.max(1, width - line.replace(/\s*\|\s*$/, '').length - bar.length)) + bar,
  );

/** The text with a lock: as a row at the end of the table, else as a line. A lock that is there is replaced. */
export function lockMilestone(text: string, timestamp: string): string {
  const free = unlockMilestone(text);
  const lines = free.split('\n');
  const last = lines.findLastIndex((line) => rowIn(line) !== undefined);
  const end = free.includes('\r\n') ? '\r' : '';
  if (last !== -1) lines.splice(last + 1, 0, `| Locked-By | ${timestamp} |${end}`);
  else
    lines.splice(Math.max(1, lines.findIndex((line) => line.startsWith('#')) + 1), 0, `Locked-By: ${timestamp}${end}`);
  return lines.join('\n');
}

/** The text without its lock, row or line. */
export function unlockMilestone(text: string): string {
  const isLock = (line: string): boolean => /^\s*(?:\|\s*|[-*]\s+)?\**Locked-By\**\s*[:|]/i.test(line);
  return text
    .split('\n')
    .filter((line) => !isLock(line))
    .join('\n');
}

function onFieldLine(text: string, name: RegExp, change: (line: string) => string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => name.test(fieldIn(line)?.[0].replaceAll('*', '').trim() ?? ''));
  if (at === -1) return text;
  const line = lines[at] ?? '';
  const end = line.endsWith('\r') ? '\r' : '';
  lines[at] = change(end ? line.slice(0, -1) : line) + end;
  return lines.join('\n');
}

/** Two scales meet here: how hard a phase is picks its model, a pipeline picks the steps (FORMATS.md 3.10). */
export function pipelineOf(complexity: string, fallback: string): 'quick' | 'standard' | 'full' {
  if (complexity === 'trivial' || complexity === 'quick') return 'quick';
  if (complexity === 'standard') return 'standard';
  if (complexity === 'complex' || complexity === 'full') return 'full';
  return fallback === 'quick' || fallback === 'standard' ? fallback : 'full';
}
