import { cutYaml, type Piece } from '../model/text/yaml-cut.ts';
import type { Entry, Span } from './entry.ts';
import { sketchYaml } from './sketch.ts';

/** What was sketched of a text before it changed: the entries of each piece, as if it were a text of its own. */
export interface SketchMemory {
  sketches: ReadonlyMap<string, readonly Entry[]>;
}

/**
 * The entries of a part of a text, which is sketched piece by piece: a mistake spoils its own piece, and an edit costs
 * no more than that.
 */
export function sketchPieces(text: string, { start, end }: Span, memory: SketchMemory): Entry[] {
  const own = text.slice(start, end);
  const pieces: readonly Piece[] = cutYaml(own) ?? [{ kind: 'entry', text: own, start: 0, line: 0 }];
  const sketches = new Map<string, readonly Entry[]>();
  const joined: Joined = { found: [], list: undefined };
  for (const piece of pieces) {
    const entries = sketches.get(piece.text) ?? memory.sketches.get(piece.text) ?? sketchYaml(piece.text);
    sketches.set(piece.text, entries);
    (piece.kind === 'item' ? joinItem : joinEntry)(joined, entries, piece.start + start);
  }
  memory.sketches = sketches;
  return joined.found;
}

interface Joined {
  found: Entry[];
  /** What items are added to: the last entry at the top. */
  list: { entry: Entry; length: number } | undefined;
}

type Join = (joined: Joined, entries: readonly Entry[], by: number) => void;

const joinEntry: Join = (joined, entries, by) => {
  for (const one of entries) {
    const entry = moved(one, by, one.path);
    joined.found.push(entry);
    if (entry.path.length === 1) joined.list = { entry, length: 0 };
  }
};

/** The items of a piece count on from those before, and their list reaches as far as they do. */
const joinItem: Join = ({ found, list }, entries, by) => {
  if (!list) return;
  const { entry: head, length: before } = list;
  for (const one of entries) {
    const at = before + Number(one.path[0]);
    const entry = moved(one, by, head.path.concat(at, one.path.slice(1)));
    found.push(entry);
    list.length = Math.max(list.length, at + 1);
    head.end = Math.max(head.end, entry.end);
  }
};

/** Field by field: of a large plan there are ten thousand, and spreading them takes most of the time. */
function moved({ start, end, value, key, word }: Entry, by: number, path: Entry['path']): Entry {
  const entry: Entry = { path, start: start + by, end: end + by, value: shifted(value, by) };
  if (key) entry.key = shifted(key, by);
  if (word !== undefined) entry.word = word;
  return entry;
}

const shifted = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });
