import { LineCounter } from 'yaml';
import { type Entry, readPlainYaml } from './plain-yaml.ts';
import type { Path, Range } from './problem.ts';

/** Of a text that was read the fast way the places are found by reading it that way again. */
export function plainText(value: unknown, text: string) {
  let known: { find: (path: Path) => Found; lines: LineCounter } | undefined;
  const rangeAt = (path: Path, isKey: boolean): Range => {
    known ??= { find: finder(text), lines: linesOf(text) };
    const { entry, depth } = known.find(path);
    const [start, end] = isKey && depth === path.length ? keyPlace(text, entry) : itemPlace(text, entry, path[depth]);
    return rangeOf({ text, lines: known.lines }, start, end);
  };
  return { value, rangeAt: (path: Path) => rangeAt(path, false), keyRangeAt: (path: Path) => rangeAt(path, true) };
}

/** The nearest place there is on the way to a path, and how much of the path leads to it. */
interface Found {
  entry: Entry;
  depth: number;
}

const keyOf = (path: Path): string => path.join('\0');
const LARGE = 200_000;

/** In a large text only the tasks are noted; where something in one of them is asked for, that one is read again. */
function finder(text: string): (path: Path) => Found {
  const isLarge = text.length > LARGE;
  const places = placesOf(text, isLarge ? 2 : Number.MAX_SAFE_INTEGER);
  return (path) => {
    const found = nearestPlace(places, path);
    if (!isLarge || found.depth !== 2 || path.length === 2 || typeof path[1] !== 'number') return found;
    const { key, end } = found.entry;
    const next = places.get(keyOf([path[0] ?? '', path[1] + 1]))?.key;
    const item = text.slice(key, next === undefined ? undefined : text.lastIndexOf('\n', next) + 1);
    const shift = key - (text.lastIndexOf('\n', key) + 1);
    const inside = nearestPlace(placesOf(' '.repeat(shift) + item, 2), path.slice(2));
    if (inside.depth === 0) return { entry: { key, start: key, end }, depth: 2 };
    return { entry: moved(inside.entry, key - shift), depth: inside.depth + 2 };
  };
}

const moved = ({ key, start, end }: Entry, by: number): Entry => ({ key: key + by, start: start + by, end: end + by });

function nearestPlace(places: ReadonlyMap<string, Entry>, path: Path): Found {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const entry = places.get(keyOf(path.slice(0, depth)));
    if (entry) return { entry, depth };
  }
  // The whole text starts at its first key.
  const { key, end } = places.values().next().value ?? { key: 0, end: 1 };
  return { entry: { key, start: key, end }, depth: 0 };
}

function placesOf(text: string, deepest: number): Map<string, Entry> {
  const places = new Map<string, Entry>();
  readPlainYaml(text, (path, entry) => path.length <= deepest && places.set(keyOf(path), entry));
  return places;
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  return lines;
}

const keyPlace = (text: string, { key, end }: Entry): [number, number] => [
  key,
  key + (/^[\w-]+/.exec(text.slice(key, end))?.[0].length ?? 1),
];

/** The place of one of `[a, b]`, where that is what stands there. */
function itemPlace(text: string, { start, end }: Entry, index: string | number | undefined): [number, number] {
  if (typeof index !== 'number' || text[start] !== '[') return [start, end];
  const items = text.slice(start + 1, end - 1).split(',');
  const item = items[index] ?? '';
  const first = start + 1 + items.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0);
  const blank = item.length - item.trimStart().length;
  return [first + blank, first + item.trimEnd().length];
}

/** A text and where its lines begin. */
export interface Lines {
  lines: LineCounter;
  text: string;
}

/** Cut to the first line: a squiggle under a whole task says nothing. */
export function rangeOf({ lines, text }: Lines, start: number, end: number): Range {
  const { line, col } = lines.linePos(Math.min(start, text.length));
  const stop = text.slice(start, Math.max(end, start + 1)).search(/[\r\n]/);
  const width = stop === -1 ? end - start : stop;
  const column = Math.max(col, 1);
  return { line: Math.max(line, 1), column, endLine: Math.max(line, 1), endColumn: column + Math.max(width, 1) };
}
