import { transitiveDependants, transitiveDependencies } from '../schedule/graph.ts';
import type { GateRun } from '../gate.ts';
import { UNREAD } from '../gate.ts';
import type { Problem } from '../text/problem.ts';
import { refusal } from './accept.ts';
import type { AttemptFailure } from './event.ts';
import { failingNames, failureKey } from './failure-key.ts';
import { mergedTasks } from './rollback.ts';
import { type Attempt, latest, type RunState, taskOf, type TaskState } from './state.ts';
import { longestChain } from './timeline.ts';
import { trace, type Traced } from './trace.ts';

/** Why a task failed for good, whom that holds up, and what can be done about it. */
export interface Diagnosis {
  task: TaskState;
  cause: Cause;
  impact: Impact;
  /** In the order in which they are offered. */
  options: readonly Option[];
}

/** Where a failure came from. */
export type Source = 'gate' | 'agent' | 'merge' | 'scope' | 'limit' | 'machine' | 'setup' | 'person';

export interface Cause {
  source: Source;
  failure: AttemptFailure;
  /** How often it was tried since a person spoke of it last. */
  attempts: number;
  /** What else it says: problems with their places, failing tests, or the end of an output; at most three lines. */
  evidence: readonly string[];
  /** Other tasks whose last attempt failed for the same thing, in plan order. */
  same: readonly string[];
}

export interface Impact {
  /** Tasks that cannot begin before this one is over, in plan order. */
  waiting: readonly string[];
  /** How many tasks of the longest chain it holds up, itself among them; of how many. */
  chain: { held: number; of: number };
  /** Ids of requirements that it, or a task that waits for it, covers. */
  requirements: readonly string[];
}

export type Remedy = 'retry' | 'skip' | 'replan' | 'hand';

export interface Option {
  remedy: Remedy;
  /** Why just this; absent for all but one. */
  because?: string;
  /** skip: tasks that begin without its result; replan: what its wave has merged, which can be taken back first. */
  concerns: readonly string[];
}

/** Tasks that failed for good, in plan order. */
export const failedTasks = ({ tasks }: RunState): TaskState[] =>
  [...tasks.values()].filter(({ settled }) => settled?.kind === 'failed');

/** It failed for good, or cannot begin without one that did. */
export const isTroubled = ({ frontier }: RunState, { task, settled }: TaskState): boolean =>
  settled ? settled.kind === 'failed' : frontier.isBlocked(task.id);

/** Failed tasks that a task cannot begin without, in plan order; empty where it is not blocked. */
export function blockersOf(state: RunState, id: string): TaskState[] {
  if (!state.frontier.isBlocked(id)) return [];
  const before = transitiveDependencies(state.plan, id);
  return failedTasks(state).filter(({ task }) => before.has(task.id));
}

/** How an attempt ended: `stopped` where nothing was wrong with it. Undefined while it goes on. */
export function endingOf({ stage }: Attempt): 'merged' | 'failed' | 'stopped' | undefined {
  if (stage.at === 'merged') return 'merged';
  if (stage.at !== 'ended') return undefined;
  return isFailure(stage.failure) ? 'failed' : 'stopped';
}

/** Of each of them whose last attempt failed, in their order; the same for the same state. */
export function diagnose(state: RunState, tasks: readonly TaskState[], now: number): Diagnosis[] {
  const failed = tasks.flatMap((task) => {
    const stage = latest(task)?.stage;
    return stage?.at === 'ended' && isFailure(stage.failure) ? { task, failure: stage.failure } : [];
  });
  if (failed.length === 0) return [];
  const whole = { state, chain: longestChain(state, now), traced: trace(state) };
  const keys = keysIn(state);
  return failed.map(({ task, failure }) => {
    const cause = causeOf(task, failure, keys);
    return { task, cause, impact: impactOf(whole, task.task.id), options: optionsOf(state, { task, cause }) };
  });
}

