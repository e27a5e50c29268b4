import { at, type Path, type Problem } from '../../model/text/problem.ts';
import type { YamlText } from '../../model/text/yaml-document.ts';
import { problem, readYaml } from '../../model/text/yaml-text.ts';
import { originalRange } from './aligned.ts';
import { quoteAt, type Repair, repairScalars } from './repair-scalars.ts';
import { linesInside, takeApart } from './yaml-lines.ts';

/** A text that was made YAML where its meaning was certain. */
export interface RepairedYaml {
  /** Places are those of the text as it was written. */
  yaml?: YamlText;
  /** Line for line the text, with what was not YAML made so. */
  text: string;
  repairs: Problem[];
  problems: Problem[];
}

const ROUNDS = 6;
const MOST_REPAIRED = 2_000_000;

/**
 * Reads YAML as agents write it. Tabs, back-ticks and colons in plain texts, bad escapes, a Markdown fence around the
 * whole and documents in a row are repaired, every line stays where it is, and every repair is told; a key that is
 * there twice counts the last time. What is still no YAML then is refused with the offending text. Never throws.
 */
export function readRepaired(text: string, file: string): RepairedYaml {
  const first = readYaml(text, file);
  if (first.yaml) return { yaml: first.yaml, text, repairs: first.problems, problems: [] };
  if (text.length > MOST_REPAIRED) return { text, repairs: [], problems: first.problems };
  return [2, 4].map((width) => repaired(text, file, width)).find(({ yaml }) => yaml) ?? repaired(text, file, 2);
}

function repaired(text: string, file: string, width: number): RepairedYaml {
  const original = text.split('\n');
  const repairs: Repair[] = [];
  const lines = expandTabs(unwrap(original, repairs), width, repairs);
  repairScalars(lines, repairs);
  let read = readYaml(lines.join('\n'), file);
  for (let round = 0; round < ROUNDS && !read.yaml; round += 1) {
    const wrong = new Set(read.problems.map(({ range }) => range.line - 1));
    const changed = [...wrong].filter((line) => quoteAt(lines, line, repairs));
    if (changed.length === 0) break;
    read = readYaml(lines.join('\n'), file);
  }
  const place = (one: Problem): Problem => ({ ...one, range: originalRange(original, lines, one.range) });
  if (!read.yaml) return { text, repairs: [], problems: refusals(read.problems.map(place), lines, original) };
  const told = repairs.map((one) => place(toProblem(one, file)));
  return {
    yaml: relocated(read.yaml, original, lines),
    text: lines.join('\n'),
    repairs: [...told, ...read.problems.map(place)].toSorted((a, b) => a.range.line - b.range.line),
    problems: [],
  };
}

function relocated(yaml: YamlText, original: readonly string[], lines: readonly string[]): YamlText {
  return {
    value: yaml.value,
    rangeAt: (path: Path) => originalRange(original, lines, yaml.rangeAt(path)),
    keyRangeAt: (path: Path) => originalRange(original, lines, yaml.keyRangeAt(path)),
  };
}

function toProblem({ line, column, message, lastLine }: Repair, file: string): Problem {
  const range = { ...at(line + 1, column + 1), ...(lastLine === undefined ? {} : { endLine: lastLine + 1 }) };
  return { ...problem(file, range, message, 'info'), code: 'repaired' };
}

/** A value with entries below it is one mistake to a reader, however often the parser stumbles over it. */
function refusals(problems: readonly Problem[], lines: readonly string[], original: readonly string[]): Problem[] {
  const told: Problem[] = [];
  let until = 0;
  for (const one of problems) {
    if (one.range.line <= until) continue;
    const strays = straysBelow(lines, one.range.line);
    if (strays) until = strays.until;
    told.push(withText(strays ? { ...one, message: strays.message } : one, original));
  }
  return told;
}

/** Entries below the value on a line (from 1), with the last of their lines. */
function straysBelow(lines: readonly string[], line: number): { until: number; message: string } | undefined {
  const entry = takeApart(lines[line - 1] ?? '');
  if (entry?.key === undefined || entry.value === '') return undefined;
  const inside = linesInside(lines, line - 1, entry.column);
  const below = inside > 0 ? takeApart(lines[line] ?? '') : undefined;
  if (!below || (!below.isItem && below.key === undefined)) return undefined;
  const message = `Not valid YAML: the lines below "${entry.key}" belong to no key. Is one missing above them, or do they stand too far in?`;
  return { until: line + inside, message };
}

/** What stands there, so that the message can be understood without the file. */
function withText(one: Problem, lines: readonly string[]): Problem {
  const line = (lines[one.range.line - 1] ?? '').trim();
  if (line === '') return one;
  const shown = line.length > 60 ? `${line.slice(0, 60)}…` : line;
  return { ...one, message: `${one.message} Here: ${shown}` };
}

/** A fence around the whole file, and `---` between documents that name different things, become comments. */
function unwrap(original: readonly string[], repairs: Repair[]): string[] {
  const lines = [...original];
  const comment = (index: number, message: string): void => {
    const line = lines[index] ?? '';
    lines[index] = `#${line.slice(1)}`;
    repairs.push({ line: index, column: 0, message });
  };
  const first = lines.findIndex((line) => line.trim() !== '');
  if (/^```\s*(?:ya?ml|json)?\s*$/.test(lines[first] ?? '')) {
    comment(first, 'A Markdown fence around the file is left out.');
    const last = lines.findLastIndex((line) => line.trim() !== '');
    if (/^```\s*$/.test(lines[last] ?? '')) comment(last, 'A Markdown fence around the file is left out.');
  }
  joinDocuments(lines, comment);
  return lines;
}

function joinDocuments(lines: readonly string[], comment: (index: number, message: string) => void): void {
  const keys = new Set<string>();
  const marks = lines.flatMap((line, i) => (/^(?:---|\.\.\.)\s*$/.test(line) ? [i] : []));
  const bounds = [0, ...marks.map((mark) => mark + 1), lines.length + 1];
  for (let i = 0; i + 1 < bounds.length; i += 1) {
    const part = lines.slice(bounds[i], (bounds[i + 1] ?? 0) - 1);
    const own = part.flatMap((line) => /^([\w-]+):(?:\s|$)/.exec(line)?.[1] ?? []);
    // Two documents about the same thing are two files in one: which one is meant is not for us to say.
    if (own.some((key) => keys.has(key))) return;
    for (const key of own) keys.add(key);
  }
  for (const mark of marks.slice(
    lines.slice(0, marks[0]).every((line) => line.trim() === '' || line.startsWith('#')) ? 1 : 0,
  ))
    comment(mark, 'Several documents are read as one: no key is in two of them.');
}

function expandTabs(lines: readonly string[], width: number, repairs: Repair[]): string[] {
  let run: Repair | undefined;
  return lines.map((line, i) => {
    const lead = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (!lead.includes('\t') || line.trim() === '') return line;
    if (run?.lastLine === i - 1) run.lastLine = i;
    else {
      run = {
        line: i,
        column: lead.indexOf('\t'),
        lastLine: i,
        message: `Tabs at the start of a line are read as ${width} spaces each.`,
      };
      repairs.push(run);
    }
    return lead.replaceAll('\t', ' '.repeat(width)) + line.slice(lead.length);
  });
}
