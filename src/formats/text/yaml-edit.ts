import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Path } from '../../model/text/problem.ts';

/**
 * Edits of a YAML text that leave every other byte as it is. A text that is not YAML, or a path that is not there,
 * comes back unchanged.
 */
export function setScalar(text: string, path: Path, value: string): string {
  const found = open(text);
  const node: unknown = found?.getIn(path, true);
  if (!isScalar(node) || !node.range || String(node.value) === value) return text;
  const [start, end] = node.range;
  const old = text.slice(start, end);
  if (old.trim() === '') return insert(text, start, `${text[start - 1] === ' ' ? '' : ' '}${plain(value)}`);
  return text.slice(0, start) + quotedAs(old, value) + (/\r?\n$/.exec(old)?.[0] ?? '') + text.slice(end);
}

const insert = (text: string, at: number, part: string): string => text.slice(0, at) + part + text.slice(at);

const open = (text: string): ReturnType<typeof parseDocument> | undefined => {
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'error' });
  return document.errors.some(({ code }) => code !== 'DUPLICATE_KEY') ? undefined : document;
};

const quotedAs = (old: string, value: string): string => {
  if (old.startsWith("'")) return `'${value.replaceAll("'", "''")}'`;
  return old.startsWith('"') ? JSON.stringify(value) : plain(value);
};

/** As YAML writes it: in quotes only where it must. */
export const plain = (value: string): string => stringify(value, { lineWidth: 0, blockQuote: false }).trimEnd();

/** Adds entries at the end of a list at the top of a mapping; a key that is not there is added at the end. */
export function appendItems(text: string, key: string, items: readonly unknown[]): string {
  const document = open(text);
  const contents = document?.contents;
  if (items.length === 0 || !document || (contents && !isMap(contents))) return text;
  return appended(text, key, { items, contents });
}

function appended(
  text: string,
  key: string,
  { items, contents }: { items: readonly unknown[]; contents: unknown },
): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const whole = text === '' || text.endsWith('\n') ? text : text + eol;
  const block = blockOf(items, eol);
  const pair = isMap(contents) ? pairOf(contents, key) : undefined;
  if (!pair) return `${whole}${key}:${eol}${block('  ')}`;
  const list = pair.value;
  if (!isSeq(list) || list.items.length === 0) return fillEmpty(whole, list, eol + block('  '));
  return list.flow ? text : insertBlock(whole, list, block);
}

/** The items as lines of block YAML, with any indentation. */
function blockOf(items: readonly unknown[], eol: string): (indent: string) => string {
  const lines = stringify(items, { lineWidth: 0 }).trimEnd().split('\n');
  return (indent) => lines.map((line) => (line === '' ? '' : indent + line) + eol).join('');
}

/** `key:` and `key: []` become a key with a block below it; anything else stays. */
function fillEmpty(text: string, list: unknown, block: string): string {
  const range = isSeq(list) || isScalar(list) ? list.range : undefined;
  if (!range || text.slice(range[0], range[1]).replaceAll(/[[\]\s]/g, '') !== '') return text;
  const line = lineEnd(text, range[0]);
  const comment = text.slice(Math.max(range[0], range[1]), line).trimEnd();
  return text.slice(0, range[0]).trimEnd() + comment + block + text.slice(line);
}

const pairOf = (map: YAMLMap, key: string) =>
  map.items.findLast((pair) => isScalar(pair.key) && pair.key.value === key);

function insertBlock(text: string, list: YAMLSeq, block: (indent: string) => string): string {
  const last = list.items.at(-1);
  const range = isScalar(last) || isMap(last) || isSeq(last) ? last.range : undefined;
  if (!range || !list.range) return text;
  const lead = text.slice(text.lastIndexOf('\n', list.range[0]) + 1, list.range[0]);
  const at = text[range[1] - 1] === '\n' ? range[1] : lineEnd(text, range[1]);
  return insert(text, at, block(/^ */.exec(lead)?.[0] ?? ''));
}

/** Where the line after the one with this offset starts. */
function lineEnd(text: string, offset: number): number {
  const next = text.indexOf('\n', offset);
  return next === -1 ? text.length : next + 1;
}