/** Nothing was wrong with it. */
/** Whether something was wrong with an attempt that ended so. */
export const isFailure = ({ kind }: AttemptFailure): boolean => !NO_FAILURE.has(kind);

const NO_FAILURE: ReadonlySet<AttemptFailure['kind']> = new Set(['takenBack', 'asked', 'cancelled', 'notPicked']);

function causeOf(task: TaskState, failure: AttemptFailure, keys: Keys): Cause {
  const attempts = task.attempts.length - task.countsFrom;
  return {
    source: SOURCE[failure.kind],
    failure,
    attempts,
    evidence: evidenceOf(failure),
    same: sameAs(keys, task.task.id),
  };
}

const SOURCE: Record<AttemptFailure['kind'], Source> = {
  gate: 'gate',
  together: 'merge',
  conflict: 'merge',
  finding: 'scope',
  agent: 'agent',
  nothingChanged: 'agent',
  noEffect: 'agent',
  idle: 'agent',
  asked: 'agent',
  limit: 'limit',
  budget: 'limit',
  timedOut: 'limit',
  tools: 'limit',
  flood: 'limit',
  setup: 'setup',
  interrupted: 'machine',
  cancelled: 'person',
  rejected: 'person',
  takenBack: 'person',
  notPicked: 'person',
};

const MOST_LINES = 3;

function evidenceOf(failure: AttemptFailure): string[] {
  switch (failure.kind) {
    case 'gate':
    case 'together':
      return saidBy(failure.run).slice(0, MOST_LINES);
    case 'finding':
      return failure.findings
        .map(({ detail, paths }) => `${detail} (${paths.slice(0, MOST_LINES).join(', ')})`)
        .slice(0, MOST_LINES);
    case 'conflict':
      return failure.paths.slice(0, MOST_LINES);
    default:
      return [];
  }
}

function saidBy({ problems, tests, tail }: GateRun): string[] {
  const named = [...problems.filter(({ code }) => code !== UNREAD).map(placed), ...(tests?.failed ?? [])];
  return named.length > 0
    ? named
    : tail
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-MOST_LINES);
}

const placed = ({ file, range, message }: Problem): string =>
  file === undefined ? message : `${file}:${range.line}: ${message}`;

/** Task that is not done and whose last attempt failed → what it may have in common with others, in plan order. */
type Keys = ReadonlyMap<string, readonly string[]>;

function keysIn({ tasks }: RunState): Keys {
  return new Map(
    [...tasks].flatMap(([id, task]) => {
      const stage = latest(task)?.stage;
      return task.settled?.kind === 'done' || stage?.at !== 'ended' ? [] : [[id, keysOf(stage.failure)] as const];
    }),
  );
}

function sameAs(keys: Keys, id: string): string[] {
  const own = new Set(keys.get(id));
  return [...keys].flatMap(([other, theirs]) => (other !== id && theirs.some((key) => own.has(key)) ? other : []));
}

/** What a failure may have in common with that of another task; empty where it is its own by nature. */
function keysOf(failure: AttemptFailure): string[] {
  if (failure.kind !== 'gate' && failure.kind !== 'together')
    return SHARED.has(failure.kind) ? [failureKey(failure)] : [];
  const names = failingNames(failure.run);
  return names.length > 0 ? names.map((name) => `${failure.run.gate} ${name}`) : [failureKey(failure)];
}

const SHARED: ReadonlySet<AttemptFailure['kind']> = new Set(['agent', 'setup', 'interrupted']);

/** A run, and what is worked out once for all that failed in it. */
interface Whole {
  state: RunState;
  chain: readonly string[];
  traced: readonly Traced[];
}

function impactOf({ state, chain, traced }: Whole, id: string): Impact {
  const after = transitiveDependants(state.plan, id);
  const waiting = state.plan.tasks.flatMap((task) =>
    after.has(task.id) && !state.tasks.get(task.id)?.settled ? task.id : [],
  );
  const held = new Set([id, ...waiting]);
  const served = traced.filter(({ tasks }) => tasks.some(({ task }) => held.has(task.id)));
  return {
    waiting,
    chain: { held: chain.filter((one) => held.has(one)).length, of: chain.length },
    requirements: served.map(({ requirement }) => requirement.id),
  };
}

