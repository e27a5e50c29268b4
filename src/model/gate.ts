import type { Review, Reviewing } from './review.ts';
import type { Problem } from './text/problem.ts';

/**
 * When a gate runs: on an attempt's tree, on every candidate, on the one that completes a wave, on the last; or on a plan
 * that an agent makes.
 */
export type GateMoment = 'task' | 'merge' | 'wave' | 'final' | 'plan';

export interface Gate {
  name: string;
  /** A program, an agent that is asked for its verdict, or a person who is asked for their word. */
  command: Command | Reviewing | Asking;
  on: readonly GateMoment[];
  /** How its output is read: names of bundled matchers (`$tsc`) or matchers given in full. */
  problems: readonly (string | ProblemMatcher)[];
  /** A test report to read after the run: a path in the tree, or its output. `lines`: `[GATE: …] … PASSED (n/m tests)`. */
  report?: { format: 'junit' | 'tap' | 'lines'; file?: string };
  /** Milliseconds; absent = no limit. */
  timeout?: number;
  /** What follows where a task fails for good because of it; absent = what `on_failure` says of any. */
  onFailure?: OnFailure;
}

/**
 * A task that failed for good holds back nobody, its wave until a person says how it goes on, or the whole run; or its
 * wave goes back and begins anew, once.
 */
export const ON_FAILURE = ['continue', 'pause', 'stop', 'rollback'] as const;
export type OnFailure = (typeof ON_FAILURE)[number];

type Command = { argv: readonly string[] } | { line: string };

/** What a person is asked to look at. */
interface Asking {
  ask: string;
}

/** A gate that is a person. */
export type AskingGate = Gate & { command: Asking };

export const asksPerson = (gate: Gate): gate is AskingGate => 'ask' in gate.command;

/** The gate that a task may name without there being one: what it made waits until a person has approved it. */
export const APPROVAL: AskingGate = {
  name: 'approval',
  command: { ask: 'Is it as it should be?' },
  on: [],
  problems: [],
};

/** A gate that is run on a tree by itself, without an agent and without a person. */
export const isProgram = (gate: Gate): boolean => !isReview(gate) && !asksPerson(gate);

/** A gate that is an agent. */
export type ReviewGate = Gate & { command: Reviewing };

export const isReview = (gate: Gate): gate is ReviewGate => 'agent' in gate.command;

/** As in VS Code's tasks: the same fields with the same meaning, so that a matcher can be copied over. */
export interface ProblemMatcher {
  name?: string;
  owner?: string;
  source?: string;
  severity?: 'error' | 'warning' | 'info';
  fileLocation?: 'relative' | 'absolute' | 'autoDetect' | readonly ['relative' | 'autoDetect', string];
  pattern: ProblemPattern | readonly ProblemPattern[];
}

export interface ProblemPattern {
  regexp: string;
  kind?: 'file' | 'location';
  file?: number;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
  location?: number;
  severity?: number;
  code?: number;
  message?: number;
  loop?: boolean;
}

/** Read from a report; ids are `suite > name` where the report has suites. */
export interface TestCounts {
  total: number;
  failed: readonly string[];
}

/** One run of a gate, read. */
export interface GateRun {
  gate: string;
  /** `passed`: exit 0. `failed`: it ran and said no. `error`: it could not run, was cancelled or timed out. */
  result: 'passed' | 'failed' | 'error';
  exitCode: number | null;
  problems: readonly Problem[];
  tests?: TestCounts;
  /** The end of its output without control sequences, at most 4,000 characters. */
  tail: string;
  /** Milliseconds. */
  duration: number;
  /** Of a gate that is an agent; its `result` is an error where it gave no verdict. */
  review?: Review;
}

/** The last run of each gate, in the order in which they first ran. */
export const latestRuns = (runs: readonly GateRun[]): GateRun[] => [
  ...new Map(runs.map((run) => [run.gate, run])).values(),
];

/** A gate on the base commit, before any task. */
export type Baseline = Pick<GateRun, 'gate' | 'result' | 'problems' | 'tests' | 'tail'>;

export type Verdict = 'green' | 'noWorse' | 'red' | 'error';

/**
 * A run against the base-line. `noWorse` only where both sides name their failing tests (or, with no tests, their
 * problems), nothing new fails, and at least as many tests ran.
 */
export function compare(run: GateRun, baseline: Baseline | undefined): Verdict {
  if (run.result === 'passed') return 'green';
  if (run.result === 'error') return 'error';
  if (baseline?.result !== 'failed') return 'red';
  const before = failingIds(baseline);
  const now = failingIds(run);
  if (before.size === 0 || now.size === 0) return 'red';
  if (run.tests && baseline.tests && run.tests.total < baseline.tests.total) return 'red';
  return [...now].every((id) => before.has(id)) ? 'noWorse' : 'red';
}

/** Red on the base and silent about what fails: such a gate can tell nothing about a task. */
export const isUnusable = (baseline: Baseline): boolean =>
  baseline.result === 'error' || (baseline.result === 'failed' && failingIds(baseline).size === 0);

/** The code of a problem that stands for output nobody could read in full: it names nothing. */
export const UNREAD = 'unread';

/**
 * What fails, by name: tests where there are any, else errors by file, code and message, without their lines, which
 * move. The second of the same name is another failure. Empty where not everything that fails could be read.
 */
export function failingIds(run: Pick<GateRun, 'tests' | 'problems'>): Set<string> {
  if (run.tests) return counted(run.tests.failed);
  if (run.problems.some((problem) => problem.code === UNREAD)) return new Set();
  const errors = run.problems.filter((problem) => problem.severity === 'error');
  return counted(errors.map((p) => `${p.file ?? ''}|${p.code ?? ''}|${p.message}`));
}

function counted(names: readonly string[]): Set<string> {
  const counts = new Map<string, number>();
  return new Set(
    names.map((name) => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return count === 1 ? name : `${name}#${count}`;
    }),
  );
}
