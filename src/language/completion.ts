import type { Path } from '../model/text/problem.ts';
import { keysAt, newMemory, type TextFile, yamlRegion } from './document.ts';
import { tasksOf } from './mentions.ts';
import type { Names, Shape } from './shapes/shape.ts';
import type { Entry, Span } from './entry.ts';
import { sketchPieces } from './sketch-pieces.ts';
import { shapeOf } from './shapes/all.ts';

/** Something that fits where the cursor is. */
export interface Offer {
  label: string;
  /** What is written; the label unless it says more. */
  insert: string;
  kind: 'key' | 'word' | 'task' | 'name' | 'file';
  detail: string;
  about: string;
  isOld: boolean;
}

/** What may be written at a place, and what of the text it takes the place of. */
export interface Offers {
  replace: Span;
  offers: readonly Offer[];
  /** Names that the text itself does not hold: the editor knows them. */
  names?: Exclude<Names, 'tasks'>;
}

/** A word that nobody writes, of letters that may begin a key. */
const MARK = '_here_9c1f_';
const WORD = /[^\s,:[\]{}"'#]*$/;

/**
 * What fits at an offset. The text before it decides, so a text that is being written will do: a mark is put where the
 * cursor is, and what the mark turns out to be in a sketch is what is being written.
 */
export function offersAt(file: TextFile, offset: number): Offers | undefined {
  const region = yamlRegion(file);
  if (!region || offset < region.start || offset > region.end) return undefined;
  const before = file.text.slice(0, offset);
  const start = offset - (WORD.exec(before)?.[0].length ?? 0);
  const place = placeAt(before.slice(0, start), region.start, file.memory);
  if (!place) return undefined;
  const behind = /^[^\s,:[\]{}"'#]*/.exec(file.text.slice(offset))?.[0].length ?? 0;
  const replace = { start, end: offset + behind };
  return {
    replace,
    ...offersFor(file, place, { shape: shapeOf(file, place.path), hasColon: colonAt(file.text, replace) }),
  };
}

interface Place {
  /** Of a value, or of the mapping that a key is written in. */
  path: Path;
  isKey: boolean;
}

function offersFor(file: TextFile, { path, isKey }: Place, { shape, hasColon }: Keys): Omit<Offers, 'replace'> {
  if (isKey || !shape) return { offers: keysFor(file, path, { shape, hasColon }) };
  // An item that is a mapping begins with one of its keys.
  const keys = typeof path.at(-1) === 'number' ? keysFor(file, path, { shape, hasColon }) : [];
  const { names } = shape;
  return {
    offers: [...wordsFor(file, shape, path), ...keys],
    ...(names && names !== 'tasks' ? { names } : {}),
  };
}

const colonAt = (text: string, { end }: Span): boolean => /^\s*:/.test(text.slice(end, end + 20));

/** What is being written behind a text; the memory stays that of the whole text. */
function placeAt(before: string, from: number, memory = newMemory()): Place | undefined {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (/(?:^|\s)#/.test(line)) return undefined;
  const isBare = /^\s*$/.test(line);
  const text = before + MARK + (isBare ? ':' : '');
  const entries = sketchPieces(text, { start: from, end: text.length }, { ...memory });
  const found = entries.findLast((entry) => holds(text, entry));
  if (!found) return undefined;
  const isKey = found.key !== undefined && text.slice(found.key.start, found.key.end).includes(MARK);
  return isKey ? { path: found.path.slice(0, -1), isKey } : { path: found.path, isKey };
}

const holds = (text: string, { key, word }: Entry): boolean =>
  word?.endsWith(MARK) === true || (key !== undefined && text.slice(key.start, key.end) === MARK);

interface Keys {
  shape: Shape | undefined;
  /** There is a colon behind the word already. */
  hasColon: boolean;
}

/** The keys that are not there yet. */
function keysFor(file: TextFile, path: Path, { shape, hasColon }: Keys): Offer[] {
  const there = new Set(keysAt(file, path).map((entry) => entry.path.at(-1)));
  return Object.entries(shape?.keys ?? {})
    .filter(([key]) => !there.has(key))
    .map(([key, { about, default: usual, instead }]) => ({
      label: key,
      insert: hasColon ? key : `${key}: `,
      kind: 'key',
      detail: usual === undefined ? '' : `default: ${usual}`,
      about: instead === undefined ? about : `${about} Instead: ${instead}.`,
      isOld: instead !== undefined,
    }));
}

function wordsFor(file: TextFile, shape: Shape, path: Path): Offer[] {
  const offer = (kind: Offer['kind'], label: string, more: Partial<Offer>): Offer => ({
    label,
    insert: label,
    kind,
    detail: '',
    about: '',
    isOld: false,
    ...more,
  });
  const words = Object.entries(shape.words ?? {}).map(([word, about]) =>
    offer('word', word, { about, ...(word === shape.default ? { detail: 'default' } : {}) }),
  );
  if (shape.names !== 'tasks') return words;
  const own = ownTask(file, path);
  const tasks = tasksOf(file).filter(({ id }) => id !== own);
  return tasks.map(({ id, title }) => offer('task', id, { detail: title }));
}

/** A task depends on others, not on itself. */
function ownTask(file: TextFile, path: Path): string | undefined {
  const at = path.indexOf('tasks');
  const index = path[at + 1];
  if (at === -1 || typeof index !== 'number') return undefined;
  return tasksOf(file).find((_, i) => i === index)?.id;
}