type Known = Pick<Diagnosis, 'task' | 'cause'>;

/** What can be done now; which of it is advised depends on the cause alone. */
function optionsOf(state: RunState, known: Known): Option[] {
  const all = (Object.keys(REMEDIES) as Remedy[]).filter((remedy) => REMEDIES[remedy].isPossible(state, known.task));
  const { remedy, because } = adviceOf(known);
  const advised = all.includes(remedy) ? remedy : all[0];
  return all.map((one) => ({
    remedy: one,
    concerns: REMEDIES[one].concerns(state, known.task),
    ...(one === advised ? { because: one === remedy ? because : 'nothing else can be done now' } : {}),
  }));
}

interface Way {
  isPossible: (state: RunState, task: TaskState) => boolean;
  concerns: (state: RunState, task: TaskState) => string[];
}

const allows =
  (type: 'retry' | 'skip' | 'takeover') =>
  (state: RunState, { task: { id }, settled }: TaskState): boolean =>
    settled?.kind === 'failed' && refusal(state, { id: '', type, task: id }) === undefined;

const REMEDIES: Record<Remedy, Way> = {
  retry: { isPossible: allows('retry'), concerns: () => [] },
  skip: { isPossible: allows('skip'), concerns: directlyBehind },
  replan: {
    isPossible: ({ planning, ended }, { settled }) =>
      planning === undefined && ended?.outcome !== 'rejected' && settled?.kind === 'failed',
    concerns: (state, { wave }) => mergedTasks(state, wave),
  },
  hand: {
    isPossible: (state, task) => state.agents[task.task.id]?.manual !== true && allows('takeover')(state, task),
    concerns: () => [],
  },
};

function directlyBehind({ plan, tasks }: RunState, { task: { id } }: TaskState): string[] {
  return plan.tasks.flatMap((task) => (task.dependencies.includes(id) && !tasks.get(task.id)?.settled ? task.id : []));
}

/** From so many tasks on, the same failure is no longer each one's own. */
const COMMON = 3;

/** The first that is so decides. */
function adviceOf({ task, cause: { source, failure, same } }: Known): { remedy: Remedy; because: string } {
  if (source === 'setup')
    return { remedy: 'retry', because: 'its set-up failed, not its work: try again when that is mended' };
  if (failure.type === 'transient') return { remedy: 'retry', because: 'what stopped it may be over by now' };
  if (same.length + 1 >= COMMON)
    return {
      remedy: 'replan',
      because: `the same fails in ${same.length + 1} tasks, so it lies in what they begin with`,
    };
  if (failure.type === 'needs_replan')
    return { remedy: 'replan', because: 'its agent says that the plan has to be another' };
  if (source === 'merge') return { remedy: 'retry', because: 'another attempt begins on what is merged by now' };
  if (task.stuck !== undefined) return { remedy: 'hand', because: `${task.stuck}, and another way failed too` };
  if (task.countsFrom > 0) return { remedy: 'hand', because: 'it was given another chance already' };
  return { remedy: 'retry', because: 'a word to the agent may be all that it lacks' };
}

/** What the planner that makes a plan anew is told of a task that failed, a line. */
export function findingOf(state: RunState, id: string): string | undefined {
  const task = taskOf(state, id);
  const stage = latest(task)?.stage;
  if (stage?.at !== 'ended') return undefined;
  const { failure } = stage;
  const same = sameAs(keysIn(state), id);
  const more = evidenceOf(failure).filter((line) => !failure.message.includes(line));
  const common = same.length > 0 ? [`the same fails in ${same.join(', ')}`] : [];
  return `task ${id} failed: ${[failure.message, ...more, ...common].join('; ')}`;
}
