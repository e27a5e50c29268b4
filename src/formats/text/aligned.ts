import type { Range } from '../../model/text/problem.ts';

/**
 * Where a column of a repaired line was in the line as it was written, both from 0. Repairs insert quotes and
 * backslashes and turn tabs into spaces; they delete nothing.
 */
export function originalColumn(original: string, repaired: string, column: number): number {
  if (original === repaired) return column;
  let there = 0;
  let here = 0;
  while (here < column && here < repaired.length) {
    if (original[there] === repaired[here]) there += 1;
    else if (original[there] === '\t' && repaired[here] === ' ')
      there += isLastOfTab(original, repaired, there, here) ? 1 : 0;
    here += 1;
  }
  return there + Math.max(0, column - repaired.length);
}

/** The spaces in front of a line stand for its tabs in equal parts. */
function isLastOfTab(original: string, repaired: string, there: number, here: number): boolean {
  const tabs = /^[ \t]*/.exec(original)?.[0] ?? '';
  const spaces = /^ */.exec(repaired)?.[0].length ?? 0;
  const count = tabs.replaceAll(' ', '').length;
  const width = count === 0 ? 1 : Math.max(1, Math.round((spaces - (tabs.length - count)) / count));
  const before = /\t/.exec(original.slice(0, there)) ? original.slice(0, there).replaceAll(/[^\t]/g, '').length : 0;
  const start = there - before + before * width;
  return here - start >= width - 1;
}

/** A place in the repaired text as a place in the text as it was written: repairs keep every line. */
export function originalRange(original: readonly string[], repaired: readonly string[], range: Range): Range {
  const column = (line: number, at: number): number =>
    originalColumn(original[line - 1] ?? '', repaired[line - 1] ?? '', at - 1) + 1;
  const start = column(range.line, range.column);
  const end = column(range.endLine, range.endColumn);
  return {
    line: range.line,
    column: start,
    endLine: range.endLine,
    endColumn: range.line === range.endLine ? Math.max(end, start + 1) : end,
  };
}

/**
 * What was changed in the repaired text, changed in the original: for each line that differs only the part that
 * differs, and lines that were added after the lines they follow. Repairs themselves are not written.
 */
export function carryBack(original: string, repaired: string, written: string): string {
  if (original === repaired) return written;
  const before = repaired.split('\n');
  const after = written.split('\n');
  const source = original.split('\n');
  const result: string[] = [];
  let next = 0;
  for (const [i, line] of before.entries()) {
    result.push(changedLine(source[i] ?? '', line, after[next] ?? ''));
    next += 1;
    const toCome = before.length - i - 1;
    while (after.length - next > toCome && after[next] !== before[i + 1]) {
      result.push(withIndentOf(source[i] ?? '', line, after[next] ?? ''));
      next += 1;
    }
  }
  return result.join('\n');
}

function changedLine(original: string, repaired: string, written: string): string {
  if (repaired === written) return original;
  let start = 0;
  while (start < repaired.length && repaired[start] === written[start]) start += 1;
  let end = 0;
  const most = Math.min(repaired.length, written.length) - start;
  while (end < most && repaired.at(-1 - end) === written.at(-1 - end)) end += 1;
  const from = originalColumn(original, repaired, start);
  const to = originalColumn(original, repaired, repaired.length - end);
  return original.slice(0, from) + written.slice(start, written.length - end) + original.slice(to);
}

/** An added line stands as far in as its neighbour, with tabs where that has tabs. */
function withIndentOf(original: string, repaired: string, added: string): string {
  const spaces = /^ */.exec(added)?.[0] ?? '';
  const known = originalColumn(original, repaired, spaces.length);
  const lead = original.slice(0, known).replaceAll('-', ' ');
  return /^[ \t]*$/.test(lead) && lead.includes('\t') ? lead + added.slice(spaces.length) : added;
}
