import type { Reference } from './reference.ts';

/** `import a.b, c as d`, `from ..a import (b, c)`, wherever a statement may stand. */
export function scanPython(text: string): Reference[] {
  const end = text.lastIndexOf('import');
  if (end === -1) return [];
  const found: Reference[] = [];
  for (const match of withoutStrings(text, endOfLast(text, end)).matchAll(STATEMENT)) {
    const [, modules, from, names] = match;
    if (from !== undefined)
      found.push({ kind: 'import', specifier: from.replaceAll(/\s/g, ''), names: namesIn(names) });
    else for (const specifier of namesIn(modules)) found.push({ kind: 'import', specifier });
  }
  return found;
}

/** Reading ends with the last import: at its line's end or at the next closing parenthesis, whichever is later. */
function endOfLast(text: string, at: number): number {
  const line = text.indexOf('\n', at);
  const list = text.indexOf(')', at);
  return line === -1 || text[line - 1] === '\\' ? -1 : Math.max(line, list);
}

/** Groups: the modules of `import`; the module and the names of `from … import`. */
const STATEMENT =
  /(?:^|[;:])[ \t\f]*(?:import[ \t]+([^\n;#]+)|from(?=[ \t.])([\w. \t]+?)(?<=[ \t.])import\b[ \t]*(\([^()]*\)?|[^\n;#]+))/gmu;

function namesIn(list = ''): string[] {
  const names = list.replaceAll(/[()\\]/g, ' ').split(',');
  return names.flatMap((name) => /^\s*([\w.*]+(?:\s*\.\s*\w+)*)/u.exec(name)?.[1]?.replaceAll(/\s/g, '') ?? []);
}

/** The text with nothing in its strings and comments, and its continued lines joined. */
function withoutStrings(text: string, end: number): string {
  const stop = end === -1 ? text.length : end;
  const kept: string[] = [];
  let from = 0;
  MARK.lastIndex = 0;
  for (let mark = MARK.exec(text); mark !== null && mark.index <= stop; mark = MARK.exec(text)) {
    kept.push(text.slice(from, mark.index));
    from = endOf(text, mark.index, mark[0]);
    if (mark[0].startsWith('\\')) kept.push(' ');
    else if (mark[0] !== '#') kept.push('""');
    MARK.lastIndex = from;
  }
  kept.push(text.slice(from, Math.max(stop, from)));
  return kept.join('');
}

const MARK = /#|"""|'''|"|'|\\\r?\n/g;

function endOf(text: string, at: number, mark: string): number {
  if (mark.startsWith('\\')) return at + mark.length;
  if (mark === '#') return orEnd(text, text.indexOf('\n', at), 0);
  const long = mark.length === 3;
  for (let i = at + mark.length; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 92) i += 1;
    else if (code === 10 && !long) return i;
    else if (code === mark.charCodeAt(0) && (!long || text.startsWith(mark, i))) return i + mark.length;
  }
  return text.length;
}

const orEnd = (text: string, at: number, more: number): number => (at === -1 ? text.length : at + more);
