import { folderOf, stemOf } from './paths.ts';
import type { FileIndex } from './repository-files.ts';
import type { ImportGraph } from './import-graph.ts';
import { languageOf } from './scan/language.ts';

const TEST_NAME = /(?:^|\/)(?:test_[^/]+|[^/]+(?:[._-](?:test|spec)s?)|[^/]+(?:Test|Tests|IT|Spec))\.[a-z]+$/u;
const TEST_FOLDER = /(?:^|\/)(?:tests?|specs?|__tests__|__test__)\//u;

export const isTest = (path: string): boolean =>
  languageOf(path) !== undefined && (TEST_NAME.test(path) || TEST_FOLDER.test(path));

/** The tests of a file: those named after it, nearest first, and those that import it themselves. */
export function testsOf(path: string, index: FileIndex, graph: ImportGraph): string[] {
  if (isTest(path)) return [];
  const named = namesOfTests(path)
    .flatMap((name) => index.named(name))
    .filter(isTest);
  const importing = (graph.importedBy.get(path) ?? []).filter(isTest);
  return [...new Set([...named.toSorted((a, b) => distance(path, a) - distance(path, b)), ...importing])];
}

/** `a.ts` → a.test.ts, a.spec.ts, …; `a.py` → test_a.py, a_test.py; `A.java` → ATest.java; `a.go` → a_test.go. */
function namesOfTests(path: string): string[] {
  const stem = stemOf(path);
  const ending = path.slice(path.lastIndexOf('.'));
  if (!path.includes('.')) return [];
  const family = /^\.[cm]?[jt]sx?$/u.test(ending) ? ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts'] : [ending];
  const stems = [
    `${stem}.test`,
    `${stem}.spec`,
    `test_${stem}`,
    `${stem}_test`,
    `${stem}Test`,
    `${stem}Tests`,
    `${stem}-test`,
  ];
  return stems.flatMap((one) => family.map((end) => one + end));
}

/** How many folders lie between two files. */
function distance(a: string, b: string): number {
  const [one, other] = [folderOf(a).split('/'), folderOf(b).split('/')];
  let shared = 0;
  while (shared < one.length && one[shared] === other[shared]) shared += 1;
  return one.length + other.length - 2 * shared;
}
