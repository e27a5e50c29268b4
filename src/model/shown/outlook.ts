import { defined } from '../defined.ts';
import { Admission, heldBack, heldWords } from '../crew/admission.ts';
import { type Duration, p90 } from '../schedule/duration.ts';
import { transitiveDependants } from '../schedule/graph.ts';
import { corrected, type Ending, endingOf, type Wait, waitOf } from './ending.ts';
import { type Risk, risksOf } from './risks.ts';
import { latest, type RunState, type TaskState } from '../run/state.ts';
import { longestChain } from '../run/timeline.ts';
import { isOneself, statusOf } from '../run/view.ts';

/** What comes next in a run, by what is known now. */
export interface Outlook {
  /** Mean of how far its tasks are, 0 to 1; of one at work as its agent says, else by what its kind takes. */
  progress: number;
  agents: { atWork: number; limit: number };
  /** Absent where nothing tells, and when nothing goes on. */
  ending?: Ending;
  /** In place of it: the person it waits for. */
  wait?: Wait;
  /** The first open task of the longest chain, with the tasks that cannot begin before it is done. */
  bottleneck?: { task: string; waiting: readonly string[] };
  /** Tasks at work for longer than nine of ten like them take. */
  slow: readonly Slow[];
  /** Places of agents that nobody takes although tasks are left. */
  idle?: Idle;
  risks: readonly Risk[];
}

/** Milliseconds: how long it is at work, and what nine of ten like it take. */
export interface Slow {
  task: string;
  took: number;
  usual: number;
}

export interface Idle {
  places: number;
  /** When the last agent left its place, epoch milliseconds. */
  since: number;
  because: Because;
}

/** What keeps the tasks that are left from beginning. */
export type Because =
  | { of: 'conflict'; task: string; with: string }
  | { of: 'machine'; words: string }
  /** `could`: tasks of later waves that need nothing more. */
  | { of: 'wave'; waitsFor: readonly string[]; could: readonly string[] }
  | { of: 'needs'; waitsFor: readonly string[] };

/** `durations`: how long tasks should take, as far as earlier runs tell. The same for the same state and time. */
export function outlookOf(state: RunState, now: number, durations?: ReadonlyMap<string, Duration>): Outlook {
  const { limit, atWork } = placesOf(state, now);
  const takes = corrected(state, now, durations);
  const usual = durations || isMeasured(state) ? takes : undefined;
  const ending = endingOf(state, now, durations, takes);
  const wait = state.ended ? undefined : waitOf(state);
  const bottleneck = isGoing(state) ? bottleneckOf(state, now) : undefined;
  const idle = isGoing(state) && atWork < limit ? idleOf(state, limit - atWork) : undefined;
  return {
    progress: meanProgress(state, now, usual),
    agents: { atWork, limit },
    ...defined({ ending, wait, bottleneck, idle }),
    slow: isGoing(state) ? slowOf(state, now, usual) : [],
    risks: isGoing(state) ? risksOf(state) : [],
  };
}

const isGoing = ({ approval, ended, paused, cancelled }: RunState): boolean =>
  approval.kind === 'given' && !ended && !paused && !cancelled;

function placesOf(state: RunState, now: number): { atWork: number; limit: number } {
  const limit = state.config.limits.agents;
  return { limit, atWork: Math.max(0, limit - new Admission(state, now).places) };
}

/** Whether this run tells how long tasks take. */
const isMeasured = ({ tasks }: RunState): boolean =>
  [...tasks.values()].some(({ settled, attempts }) => settled?.kind === 'done' && attempts.length > 0);

/** How long tasks take; undefined where neither earlier runs nor this one tell. */
type Usual = ReadonlyMap<string, Duration> | undefined;

function meanProgress(state: RunState, now: number, usual: Usual): number {
  if (state.tasks.size === 0) return 1;
  const all = [...state.tasks.values()].map((task) => progressOf(state, task, { now, usual }));
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}

