import { stripVTControlCharacters } from 'node:util';
import { runInNewContext } from 'node:vm';
import { type Gate, type GateRun, type ProblemMatcher, UNREAD } from '../model/gate.ts';
import type { JobExit } from '../model/run/job.ts';
import { isMatcherName } from '../model/config/matcher-names.ts';
import { at, type Problem } from '../model/text/problem.ts';
import { BUNDLED } from './bundled.ts';
import { readGateLines } from './gate-lines.ts';
import { readJunit } from './junit.ts';
import { matchLines, MOST_PROBLEMS } from './matchers.ts';
import type { Reader } from './reader.ts';
import { readTap, type Report } from './tap.ts';

export interface GateEnd {
  exit: JobExit;
  /** The tree that it ran in, an absolute path. */
  root: string;
  /** Both streams, in the order they came. */
  output: string;
  /** Reads a report by its path from the root; undefined where there is none. */
  readFile?: (path: string) => Promise<string | undefined>;
  /** Milliseconds for all the matchers of the run, 2,000 unless said otherwise. */
  budget?: number;
}

/**
 * What one run of a gate says. Exit 0 is passed whatever was printed; an end that is not the gate's own word (not
 * started, cancelled, timed out, killed) is an error. Never throws over what a gate printed.
 */
export async function readGateRun(gate: Gate, end: GateEnd): Promise<GateRun> {
  const output = plainText(end.output);
  const result = resultOf(gate, end.exit);
  const report = await readReport(gate, end, output);
  const read = result === 'error' ? [] : [...report.problems, ...readOutput(gate, output, end)];
  const problems =
    result === 'failed' || result === 'error' ? orTelling(read, toldBy(gate, end.exit) ?? tellingLine(output)) : read;
  return {
    gate: gate.name,
    result,
    exitCode: end.exit.code,
    problems: capped(unique(problems)).map((problem) => ({ ...problem, source: gate.name })),
    ...(report.tests ? { tests: report.tests } : {}),
    tail: tailOf(output),
    duration: Math.max(0, end.exit.endedAt - end.exit.startedAt),
  };
}

const LONGEST_TAIL = 4_000;
/** Lines that are looked at, the last ones of a longer output. */
const MOST_LINES = 100_000;
/** Milliseconds: a regular expression from a repository can take for ever. */
const BUDGET = 2_000;

function resultOf(gate: Gate, exit: JobExit): GateRun['result'] {
  if (exit.stopped || exit.spawnError !== undefined || exit.signal !== null || exit.code === null) return 'error';
  if (exit.code === 0) return 'passed';
  return 'line' in gate.command && (exit.code === 126 || exit.code === 127) ? 'error' : 'failed';
}

/** Why a gate could not give its word. */
function toldBy(gate: Gate, exit: JobExit): string | undefined {
  if (exit.spawnError !== undefined) return `${gate.name} could not be started: ${exit.spawnError}`;
  if (exit.stopped === 'cancelled') return `${gate.name} was cancelled.`;
  if (exit.stopped === 'timedOut') return `${gate.name} ran longer than it may and was ended.`;
  if (exit.signal !== null) return `${gate.name} was killed by ${exit.signal}.`;
  if (resultOf(gate, exit) === 'error')
    return `${gate.name} could not run: command not found (exit ${exit.code ?? 'unknown'}).`;
  return undefined;
}

const REPORTS = { junit: readJunit, tap: readTap, lines: readGateLines };

async function readReport(gate: Gate, end: GateEnd, output: string): Promise<Report> {
  if (!gate.report) return { problems: [] };
  const { format, file } = gate.report;
  const text = file === undefined ? output : await end.readFile?.(file);
  if (text === undefined) return { problems: [] };
  return REPORTS[format](text, end.root);
}

function readOutput(gate: Gate, output: string, end: GateEnd): Problem[] {
  if (gate.problems.length === 0) return [];
  const lines = output.split('\n').slice(-MOST_LINES);
  const found: Problem[] = [];
  const trouble = within(end.budget ?? BUDGET, () => {
    for (const matcher of gate.problems.map(resolve)) {
      if (typeof matcher === 'function') found.push(...matcher(lines, end.root));
      else if (matcher) matchLines(lines, matcher, end.root, found);
    }
  });
  return trouble === undefined ? found : [...found, unread(trouble)];
}

function resolve(matcher: string | ProblemMatcher): ProblemMatcher | Reader | undefined {
  if (typeof matcher !== 'string') return matcher;
  return isMatcherName(matcher) ? BUNDLED[matcher] : undefined;
}

/** Only a script of node:vm can be stopped in the midst of a regular expression. Returns what went wrong. */
function within(milliseconds: number, work: () => void): string | undefined {
  try {
    runInNewContext('work()', { work }, { timeout: milliseconds });
    return undefined;
  } catch (error) {
    // The error comes from another realm: it is no instance of this one's Error.
    if (isObject(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      return `The problem matchers took more than ${milliseconds / 1_000} s and were stopped: simplify their regular expressions.`;
    }
    return `The problem matchers could not be used: ${String(error)}`;
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const unread = (message: string): Problem => ({ range: at(1), severity: 'error', message, code: UNREAD });

/** A gate that says no must say something. */
const orTelling = (problems: Problem[], words: string): Problem[] =>
  problems.some(({ severity }) => severity === 'error') ? problems : [...problems, unread(words)];

const TELLING = /\b(?:error|fail(?:ed|ure|ing)?|exception|not ok|cannot|panic|fatal|denied|not found|missing)\b/i;

/** The last line that speaks of a failure, else the last with words, at most 300 characters. */
function tellingLine(output: string): string {
  const lines = tailOf(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && !line.startsWith('npm ERR! A complete log'));
  const line = lines.findLast((one) => TELLING.test(one)) ?? lines.at(-1) ?? 'It failed and printed nothing.';
  return line.slice(0, 300);
}

function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...seen.values()];
}

function capped(problems: Problem[]): Problem[] {
  if (problems.length <= MOST_PROBLEMS) return problems;
  const kept = problems.slice(0, MOST_PROBLEMS - 1);
  return [...kept, unread(`${problems.length - kept.length} more problems are not listed.`)];
}

/** Without colours and other control sequences; of a line written over again and again the last state. */
export function plainText(output: string): string {
  const lines = stripVTControlCharacters(output).replaceAll('\r\n', '\n').split('\n');
  return (
    lines
      .map((line) => line.slice(line.lastIndexOf('\r', line.length - 2) + 1))
      .join('\n')
      // oxlint-disable-next-line no-control-regex -- what is left of control characters, but tabs and line ends
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
  );
}

function tailOf(output: string): string {
  const text = output.trimEnd();
  if (text.length <= LONGEST_TAIL) return text;
  const end = text.slice(-LONGEST_TAIL);
  const line = end.indexOf('\n');
  return line === -1 || line > LONGEST_TAIL / 2 ? end : end.slice(line + 1);
}
