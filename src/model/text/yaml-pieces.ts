import { isAlias, isNode, visit, type YAMLError } from 'yaml';
import { plainText } from './plain-places.ts';
import { readPlainYaml } from './plain-yaml.ts';
import type { Path, Range } from './problem.ts';
import { copyOf, type Piece } from './yaml-cut.ts';
import { type CutMemory, piecesOf } from './yaml-recut.ts';
import { compose, type Composed, isTooDeep, lazily, type YamlText } from './yaml-document.ts';

/**
 * What was read of a text before: pieces that an edit left alone are not read again, and their values are the same
 * objects. One for each text that is being written.
 */
export interface YamlMemory extends CutMemory {
  pieces: ReadonlyMap<string, ReadPiece>;
}

/** The memory of a text that was not read yet. */
export const nothingRead = (): YamlMemory => ({ pieces: new Map() });

/** A text read piece by piece; where a fault is fatal there is less in it than the text says. */
export interface Pieced {
  yaml: YamlText;
  faults: readonly Faults[];
}

/** What the library found wrong with a text whose first line is `firstLine` of the whole, from 0. */
export interface Faults {
  composed: Composed;
  errors: readonly YAMLError[];
  firstLine: number;
}

/** Whether there is nothing to be read where the library says this. */
export const isFatal = ({ code }: YAMLError): boolean => code !== 'DUPLICATE_KEY';

/**
 * Reads a text entry by entry, the fast way where an entry is plain, and by the library where not. Undefined for texts
 * that are more than their pieces: see `cutYaml`, and those with anchors or aliases.
 */
export function readPieces(text: string, memory: YamlMemory = nothingRead()): Pieced | undefined {
  const pieces = new Map<string, ReadPiece>();
  const placed: Placed[] = [];
  for (const { kind, text: own, line } of piecesOf(text, memory) ?? []) {
    const read = pieces.get(own) ?? memory.pieces.get(own) ?? readPiece(kind, own);
    if (!read) return undefined;
    pieces.set(own, read);
    placed.push({ read, kind, line });
  }
  const yaml = joined(placed);
  if (yaml) memory.pieces = pieces;
  return yaml && { yaml, faults: placed.flatMap(faultsOf) };
}

interface ReadPiece {
  yaml: YamlText;
  /** Where the library had to read it. */
  composed?: Composed;
}

function readPiece(kind: Piece['kind'], text: string): ReadPiece | undefined {
  const own = copyOf(text);
  // The fast way reads mappings: the dash of an item is left out, and every column stays where it is.
  const plain = kind === 'item' ? own.replace(/^( *)- /, '$1  ') : own;
  const read = readPlainYaml(plain);
  if (read) return { yaml: kind === 'item' ? onlyItem(read.value, plain) : plainText(read.value, plain) };
  if (isTooDeep(own)) return undefined;
  const composed = compose(own);
  if (hasAnchors(composed)) return undefined;
  const isBroken = composed.document.errors.some(isFatal);
  return { yaml: lazily(isBroken ? undefined : composed.document.toJS(), () => composed), composed };
}

/** A plain mapping as the one item of a list; the place of the item is its first line. */
function onlyItem(value: unknown, text: string): YamlText {
  const item = plainText(value, text);
  const endColumn = (text.split('\n', 1)[0] ?? '').trimEnd().length + 1;
  return {
    value: [value],
    rangeAt: (path) => (path.length === 1 ? { ...item.rangeAt([]), endColumn } : item.rangeAt(path.slice(1))),
    keyRangeAt: (path) => item.keyRangeAt(path.slice(1)),
  };
}

function hasAnchors({ document, text }: Composed): boolean {
  if (!/[&*]/.test(text)) return false;
  let found = false;
  visit(document, (_, node) => {
    found ||= isAlias(node) || (isNode(node) && 'anchor' in node && Boolean(node.anchor));
    return found ? visit.BREAK : undefined;
  });
  return found;
}

/** A piece where it stands. */
interface Placed {
  read: ReadPiece;
  kind: Piece['kind'];
  line: number;
}

function faultsOf({ read: { composed }, line }: Placed): Faults[] {
  const errors = composed?.document.errors ?? [];
  return composed && errors.length > 0 ? [{ composed, errors, firstLine: line }] : [];
}

/** What the pieces are together, and which of them has what. */
interface Joined {
  top: Record<string, unknown>;
  entries: Map<string, Placed>;
  items: Map<string, Placed[]>;
  /** The key that items are added to. */
  key: string;
}

/** Undefined where the text means something else than its pieces. */
function joined(pieces: readonly Placed[]): YamlText | undefined {
  const [first] = pieces;
  if (!first) return undefined;
  const all: Joined = { top: {}, entries: new Map(), items: new Map(), key: '' };
  // Of a broken text only what is wrong with it is looked at.
  const isBroken = pieces.some(({ read }) => read.yaml.value === undefined);
  if (!isBroken && !pieces.every((piece) => (piece.kind === 'item' ? joinItem : joinEntry)(all, piece)))
    return undefined;
  return placesOf(all, first);
}

function joinEntry(all: Joined, piece: Placed): boolean {
  const { value } = piece.read.yaml;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const [key, one] of Object.entries(value)) {
    if (key === '__proto__' || all.entries.has(key)) return false;
    all.top[key] = one;
    all.entries.set(key, piece);
    all.key = key;
  }
  return true;
}

function joinItem({ top, items, key }: Joined, piece: Placed): boolean {
  const { value } = piece.read.yaml;
  if (!Array.isArray(value) || value.length !== 1) return false;
  const [list, values] = [items.get(key), top[key]];
  if (list && Array.isArray(values)) {
    list.push(piece);
    values.push(value[0]);
    return true;
  }
  if (values !== '') return false;
  items.set(key, [piece]);
  top[key] = [value[0]];
  return true;
}

/** Places of the whole by those of its pieces: what stands above a piece moves it down, never sideways. */
function placesOf({ top, entries, items }: Joined, first: Placed): YamlText {
  const find = (path: Path): { piece: Placed; inside: Path } => {
    const [key, index, ...rest] = path;
    const entry = typeof key === 'string' ? entries.get(key) : undefined;
    if (!entry) return { piece: first, inside: [] };
    const item = typeof key === 'string' && typeof index === 'number' ? items.get(key)?.[index] : undefined;
    return item ? { piece: item, inside: [0, ...rest] } : { piece: entry, inside: path };
  };
  return {
    value: top,
    rangeAt: (path) => {
      const { piece, inside } = find(path);
      return lower(piece.read.yaml.rangeAt(inside), piece.line);
    },
    keyRangeAt: (path) => {
      const { piece, inside } = find(path);
      return lower(piece.read.yaml.keyRangeAt(inside), piece.line);
    },
  };
}

/** A range so many lines further down. */
export const lower = (range: Range, lines: number): Range => ({
  ...range,
  line: range.line + lines,
  endLine: range.endLine + lines,
});
