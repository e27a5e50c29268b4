import { lineEnd, past } from './curly.ts';
import type { Reference } from './reference.ts';

/** Imports stand between the package clause and the first declaration: reading ends there. */
export function scanGo(text: string): Reference[] {
  const found: Reference[] = [];
  let inList = false;
  for (let at = 0; at < text.length;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return found;
    const [token] = match;
    at = match.index + token.length;
    if (token === '//') at = lineEnd(text, at);
    else if (token === '/*') at = past(text, '*/', at);
    else if (token === '(' || token === ')') inList = token === '(';
    else if (/^["`]/.test(token)) found.push({ kind: 'import', specifier: token.slice(1, -1) });
    else if (!inList && DECLARATIONS.has(token)) return found;
  }
  return found;
}

const TOKEN = /\/\/|\/\*|[()]|"[^"\n]*"|`[^`]*`|\w+/g;
const DECLARATIONS = new Set(['func', 'var', 'const', 'type']);
