import { scanGo } from './go.ts';
import { scanJava } from './java.ts';
import { scanJavaScript, scanTypeScript } from './javascript.ts';
import { scanPython } from './python.ts';
import type { Reference } from './reference.ts';
import { scanRust } from './rust.ts';

export type Language = 'javascript' | 'typescript' | 'python' | 'go' | 'rust' | 'java';

const LANGUAGES: Readonly<Record<string, Language>> = {
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  py: 'python',
  pyi: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
};

const SCANNERS: Readonly<Record<Language, (text: string) => Reference[]>> = {
  javascript: scanJavaScript,
  typescript: scanTypeScript,
  python: scanPython,
  go: scanGo,
  rust: scanRust,
  java: scanJava,
};

/** By the end of its name; undefined where we know nothing of a file's imports. */
export function languageOf(path: string): Language | undefined {
  const dot = path.lastIndexOf('.');
  const ending = path.slice(dot + 1);
  return dot === -1 || !Object.hasOwn(LANGUAGES, ending) ? undefined : LANGUAGES[ending];
}

/** What a text imports, in order, each mention once: parts of the text. Never throws; time is linear in the text. */
export function scanImports(text: string, language: Language): Reference[] {
  const found = SCANNERS[language](text);
  return found.length > FEW ? distinct(found) : found.filter(isFirst);
}

/** So many are compared with each other faster than they are put into a table. */
const FEW = 30;

function isFirst(one: Reference, at: number, all: readonly Reference[]): boolean {
  for (let before = 0; before < at; before += 1) {
    const other = all[before];
    if (other?.specifier === one.specifier && other.kind === one.kind && namesOf(other) === namesOf(one)) return false;
  }
  return true;
}

function distinct(found: readonly Reference[]): Reference[] {
  const seen = new Map<string, Reference>();
  for (const one of found) {
    const key = `${one.kind} ${one.specifier} ${namesOf(one)}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}

const namesOf = ({ names }: Reference): string => names?.join() ?? '';
