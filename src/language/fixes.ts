import type { Fix, Problem } from '../model/text/problem.ts';
import { nearest } from '../model/text/nearest.ts';
import { repairPlan } from '../formats/validate.ts';
import { entriesOf, offsetIn, type TextFile } from './document.ts';
import { change, otherWords, type Placed, without } from './edit.ts';
import { fieldFixes } from './field-fixes.ts';
import { orchestraFixes } from './orchestra-fixes.ts';
import type { Shape } from './shapes/shape.ts';
import type { Entry, Span } from './entry.ts';
import { shapeOf } from './shapes/all.ts';

/** Every way to put a problem right, the likeliest first; each makes the problem go away. */
export function fixesFor(file: TextFile, problem: Problem): readonly Fix[] {
  const found = entryAt(file, problem);
  const at = { file, problem, offset: offsetIn(file, problem.range.line, problem.range.column) };
  return [
    ...(problem.fix ? [problem.fix] : []),
    ...(file.kind === 'plan' && problem.code === 'yaml' ? repaired(file) : []),
    ...(found ? [...wordFixes(at, found), ...keyFixes(at, found)] : []),
    ...fieldFixes(at),
    ...orchestraFixes(at),
  ].filter(({ title }, i, all) => all.findIndex((other) => other.title === title) === i);
}

/** Repairs are sought only when someone asks: it takes several readings. */
function repaired(file: TextFile): Fix[] {
  const { fix } = repairPlan(file);
  return fix ? [fix] : [];
}

/** The entry whose value, or else whose key, a problem is about. */
function entryAt(file: TextFile, { range }: Problem): Entry | undefined {
  const start = offsetIn(file, range.line, range.column);
  // The readers count the quotes, the sketch does not.
  const isAt = (span: Span | undefined): boolean =>
    span !== undefined && start <= span.start && span.start <= start + 1;
  const entries = entriesOf(file);
  return entries.findLast(({ value, word }) => word && isAt(value)) ?? entries.findLast(({ key }) => isAt(key));
}

/** Another of the words that may stand there. */
function wordFixes({ file, problem }: Placed, { path, value, word }: Entry): Fix[] {
  const shape = shapeOf(file, path);
  const words = Object.keys(shape?.words ?? {});
  if (!word || words.length === 0 || words.includes(word) || problem.fix) return [];
  return otherWords(file, value, word, words);
}

const UNKNOWN = /^"[^"]+" is (?:not known here|of an older version|the older name)/;

/** Another key, or none. */
function keyFixes({ file, problem, offset }: Placed, entry: Entry): Fix[] {
  const { path, key } = entry;
  const name = path.at(-1);
  if (!key || key.start > offset + 1 || key.end < offset) return [];
  if (typeof name !== 'string' || !UNKNOWN.test(problem.message)) return [];
  const parent = shapeOf(file, path.slice(0, -1));
  const instead = insteadOf(parent, name);
  const rename =
    instead === undefined
      ? []
      : [{ title: `Change to "${instead}"`, edits: [change(file, key, instead)], isCertain: true }];
  return [...rename, { title: `Remove "${name}"`, edits: [without(file, entry)], isCertain: false }];
}

function insteadOf(parent: Shape | undefined, name: string): string | undefined {
  const keys = Object.keys(parent?.keys ?? {}).filter((key) => parent?.keys?.[key]?.instead === undefined);
  const said = parent?.keys?.[name]?.instead;
  return said !== undefined ? keys.find((key) => key === said) : nearest(name, keys);
}
