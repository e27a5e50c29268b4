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
  visit,
  type YAMLError,
} from 'yaml';
import { plainText, rangeOf } from './plain-places.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { at, type Path, type Problem, type Range, type Severity } from './problem.ts';

/** A YAML text as plain data, with the places of its parts. */
export interface YamlText {
  /** Mappings, lists and strings only (and null from JSON): scalars are kept as written (`1.10` stays `1.10`), an empty value is ''. */
  value: unknown;
  /** The first line of the value at a path, or of the nearest ancestor that is there. */
  rangeAt(path: Path): Range;
  /** The key that leads to the value. */
  keyRangeAt(path: Path): Range;
}

/** Texts above this many characters are refused: a plan of 10,000 tasks has about 4 million. */
const LONGEST_TEXT = 10_000_000;
const MOST_ALIASES = 1_000;
const MOST_ERRORS = 10;

/**
 * Reads one YAML 1.2 document. Duplicate keys are what the caller says: in the files agents write
 * they are a warning and the last one counts;
 * every other mistake of the text is an error and there is no `yaml`. Never throws.
 */
export function readYaml(
  text: string,
  file: string,
  duplicates: 'warning' | 'error' = 'warning',
): { yaml?: YamlText; problems: Problem[] } {
  if (text.length > LONGEST_TEXT) {
    return { problems: [problem(file, at(1), 'The text is longer than 10 MB. Split it.')] };
  }
  const plain = readPlainYaml(text);
  if (plain) return { yaml: plainText(plain.value, text), problems: [] };
  if (isTooDeep(text)) return { problems: [problem(file, at(1), 'This is nested too deep to be read.')] };
  const json = readJson(text);
  if (json !== undefined) return { yaml: lazily(json, () => compose(text)), problems: [] };
  try {
    return readDocument(text, file, duplicates);
  } catch (error) {
    return { problems: [problem(file, at(1), `This cannot be read as YAML: ${wordsOf(error)}`)] };
  }
}

const DEEPEST = 300;

/**
 * The library recurses, and some nestings cost it minutes or the whole process before an error could be caught. This
 * looks at brackets and indentation alone, so it may refuse a text that holds hundreds of open brackets as words.
 */
function isTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(open - 1, 0);
    if (open > DEEPEST) return true;
  }
  return /^ {600}|^[ \t]*(?:[-?:][ \t]+){100}/m.test(text);
}

/** In the order of the text. */
export const inOrderOfText = (problems: readonly Problem[]): Problem[] =>
  problems.toSorted((a, b) => a.range.line - b.range.line || a.range.column - b.range.column);

/** A problem of ours in a file of ours. */
export const problem = (file: string, range: Range, message: string, severity: Severity = 'error'): Problem => ({
  file,
  range,
  severity,
  message,
  source: 'orchestrate',
});

interface Composed {
  document: Document.Parsed;
  lines: LineCounter;
  text: string;
}

function compose(text: string): Composed {
  const lines = new LineCounter();
  return {
    document: parseDocument(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'error', lineCounter: lines }),
    lines,
    text,
  };
}

function readDocument(text: string, file: string, duplicates: Severity): { yaml?: YamlText; problems: Problem[] } {
  const composed = compose(text);
  const { document } = composed;
  const isFatal = ({ code }: YAMLError): boolean => code !== 'DUPLICATE_KEY' || duplicates === 'error';
  const mistakes = document.errors.filter(isFatal);
  // After the first few, errors are the consequence of those before.
  const told = mistakes.length > 0 ? mistakes.slice(0, MOST_ERRORS) : document.errors;
  const problems = told.map((error) => ofLibrary(composed, error, file, duplicates));
  if (mistakes.length > 0) return { problems };
  const bomb = text.includes('&') ? aliasProblem(composed, file) : undefined;
  if (bomb) return { problems: [...problems, bomb] };
  return { yaml: lazily(document.toJS({ maxAliasCount: -1 }), () => composed), problems };
}

/** An alias inside an anchored value can double what it stands for again and again, or contain itself. */
function aliasProblem(composed: Composed, file: string): Problem | undefined {
  const aliases: number[] = [];
  const nested: number[] = [];
  const unknown: number[] = [];
  visit(composed.document, {
    Alias(_, alias, ancestors) {
      const offset = alias.range?.[0] ?? 0;
      aliases.push(offset);
      if (ancestors.some((node) => isCollection(node) && node.anchor)) nested.push(offset);
      else if (!alias.resolve(composed.document)) unknown.push(offset);
    },
  });
  const found = (offset: number, message: string): Problem => problem(file, rangeOf(composed, offset, offset), message);
  if (nested[0] !== undefined)
    return found(nested[0], 'An alias inside an anchored value is refused: write the value out.');
  if (unknown[0] !== undefined) return found(unknown[0], 'This alias names no anchor above it: write the value out.');
  if (aliases.length <= MOST_ALIASES) return undefined;
  return found(aliases[MOST_ALIASES] ?? 0, `More than ${MOST_ALIASES} aliases are refused: write the values out.`);
}

const HINTS: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'Indent with spaces, not tabs.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'If ": " is part of a text, put the text in quotes.',
  MULTILINE_IMPLICIT_KEY: 'If ": " is part of a text, put the text in quotes.',
  BAD_DQ_ESCAPE: 'In double quotes a backslash is written twice; single quotes take it as it is.',
  MULTIPLE_DOCS: 'Keep one document: remove the "---" lines.',
  BAD_INDENT: 'Line it up with the entries beside it.',
};

function ofLibrary(composed: Composed, error: YAMLError, file: string, duplicates: Severity): Problem {
  const range = rangeOf(composed, error.pos[0], error.pos[1]);
  if (error.code === 'DUPLICATE_KEY') {
    const remedy = duplicates === 'error' ? 'Remove one of them.' : 'The last one counts.';
    return problem(file, range, `This key is here twice. ${remedy}`, duplicates);
  }
  const tabbed = /^ *\t/.test(composed.text.slice(composed.text.lastIndexOf('\n', error.pos[0] - 1) + 1));
  const hint = HINTS[tabbed ? 'TAB_AS_INDENT' : error.code];
  // The library speaks to programmers here.
  const words = error.code === 'MULTIPLE_DOCS' ? 'multiple documents in one file' : error.message;
  return problem(file, range, `Not valid YAML: ${words}.${hint ? ` ${hint}` : ''}`);
}

/** JSON is YAML, and JSON.parse is a hundred times faster; places are looked up in the document all the same. */
function readJson(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
    );
  } catch {
    return undefined; // Flow style YAML, or a mistake that the library words.
  }
}

/** Places are asked for only when there is something to report. */
function lazily(value: unknown, composed: () => Composed): YamlText {
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

const wordsOf = (error: unknown): string =>
  error instanceof RangeError ? 'it is nested too deep.' : error instanceof Error ? error.message : String(error);
