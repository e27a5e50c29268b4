import { estimatedWeight } from '../schedule/graph.ts';
import type { Decision } from '../shown/decision.ts';
import { measure } from '../shown/measure.ts';
import type { Attempt, RunState, TaskState } from '../run/state.ts';
import { endOf, workOf } from '../run/timeline.ts';

/** How times are written where they are told, milliseconds. */
type Span = (milliseconds: number) => string;

/** What to keep in mind the next time, a sentence each: only what the numbers of a run that is over bear. */
export function lessonsOf(state: RunState, decisions: readonly Decision[], now: number, span: Span): string[] {
  if (!state.ended || state.planning) return [];
  const tasks = [...state.tasks.values()].filter(({ attempts }) => attempts.length > 0);
  return [
    ...firstAttempts(tasks),
    ...scopeMisses(tasks),
    ...conflicts(tasks),
    ...estimates(state, tasks, { now, span }),
    ...waitingForPeople(state, decisions, { now, span }),
  ];
}

/** A gate that failed at least two first attempts, and a third of them. */
function firstAttempts(tasks: readonly TaskState[]): string[] {
  const first = tasks.flatMap(({ attempts }) => attempts[0] ?? []).filter(isOver);
  const counts = new Map<string, number>();
  for (const { stage } of first) {
    if (stage.at !== 'ended' || stage.failure.kind !== 'gate') continue;
    const { gate } = stage.failure.run;
    counts.set(gate, (counts.get(gate) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, many]) => many >= 2 && many * 3 >= first.length)
    .map(
      ([gate, many]) =>
        `Gate ${gate} failed ${many} of ${first.length} first attempts: say in the tasks what it checks, or have agents run it before they are done.`,
    );
}

const isOver = ({ stage }: Attempt): boolean => stage.at === 'merged' || stage.at === 'ended';

function scopeMisses(tasks: readonly TaskState[]): string[] {
  const missed = tasks.flatMap(({ task, attempts }) => {
    const findings = attempts.flatMap(({ result }) => result?.findings ?? []);
    const paths = findings.filter(({ kind }) => kind === 'outsideScope').flatMap((finding) => finding.paths);
    return paths.length > 0 ? [`${task.id} (${firstOf([...new Set(paths)])})`] : [];
  });
  if (missed.length === 0) return [];
  const what = missed.length === 1 ? 'One task' : `${missed.length} tasks`;
  return [
    `${what} changed files outside the declared scope: ${firstOf(missed)}. Tasks beside them are planned by scopes.`,
  ];
}

function conflicts(tasks: readonly TaskState[]): string[] {
  const met = tasks.flatMap(({ task, attempts }) =>
    attempts.flatMap(({ stage }) => {
      if (stage.at !== 'ended' || stage.failure.kind !== 'conflict') return [];
      const others = stage.failure.with.length > 0 ? stage.failure.with.join(', ') : 'what was merged';
      return [`${task.id} with ${others} in ${firstOf(stage.failure.paths)}`];
    }),
  );
  if (met.length === 0) return [];
  return [
    `Results did not merge: ${firstOf([...new Set(met)], '; ')}. Scopes that say so, or a dependency, keep such tasks apart.`,
  ];
}

interface World {
  now: number;
  span: Span;
}

/** By less than so much an estimate is never off, milliseconds, whatever its share of it. */
const OFF = 60_000;
const LEAST = 4;

/** Tasks that took twice or half of what their estimate is beside the others: beside half of them, so that no one task moves it. */
function estimates(state: RunState, tasks: readonly TaskState[], { now, span }: World): string[] {
  const done = tasks
    .filter(({ settled, task }) => settled?.kind === 'done' && state.agents[task.id]?.manual !== true)
    .map((task) => ({ ...task.task, took: workOf(state, task, now), weight: estimatedWeight(task.task) }));
  if (done.length < LEAST) return [];
  const unit = median(done.map(({ took, weight }) => took / weight));
  const off = done.flatMap(({ id, estimate = 'medium', took, weight }) => {
    const expected = weight * unit;
    const isOff = Math.abs(took - expected) >= OFF && (took >= expected * 2 || took <= expected / 2);
    return isOff
      ? [`${id} (${estimate}) took ${span(took)}, beside the others ${span(expected)} were to be expected`]
      : [];
  });
  return off.length === 0 ? [] : [`Estimates were off: ${firstOf(off, '; ')}.`];
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Where something waited for a person for a quarter of the time, and a minute. */
function waitingForPeople(state: RunState, decisions: readonly Decision[], { now, span }: World): string[] {
  if (state.approval.kind !== 'given') return [];
  const { wall } = measure(state, now);
  const waited = covered(decisions, { from: state.approval.at, to: endOf(state, now) });
  if (waited < 60_000 || waited * 4 < wall) return [];
  return [`For ${span(waited)} of ${span(wall)} something waited for a person.`];
}

/** Milliseconds of a time in which at least one decision was waited for. */
function covered(decisions: readonly Decision[], { from, to }: { from: number; to: number }): number {
  const waits = decisions.map(({ at, waited = 0 }) => ({ from: Math.max(from, at - waited), to: Math.min(to, at) }));
  let [sum, until] = [0, from];
  for (const wait of waits.toSorted((a, b) => a.from - b.from)) {
    sum += Math.max(0, wait.to - Math.max(wait.from, until));
    until = Math.max(until, wait.to);
  }
  return sum;
}

const MOST = 3;

const firstOf = (names: readonly string[], between = ', '): string =>
  names.length > MOST ? `${names.slice(0, MOST).join(between)} and ${names.length - MOST} more` : names.join(between);
