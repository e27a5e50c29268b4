import { lineEnd, past, pastQuote, type Quoting, withoutQuoted } from './curly.ts';
import type { Reference } from './reference.ts';

/** `mod a;`, `use crate::a::{b, c::d}`, `extern crate a`; a `use` of several names is given as one reference each. */
export function scanRust(text: string): Reference[] {
  const code = withoutQuoted(text, QUOTING);
  const found: Reference[] = [];
  for (const [, name] of code.matchAll(MOD)) if (name !== undefined) found.push({ kind: 'module', specifier: name });
  for (const [, name] of code.matchAll(CRATE)) if (name !== undefined) found.push({ kind: 'import', specifier: name });
  for (const match of code.matchAll(USE))
    for (const specifier of treesIn(code, match)) found.push({ kind: 'import', specifier });
  return found;
}

const MOD = /\bmod\s+(?:r#)?(\w+)\s*;/gu;
const CRATE = /\bextern\s+crate\s+(\w+)/gu;
const USE = /\buse\s+([^;=()"]+)/gu;

/** Taken as far as it goes and looked at then, so that text full of the word is passed once. */
function treesIn(code: string, match: RegExpExecArray): string[] {
  const closed = code[match.index + match[0].length] === ';';
  return closed ? expand(match[1]?.split(/\buse\s/u).at(-1) ?? '') : [];
}

/** `a::{b, c::{d, e as f}}` → a::b, a::c::d, a::c::e. */
function expand(tree: string): string[] {
  const prefixes: string[] = [''];
  const found: string[] = [];
  let path = '';
  const finish = (): void => {
    const name = path.replace(/\s+as\s+\w+\s*$/u, '').replaceAll(/\s|r#/g, '');
    if (name !== '') found.push(`${prefixes.at(-1) ?? ''}${name}`.replace(/::self$/, '').replace(/^::/, ''));
    path = '';
  };
  for (const character of tree) {
    if (character === '{') {
      if (prefixes.length > DEEPEST || path.length > LONGEST) return found;
      prefixes.push(`${prefixes.at(-1) ?? ''}${path.replaceAll(/\s|r#/g, '')}`);
      path = '';
    } else if (character === '}' || character === ',') {
      finish();
      if (character === '}' && prefixes.length > 1) prefixes.pop();
    } else path += character;
  }
  finish();
  return found;
}

/** Nobody nests a `use` deeper. */
const DEEPEST = 16;
const LONGEST = 500;

const QUOTING: Quoting = {
  mark: /\/\/|\/\*|\bb?r#*"|"|'(?:\\.|[^\\'\n])'/g,
  end: (text, at, mark) => {
    if (mark === '//') return lineEnd(text, at);
    if (mark === '/*') return pastNested(text, at + 2);
    if (mark === '"') return pastQuote(text, at, '"');
    if (mark.startsWith("'")) return at + mark.length;
    return past(text, `"${'#'.repeat(mark.split('#').length - 1)}`, at + mark.length);
  },
};

/** Block comments nest. */
function pastNested(text: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 1;
  for (let match = edge.exec(text); match !== null; match = edge.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return text.length;
}