/** What is not over is never told as done. */
function progressOf(state: RunState, task: TaskState, { now, usual }: { now: number; usual: Usual }): number {
  if (task.settled) return task.settled.kind === 'failed' ? 0 : 1;
  const attempt = latest(task);
  if (!attempt || !state.live.has(attempt)) return 0;
  if (attempt.stage.at === 'verifying' || attempt.stage.at === 'queued') return MOST;
  const said = attempt.progress?.percent;
  if (said !== undefined) return Math.min(MOST, said / 100);
  return isOneself(attempt) ? 0 : shareOf(now - attempt.startedAt, usual?.get(task.task.id)?.p50);
}

const shareOf = (took: number, p50: number | undefined): number => (p50 ? Math.min(MOST, took / p50) : 0);

const MOST = 0.9;

function bottleneckOf(state: RunState, now: number): Outlook['bottleneck'] {
  const task = longestChain(state, now).find((id) => !state.tasks.get(id)?.settled && !state.frontier.isBlocked(id));
  if (task === undefined) return undefined;
  const after = transitiveDependants(state.plan, task);
  const waiting = state.plan.tasks.flatMap(({ id }) => (after.has(id) && !state.tasks.get(id)?.settled ? id : []));
  return waiting.length > 0 ? { task, waiting } : undefined;
}

function slowOf(state: RunState, now: number, usual: Usual): Slow[] {
  return [...state.live].flatMap(({ task, stage, startedAt }) => {
    const duration = usual?.get(task);
    const limit = duration && stage.at === 'working' && stage.intent !== undefined ? p90(duration) : 0;
    const took = now - startedAt;
    return limit > 0 && took > limit ? [{ task, took, usual: limit }] : [];
  });
}

/** Places that stay empty for a moment, between one event and what is decided from it, are none. */
function idleOf(state: RunState, places: number): Idle | undefined {
  if (state.frontier.unfinished === 0) return undefined;
  const because = heldReady(state) ?? closedWave(state) ?? needed(state);
  const since = Math.max(
    state.startedAt,
    ...[...state.tasks.values()].flatMap(({ attempts }) => attempts.at(-1)?.endedAt ?? []),
  );
  return because && { places, since, because };
}

/** A task that may begin and does not: another that it conflicts with is at work, or the machine is short of something. */
function heldReady(state: RunState): Because | undefined {
  for (const id of state.frontier.ready()) {
    const conflicts = state.graph.conflicts.get(id);
    const live = [...state.live].find(({ task }) => conflicts?.has(task));
    if (live) return { of: 'conflict', task: id, with: live.task };
    const held = heldBack(state, state.tasks.get(id)!);
    if (held) return { of: 'machine', words: heldWords(held) };
  }
  return undefined;
}

const atWorkIn = (state: RunState): string[] => [...new Set([...state.live].map(({ task }) => task))];

function closedWave(state: RunState): Because | undefined {
  const current = state.frontier.wave;
  if (state.config.mode === 'continuous' || current === undefined) return undefined;
  const isOver = (id: string): boolean => {
    const kind = state.tasks.get(id)?.settled?.kind;
    return kind === 'done' || kind === 'skipped';
  };
  const could = [...state.tasks.values()].filter(
    ({ wave, settled, task }) => wave > current && !settled && task.dependencies.every(isOver),
  );
  const waitsFor = atWorkIn(state);
  if (could.length === 0 || waitsFor.length === 0) return undefined;
  return { of: 'wave', waitsFor, could: could.map(({ task }) => task.id) };
}

/** All that is left stands on what is at work. */
function needed(state: RunState): Because | undefined {
  const waitsFor = atWorkIn(state);
  const isLeft = [...state.tasks.values()].some((task) => statusOf(state, task) === 'pending');
  return isLeft && waitsFor.length > 0 ? { of: 'needs', waitsFor } : undefined;
}
