import { lineEnd, past, pastQuote, type Quoting, withoutQuoted } from './curly.ts';
import type { Reference } from './reference.ts';

/** The package and the imports; `static` ones name the class they are taken from. */
export function scanJava(text: string): Reference[] {
  const code = withoutQuoted(text, QUOTING);
  const found: Reference[] = [];
  const pack = /(?:^|[;\s])package\s+([\w.]+)\s*;/u.exec(code)?.[1];
  if (pack !== undefined) found.push({ kind: 'package', specifier: pack });
  for (const [, fixed, name] of code.matchAll(IMPORT)) {
    const specifier = (name ?? '').replaceAll(/\s/g, '');
    found.push({ kind: 'import', specifier: fixed === undefined ? specifier : specifier.replace(/\.[\w*]+$/u, '') });
  }
  return found;
}

const IMPORT = /(?:^|[;\s])import\s+(static\s+)?([\w.]+(?:\.\*)?)\s*;/gu;

const QUOTING: Quoting = {
  mark: /\/\/|\/\*|"""|"|'/g,
  end: (text, at, mark) => {
    if (mark === '//') return lineEnd(text, at);
    if (mark === '/*') return past(text, '*/', at + 2);
    if (mark === '"""') return past(text, '"""', at + 3);
    return Math.min(pastQuote(text, at, mark), lineEnd(text, at));
  },
};
