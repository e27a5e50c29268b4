import { type Cut, cutOn, cutYaml, mayBeCut, type Tail } from './yaml-cut.ts';

/** How a text was cut last: its readers need the same pieces, and the next version of it nearly the same. */
export interface CutMemory {
  cut?: { text: string; pieces: readonly Cut[] | undefined };
}

/** The pieces of a text, as `cutYaml` cuts it. What stands before and behind an edit is not cut anew. */
export function piecesOf(text: string, memory: CutMemory): readonly Cut[] | undefined {
  const { cut } = memory;
  if (cut?.text === text) return cut.pieces;
  const pieces = cut?.pieces ? recut(text, cut.text, cut.pieces) : cutYaml(text);
  memory.cut = { text, pieces };
  return pieces;
}

function recut(text: string, before: string, known: readonly Cut[]): readonly Cut[] | undefined {
  const [head, tail] = sameEnds(text, before);
  // The piece before the one that was edited is cut again as well: it may reach further now.
  const first = known.findLastIndex(({ start }) => start <= head) - 1;
  const piece = known[first];
  const end = text.indexOf('\n', text.length - tail);
  if (!piece || first < 1 || !mayBeCut(text.slice(piece.start, end === -1 ? undefined : end))) return cutYaml(text);
  const { start: at, line, above: list } = piece;
  const rest = tailOf(known, before.length - tail, text.length - before.length);
  return cutOn({ text, at, line, pieces: known.slice(0, first), list, isPart: true }, rest);
}

/** How many characters two texts begin with, and end with behind those, that are the same. */
function sameEnds(a: string, b: string): [head: number, tail: number] {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head + STEP <= most && a.startsWith(b.slice(head, head + STEP), head)) head += STEP;
  while (head < most && a.charCodeAt(head) === b.charCodeAt(head)) head += 1;
  let tail = 0;
  const isSame = (more: number): boolean =>
    tail + more <= most - head &&
    a.startsWith(b.slice(b.length - tail - more, b.length - tail), a.length - tail - more);
  while (isSame(STEP)) tail += STEP;
  while (isSame(1)) tail += 1;
  return [head, tail];
}

/** Characters that are compared at once. */
const STEP = 4096;

/** What begins at an old offset `from` or later, moved by as much as the text before it grew. */
function tailOf(known: readonly Cut[], from: number, by: number): Tail {
  let next = known.findIndex(({ start }) => start >= from);
  return ({ at, line, list }) => {
    while (next !== -1 && (known[next]?.start ?? Infinity) < at - by) next += 1;
    const piece = known[next];
    if (piece?.start !== at - by || piece.above !== list) return undefined;
    const down = line - piece.line;
    return known.slice(next).map((one) => ({ ...one, start: one.start + by, line: one.line + down }));
  };
}
