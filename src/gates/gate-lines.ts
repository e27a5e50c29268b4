import { errorAt } from './reader.ts';
import type { Report } from './tap.ts';

/**
 * Lines in which who runs gates tells how they went, as an LLM-native plan asks for it:
 *
 *     [GATE: unit-tests] Service: AUTH - PASSED (45/45 tests)
 *     [GATE: unit-tests] Service: LOG - FAILED (2/30 tests failed)
 *
 * Which of the tests failed is not in them: the service is what fails by name. A text without such a line has no tests.
 */
export function readGateLines(text: string): Report {
  const said = text.split('\n').flatMap(saidBy);
  const failed = said.filter(({ isRed }) => isRed);
  const problems = failed.map(({ name, some, all }) => errorAt(undefined, `${name}: ${some} of ${all} tests failed`));
  if (said.length === 0) return { problems };
  const total = said.reduce((sum, { all }) => sum + all, 0);
  return { tests: { total, failed: failed.map(({ name }) => name) }, problems };
}

function saidBy(line: string): { name: string; isRed: boolean; some: number; all: number }[] {
  const { gate = '', service = '', word, some = 1, all = 1 } = LINE.exec(line)?.groups ?? {};
  if (word === undefined) return [];
  const name = service.trim() || gate.trim();
  return [{ name, isRed: word.toUpperCase() === 'FAILED', some: Number(some), all: Number(all) }];
}

const LINE =
  /^\s*\[GATE:(?<gate>[^\]]{1,200})\](?:\s*Service:)?\s*(?<service>[^()]{0,200}?)\s*[-\u2013\u2014:]?\s*\b(?<word>PASSED|FAILED)\b(?:\s*\((?<some>\d{1,6})\s*\/\s*(?<all>\d{1,6})\b)?/i;
