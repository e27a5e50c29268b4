import type { Piece } from '../model/text/yaml-cut.ts';
import { type CutMemory, piecesOf } from '../model/text/yaml-recut.ts';
import type { Entry, Span } from './entry.ts';
import { sketchYaml } from './sketch.ts';

/** What was sketched of a text before it changed. */
export interface SketchMemory extends CutMemory {
  sketches: ReadonlyMap<string, Sketch>;
}

/** A piece as if it were a text of its own, and where it stood last as the items of a list. */
interface Sketch {
  entries: readonly Entry[];
  placed?: Placed;
}

/** The entries of a piece in their text; who has them changes nothing in them. */
interface Placed {
  by: number;
  list: string | number | undefined;
  /** The index of its first item. */
  first: number;
  entries: readonly Entry[];
  /** One more than the index of its last item. */
  length: number;
  end: number;
}

/**
 * The entries of a part of a text, which is sketched piece by piece: a mistake spoils its own piece, and an edit costs
 * no more than that and what stands elsewhere for it.
 */
export function sketchPieces(text: string, { start, end }: Span, memory: SketchMemory): Entry[] {
  const own = text.slice(start, end);
  const pieces: readonly Piece[] = piecesOf(own, memory) ?? [{ kind: 'entry', text: own, start: 0, line: 0 }];
  const sketches = new Map<string, Sketch>();
  const joined: Joined = { found: [], list: undefined };
  for (const piece of pieces) {
    const sketch = sketches.get(piece.text) ?? memory.sketches.get(piece.text) ?? { entries: sketchYaml(piece.text) };
    sketches.set(piece.text, sketch);
    (piece.kind === 'item' ? joinItem : joinEntry)(joined, sketch, piece.start + start);
  }
  memory.sketches = sketches;
  return joined.found;
}

interface Joined {
  found: Entry[];
  /** What items are added to: the last entry at the top. */
  list: { entry: Entry; length: number } | undefined;
}

type Join = (joined: Joined, sketch: Sketch, by: number) => void;

const joinEntry: Join = (joined, { entries }, by) => {
  for (const one of entries) {
    const entry = moved(one, by, one.path);
    joined.found.push(entry);
    if (entry.path.length === 1) joined.list = { entry, length: 0 };
  }
};

/** The items of a piece count on from those before, and their list reaches as far as they do. */
const joinItem: Join = ({ found, list }, sketch, by) => {
  if (!list) return;
  const { entry: head, length: first } = list;
  const before = sketch.placed;
  const stays = before?.by === by && before.first === first && before.list === head.path[0];
  const placed = stays ? before : place(sketch.entries, { by, list: head.path[0], first });
  sketch.placed = placed;
  for (const entry of placed.entries) found.push(entry);
  list.length = Math.max(first, placed.length);
  head.end = Math.max(head.end, placed.end);
};

function place(entries: readonly Entry[], at: Pick<Placed, 'by' | 'list' | 'first'>): Placed {
  const placed = entries.map((one) =>
    moved(one, at.by, [at.list ?? '', at.first + Number(one.path[0]), ...one.path.slice(1)]),
  );
  return {
    ...at,
    entries: placed,
    length: placed.reduce((length, { path }) => Math.max(length, Number(path[1]) + 1), 0),
    end: placed.reduce((end, entry) => Math.max(end, entry.end), 0),
  };
}

/** Field by field: of a large plan there are ten thousand, and spreading them takes most of the time. */
function moved({ start, end, value, key, word }: Entry, by: number, path: Entry['path']): Entry {
  const entry: Entry = { path, start: start + by, end: end + by, value: shifted(value, by) };
  if (key) entry.key = shifted(key, by);
  if (word !== undefined) entry.word = word;
  return entry;
}

const shifted = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });
