import { XMLParser } from 'fast-xml-parser';
import { firstFrame, frames, type Place } from './place.ts';
import { errorAt } from './reader.ts';
import type { Report } from './tap.ts';

/**
 * JUnit XML as jest, pytest, mocha, gradle, go-junit-report and others write it: suites in suites, `failure` and
 * `error` with their words in an attribute or inside. What stands around the XML is passed over.
 */
export function readJunit(text: string, root: string): Report {
  const tally: Tally = { total: 0, failed: [], problems: [], root };
  for (const one of read(text)) countSuite(one, [], tally);
  const { total, failed, problems } = tally;
  return total === 0 ? { problems } : { tests: { total, failed }, problems };
}

interface Tally {
  total: number;
  failed: string[];
  problems: Report['problems'];
  root: string;
}

type Element = Record<string, unknown>;

function read(text: string): Element[] {
  const start = text.search(/<testsuites?[\s>]/);
  const end = text.lastIndexOf('>');
  if (start === -1 || end < start) return [];
  try {
    return elements(parser().parse(text.slice(start, end + 1)), 'testsuites', 'testsuite');
  } catch {
    return []; // Not XML after all, or cut off: the exit code still counts.
  }
}

const LISTS = new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'error', 'skipped']);
const parser = (): XMLParser =>
  new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    textNodeName: '#text',
    parseAttributeValue: false,
    parseTagValue: false,
    htmlEntities: true,
    isArray: (name) => LISTS.has(name),
  });

function elements(parent: unknown, ...names: readonly string[]): Element[] {
  if (!isElement(parent)) return [];
  return names.flatMap((name) => {
    const value = parent[name];
    // An empty element, `<skipped/>`, comes as an empty text.
    return Array.isArray(value) ? value.map((one: unknown) => (isElement(one) ? one : { '#text': one })) : [];
  });
}

function countSuite(suite: Element, outer: readonly string[], tally: Tally): void {
  const name = words(suite, '@name');
  const path = name === '' ? outer : [...outer, name];
  for (const inner of elements(suite, 'testsuite')) countSuite(inner, path, tally);
  for (const test of elements(suite, 'testcase')) countTest(test, suite, path, tally);
}

function countTest(test: Element, suite: Element, path: readonly string[], tally: Tally): void {
  tally.total += 1;
  const [failure] = elements(test, 'failure', 'error');
  if (!failure) return;
  const name = [...path, ...groupOf(test, path), words(test, '@name')].join(' > ');
  const told =
    words(failure, '@message').split('\n')[0] || words(failure, '#text').split('\n')[0] || words(failure, '@type');
  tally.failed.push(name);
  tally.problems.push(errorAt(placeOf(test, suite, failure, tally.root), told ? `${name}: ${told}` : name));
}

/** The class is part of a test's name where the suites do not say it; Node's runner calls them all `test`. */
function groupOf(test: Element, path: readonly string[]): string[] {
  const group = words(test, '@classname');
  const isSaid = group === '' || group === 'test' || path.includes(group) || group.includes(words(test, '@name'));
  return isSaid ? [] : [group];
}

/** Where the assertion stands says more than where the test starts, but a stack may name only libraries. */
function placeOf(test: Element, suite: Element, failure: Element, root: string): Place | undefined {
  const file = words(test, '@file') || words(suite, '@file') || words(suite, '@filepath');
  const [declared] = file === '' ? [] : frames(`${file}:${words(test, '@line') || 1}`, root);
  const stack = frames(words(failure, '#text'), root);
  const inFile = stack.find((place) => place.file === declared?.file);
  if (inFile) return inFile;
  return words(test, '@line') !== '' && declared
    ? declared
    : (stack[0] ?? declared ?? firstFrame(words(failure, '@message'), root));
}

const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const words = (element: Element, key: string): string => {
  const value = element[key];
  return typeof value === 'string' ? value.trim() : '';
};
