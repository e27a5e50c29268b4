import { Parser } from 'tap-parser';
import type { TestCounts } from '../model/gate.ts';
import type { Problem } from '../model/text/problem.ts';
import { firstFrame, frames, type Place } from './place.ts';
import { errorAt } from './reader.ts';

/** What a report of tests says: how many ran, which failed, and where. */
export interface Report {
  tests?: TestCounts;
  problems: Problem[];
}

/** TAP 13 and 14 with subtests; `todo` and `skip` do not fail. A text with no test point has no tests. */
export function readTap(text: string, root: string): Report {
  const tally: Tally = { total: 0, failed: [], problems: [], root };
  count(Parser.parse(text), tally);
  const { total, failed, problems } = tally;
  return total === 0 ? { problems } : { tests: { total, failed }, problems };
}

interface Tally {
  total: number;
  failed: string[];
  problems: Problem[];
  root: string;
}

/** Of a subtest its points count, and its closing point only where it failed although none of them did. */
function count(events: unknown, tally: Tally): void {
  let failedInside = 0;
  for (const event of isList(events) ? events : []) {
    const [type, value] = isList(event) ? event : [];
    if (type === 'child') {
      const before = tally.failed.length;
      count(value, tally);
      failedInside = tally.failed.length - before;
    } else if (type === 'assert' && isRecord(value)) {
      if (value['closingTestPoint'] !== true || (isFailed(value) && failedInside === 0)) countPoint(value, tally);
      failedInside = 0;
    }
  }
}

function countPoint(point: Record<string, unknown>, tally: Tally): void {
  tally.total += 1;
  if (!isFailed(point)) return;
  const name = wordsOf(point['fullname']) || wordsOf(point['name']) || `test ${tally.total}`;
  const diagnostics = isRecord(point['diag']) ? point['diag'] : {};
  const words = wordsOf(diagnostics['error']) || wordsOf(diagnostics['message']);
  tally.failed.push(name);
  tally.problems.push(errorAt(placeOf(diagnostics, tally.root), words ? `${name}: ${words}` : name));
}

const isFailed = (point: Record<string, unknown>): boolean =>
  point['ok'] === false && (point['todo'] ?? false) === false && (point['skip'] ?? false) === false;

/** `at: {file, line, column}` of node-tap, the stack, `location: file:line:column` of Node's runner. */
function placeOf(diagnostics: Record<string, unknown>, root: string): Place | undefined {
  const at = diagnostics['at'];
  if (isRecord(at)) {
    const [place] = frames(`${wordsOf(at['file'])}:${wordsOf(at['line'])}:${wordsOf(at['column']) || 1}`, root);
    if (place) return place;
  }
  return firstFrame(`${wordsOf(diagnostics['stack'])}\n${wordsOf(at)}\n${wordsOf(diagnostics['location'])}`, root);
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const wordsOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
