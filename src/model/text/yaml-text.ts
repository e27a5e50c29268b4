import { isCollection, visit, type YAMLError } from 'yaml';
import { plainText, rangeOf } from './plain-places.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { at, type Problem, type Range, type Severity } from './problem.ts';
import { compose, type Composed, isTooDeep, lazily, type YamlText } from './yaml-document.ts';
import { type Faults, isFatal, lower, readPieces, type YamlMemory } from './yaml-pieces.ts';

/** Texts above this many characters are refused: a plan of 10,000 tasks has about 4 million. */
const LONGEST_TEXT = 10_000_000;
const MOST_ALIASES = 1_000;
const MOST_ERRORS = 10;

/**
 * Reads one YAML 1.2 document. Duplicate keys are what the caller says: in the files agents write
 * they are a warning and the last one counts;
 * every other mistake of the text is an error and there is no `yaml`. With a memory only what has changed since is
 * read; the answer is the same. Never throws.
 */
export function readYaml(
  text: string,
  file: string,
  duplicates: 'warning' | 'error' = 'warning',
  memory?: YamlMemory,
): ReadYaml {
  if (text.length > LONGEST_TEXT) {
    return { problems: [problem(file, at(1), 'The text is longer than 10 MB. Split it.')] };
  }
  const plain = memory ? undefined : readPlainYaml(text);
  if (plain) return { yaml: plainText(plain.value, text), problems: [] };
  try {
    return readAny(text, { file, duplicates, memory });
  } catch (error) {
    return { problems: [problem(file, at(1), `This cannot be read as YAML: ${wordsOf(error)}`)] };
  }
}

interface ReadYaml {
  yaml?: YamlText;
  problems: Problem[];
}

interface Reading {
  file: string;
  duplicates: 'warning' | 'error';
  memory: YamlMemory | undefined;
}

function readAny(text: string, reading: Reading): ReadYaml {
  const { file, duplicates } = reading;
  const pieced = readPieces(text, reading.memory);
  if (pieced) {
    const { problems, isBroken } = faultProblems(pieced.faults, file, duplicates);
    return isBroken ? { problems } : { yaml: pieced.yaml, problems };
  }
  if (isTooDeep(text)) return { problems: [problem(file, at(1), 'This is nested too deep to be read.')] };
  const json = readJson(text);
  if (json !== undefined) return { yaml: lazily(json, () => compose(text)), problems: [] };
  return readDocument(text, file, duplicates);
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

function readDocument(text: string, file: string, duplicates: Reading['duplicates']): ReadYaml {
  const composed = compose(text);
  const { document } = composed;
  const faults = { composed, errors: document.errors, firstLine: 0 };
  const { problems, isBroken } = faultProblems([faults], file, duplicates);
  if (isBroken) return { problems };
  const bomb = text.includes('&') ? aliasProblem(composed, file) : undefined;
  if (bomb) return { problems: [...problems, bomb] };
  return { yaml: lazily(document.toJS({ maxAliasCount: -1 }), () => composed), problems };
}

/** What the library says, in words; broken is a text of which nothing can be read. */
function faultProblems(
  faults: readonly Faults[],
  file: string,
  duplicates: Reading['duplicates'],
): { problems: Problem[]; isBroken: boolean } {
  const all = faults.flatMap(({ composed, errors, firstLine }) =>
    errors.map((error) => ({ composed, error, firstLine })),
  );
  const mistakes = all.filter(({ error }) => isFatal(error) || duplicates === 'error');
  // After the first few, errors are the consequence of those before.
  const told = mistakes.length > 0 ? mistakes.slice(0, MOST_ERRORS) : all;
  const problems = told.map(({ composed, error, firstLine }) => {
    const found = ofLibrary(composed, error, file, duplicates);
    return { ...found, range: lower(found.range, firstLine) };
  });
  return { problems, isBroken: mistakes.length > 0 };
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

const wordsOf = (error: unknown): string =>
  error instanceof RangeError ? 'it is nested too deep.' : error instanceof Error ? error.message : String(error);
