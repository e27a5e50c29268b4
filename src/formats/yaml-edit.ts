import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Path } from '../model/yaml-text.ts';

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
  const document = items.length === 0 ? undefined : open(text);
  if (!document || (!isMap(document.contents) && document.contents !== null)) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const whole = text === '' || text.endsWith('\n') ? text : text + eol;
  const pair = isMap(document.contents) ? pairOf(document.contents, key) : undefined;
  const block = (indent: string): string =>
    stringify(items, { lineWidth: 0 })
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : indent + line) + eol)
      .join('');
  if (!pair) return `${whole}${key}:${eol}${block('  ')}`;
  const list = pair.value;
  if (isSeq(list) && !list.flow && list.items.length > 0) return insertBlock(whole, list, block);
  if (isSeq(list) && list.items.length > 0) return text;
  const range = isSeq(list) || isScalar(list) ? list.range : undefined;
  if (!range || whole.slice(range[0], range[1]).replaceAll(/[[\]\s]/g, '') !== '') return text;
  const line = lineEnd(whole, range[0]);
  const kept = whole.slice(0, range[0]).trimEnd() + whole.slice(Math.max(range[0], range[1]), line).trimEnd();
  return kept + eol + block('  ') + whole.slice(line);
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
