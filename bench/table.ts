import { cpus, release } from 'node:os';
import type { Ratio } from './measure.ts';
import { type Line, passes } from './row.ts';

/** The lines as a table; widths follow what is in it. */
export function tableOf(lines: readonly Line[]): string {
  const head = ['row', 'what', 'against', 'median (min, max)', 'CPU', 'target', ''];
  const rows = lines.map((line) => [
    String(line.row),
    line.what,
    line.against,
    spread(line),
    line.cpu ? shown(line, line.cpu.median) : '',
    targetText(line),
    verdict(line),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const show = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [show(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(show)].join('\n');
}

/** For machines: the same, and what it was measured on. */
export const jsonOf = (lines: readonly Line[], inMemory: boolean): string =>
  JSON.stringify(
    {
      node: process.version,
      system: `${process.platform} ${release()}`,
      cores: cpus().length,
      inMemory,
      lines: lines.map((line) => ({ ...line, pass: passes(line) })),
    },
    undefined,
    2,
  );

const verdict = (line: Line): string => {
  if (line.target === undefined) return '';
  return passes(line) ? 'pass' : 'short';
};

const spread = (line: Line): string => {
  const [median, min, max] = [line.value.median, line.value.min, line.value.max].map((one) => shown(line, one));
  return `${median} (${min}, ${max})`;
};

/** A number in the unit of its line. */
function shown({ target }: Line, number: number): string {
  const unit = target?.unit ?? 'x';
  return unit === 'x' ? times(number) : `${number.toFixed(0)} ${unit}`;
}

const targetText = ({ target }: Line): string => {
  if (target === undefined) return '';
  if ('atLeast' in target) return `≥ ${target.atLeast} ×`;
  return `≤ ${target.atMost} ${target.unit === 'x' ? '×' : target.unit}`;
};

const times = (ratio: Ratio['median']): string => (ratio >= 20 ? ratio.toFixed(0) : ratio.toFixed(2));
