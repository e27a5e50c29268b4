import { quotedEnd } from '../formats/text/yaml-lines.ts';
import type { Entry } from './entry.ts';

/** Where in a text a value in brackets is read, and how far at most. */
interface Flow {
  text: string;
  end: number;
  found: Entry[];
}

type Path = Entry['path'];
const DEEPEST = 100;

/**
 * Notes the entries of a value in brackets, closed or not, as far as `end`; answers where it ends. JSON is such a
 * value. A key without a value is noted too: someone may be writing it.
 */
export function noteFlow(flow: Flow, at: number, path: Path): number {
  const open = flow.text[at];
  if (path.length > DEEPEST) return flow.end;
  const next = open === '{' ? pair : item;
  let here = at + 1;
  for (let index = 0; here < flow.end; index += 1) {
    here = skip(flow, here, /[\s,]/);
    const sign = flow.text[here];
    if (sign === undefined || here >= flow.end) break;
    if (sign === '}' || sign === ']') return here + 1;
    const behind = next(flow, here, [...path, index]);
    // A stray sign: nothing of it can be understood.
    here = behind > here ? behind : here + 1;
  }
  return flow.end;
}

function item(flow: Flow, at: number, path: Path): number {
  const entry: Entry = { path, start: at, end: at, value: { start: at, end: at } };
  flow.found.push(entry);
  return value(flow, at, entry);
}

function pair(flow: Flow, at: number, path: Path): number {
  const key = word(flow, at, true);
  const name = flow.text.slice(key.start, key.end);
  const entry: Entry = {
    path: [...path.slice(0, -1), name],
    key: { start: key.start, end: key.end },
    start: at,
    end: key.after,
    value: { start: key.after, end: key.after },
  };
  flow.found.push(entry);
  const colon = skip(flow, key.after, /\s/);
  if (flow.text[colon] !== ':') return key.after;
  const from = skip(flow, colon + 1, /\s/);
  // `{ id: , …`: nothing is written yet.
  if (from >= flow.end || /[,}\]]/.test(flow.text[from] ?? '')) {
    entry.value = { start: colon + 1, end: colon + 1 };
    entry.end = colon + 1;
    entry.word = '';
    return from;
  }
  return value(flow, from, entry);
}

function value(flow: Flow, at: number, entry: Entry): number {
  if ('[{'.includes(flow.text[at] ?? ' ')) {
    const end = noteFlow(flow, at, entry.path);
    entry.value = { start: at, end };
    entry.end = end;
    return end;
  }
  const { start, end, after } = word(flow, at, false);
  entry.value = { start, end };
  entry.word = flow.text.slice(start, end);
  entry.end = after;
  return after;
}

const skip = ({ text, end }: Flow, at: number, signs: RegExp): number => {
  let here = at;
  while (here < end && signs.test(text[here] ?? '')) here += 1;
  return here;
};

/** A word with or without quotes; `after` is behind the closing quote. */
function word({ text, end }: Flow, at: number, isKey: boolean): { start: number; end: number; after: number } {
  if (text[at] === '"' || text[at] === "'") {
    const line = text.slice(at, end).split('\n', 1)[0] ?? '';
    const closed = quotedEnd(line);
    const after = at + (closed === -1 ? line.trimEnd().length : closed);
    return { start: at + 1, end: Math.max(at + 1, closed === -1 ? after : after - 1), after };
  }
  let here = at;
  while (here < end && !isOver(text, here, isKey)) here += 1;
  const length = text.slice(at, here).trimEnd().length;
  return { start: at, end: at + length, after: at + length };
}

const isOver = (text: string, at: number, isKey: boolean): boolean =>
  /[,[\]{}\n]/.test(text[at] ?? '') || (text[at] === ':' && (isKey || /\s/.test(text[at + 1] ?? ' ')));
