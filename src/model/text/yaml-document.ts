import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  type Pair,
  type Scalar,
} from 'yaml';
import { rangeOf } from './plain-places.ts';
import { at, type Path, type Range } from './problem.ts';

/** A YAML text as plain data, with the places of its parts. */
export interface YamlText {
  /** Mappings, lists and strings only (and null from JSON): scalars are kept as written (`1.10` stays `1.10`), an empty value is ''. */
  value: unknown;
  /** The first line of the value at a path, or of the nearest ancestor that is there. */
  rangeAt(path: Path): Range;
  /** The key that leads to the value. */
  keyRangeAt(path: Path): Range;
}

/** A text as the library reads it. */
export interface Composed {
  document: Document.Parsed;
  lines: LineCounter;
  text: string;
}

/** Scalars stay as they are written. Not to be asked for a text that `isTooDeep`. */
export function compose(text: string): Composed {
  const lines = new LineCounter();
  return {
    document: parseDocument(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'error', lineCounter: lines }),
    lines,
    text,
  };
}

const DEEPEST = 300;

/**
 * The library recurses, and some nestings cost it minutes or the whole process before an error could be caught. This
 * looks at brackets and indentation alone, so it may refuse a text that holds hundreds of open brackets as words.
 */
export function isTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(open - 1, 0);
    if (open > DEEPEST) return true;
  }
  return /^ {600}|^[ \t]*(?:[-?:][ \t]+){100}/m.test(text);
}

/** Places are asked for only when there is something to report. */
export function lazily(value: unknown, composed: () => Composed): YamlText {
  let known: Composed | undefined;
  const document = (): Composed => (known ??= composed());
  return {
    value,
    rangeAt: (path) => valueRange(document(), path),
    keyRangeAt: (path) => keyRange(document(), path),
  };
}

/** A value that does not stand on the line of its key is where the key is. */
function valueRange(composed: Composed, path: Path): Range {
  for (let length = path.length; length > 0; length -= 1) {
    const way = path.slice(0, length);
    const node = composed.document.getIn(way, true);
    const range = placeOf(node);
    if (!range) continue;
    const isBelow = range[1] <= range[0] || (isCollection(node) ? !node.flow : isScalar(node) && isBlock(node));
    const key = isBelow && typeof way.at(-1) === 'string' ? placeOf(pairAt(composed, way)?.key) : undefined;
    return rangeOf(composed, (key ?? range)[0], (key ?? range)[1]);
  }
  const range = placeOf(composed.document.contents);
  return range ? rangeOf(composed, range[0], range[1]) : at(1);
}

const isBlock = ({ type }: Scalar): boolean => type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';

function pairAt({ document }: Composed, path: Path): Pair | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const key = path.at(-1);
  return isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
}

function keyRange(composed: Composed, path: Path): Range {
  const range = placeOf(pairAt(composed, path)?.key);
  return range ? rangeOf(composed, range[0], range[1]) : valueRange(composed, path);
}

function placeOf(node: unknown): readonly [number, number, number] | undefined {
  if (isScalar(node) || isCollection(node) || isAlias(node)) return node.range ?? undefined;
  return undefined;
}
