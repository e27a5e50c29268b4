import { defined } from '../defined.ts';
import { asksPerson } from '../gate.ts';
import { criticalPath } from '../schedule/graph.ts';
import { ESTIMATES, mean, type Pace, weightBy } from '../schedule/pace.ts';
import { fillWave, type Waiting } from '../schedule/fill-wave.ts';
import type { Adapted } from './event.ts';
import type { RunState, TaskState } from './state.ts';
import { workOf } from './timeline.ts';
import { rearrange } from './transitions.ts';
import { listed } from '../text/listed.ts';

/**
 * With `mode: adaptive`: what a wave that is over says about the next one, which has not begun. Once for each wave, and
 * never against what the plan or a person says: dependencies and conflicts hold as ever, and where a person looks at each
 * wave its tasks stay those that the plan gave it.
 */
export function adaptation(state: RunState): Adapted | undefined {
  const next = state.frontier.wave;
  if (state.config.mode !== 'adaptive' || next === undefined) return undefined;
  const opening = pendingIn(state, next);
  const after = lastWaveBefore(state, next);
  if (after === undefined || after <= (state.adapted?.after ?? -Infinity)) return undefined;
  if (opening.some(({ attempts }) => attempts.length > 0)) return undefined;
  const pace = paceOf(state);
  const met = conflictsMet(state, after);
  const taken = met ? [] : idleFilled(state, { next, opening, pace });
  const unscoped = [...opening, ...taken].filter(({ task }) => task.scope === undefined);
  const apart = met && unscoped.length > 1 ? unscoped.map(({ task }) => task.id) : [];
  const moves = taken.map(({ task }) => task.id);
  return { after, wave: next, pace, moves, apart, reasons: reasonsFor(state, { next, moves, apart, met }) };
}

/** Folds what was decided. A later version of the plan keeps it for tasks that had begun by then. */
export function adapt(state: RunState, { after, wave, pace, moves, apart, reasons }: Adapted & { at: number }): void {
  state.adapted = { after, wave, apart: new Set(apart), reasons };
  for (const id of moves) {
    const task = state.tasks.get(id);
    if (task) state.tasks.set(id, { ...task, wave });
  }
  state.graph = { ...state.graph, urgency: criticalPath(state.plan, weightBy(pace)) };
  rearrange(state);
}

function pendingIn(state: RunState, wave: number): TaskState[] {
  return [...state.tasks.values()].filter((task) => task.wave === wave && isPending(state, task));
}

const isPending = ({ frontier }: RunState, { task, settled }: TaskState): boolean =>
  settled === undefined && !frontier.isBlocked(task.id);

/** The last wave of which this run did something. */
function lastWaveBefore(state: RunState, next: number): number | undefined {
  const done = [...state.tasks.values()].filter(({ wave, attempts }) => wave < next && attempts.length > 0);
  return done.length === 0 ? undefined : Math.max(...done.map(({ wave }) => wave));
}

function paceOf(state: RunState): Pace {
  const done = [...state.tasks.values()].filter(
    ({ settled, attempts }) => settled?.kind === 'done' && attempts.length > 0,
  );
  return defined(
    Object.fromEntries(
      ESTIMATES.map((estimate) => {
        const took = done
          .filter(({ task }) => (task.estimate ?? 'medium') === estimate)
          .map((task) => workOf(state, task, state.at));
        return [estimate, took.length === 0 ? undefined : Math.round(mean(took))];
      }),
    ),
  );
}

interface Met {
  tasks: readonly string[];
  paths: readonly string[];
}

/** Merge conflicts in a wave between tasks of which one says nothing of what it touches: others like it may meet some, too. */
function conflictsMet(state: RunState, wave: number): Met | undefined {
  const met = [...state.tasks.values()]
    .filter((task) => task.wave === wave)
    .flatMap(({ attempts }) => attempts)
    .flatMap(({ task, stage }) =>
      stage.at === 'ended' && stage.failure.kind === 'conflict'
        ? [{ tasks: [task, ...stage.failure.with], paths: stage.failure.paths }]
        : [],
    )
    .filter(({ tasks }) => tasks.some((id) => state.tasks.get(id)?.task.scope === undefined));
  if (met.length === 0) return undefined;
  return { tasks: unique(met.flatMap(({ tasks }) => tasks)), paths: unique(met.flatMap(({ paths }) => paths)) };
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];

/** Tasks of the wave after it that could begin at once, where agents would have nothing to do. */
function idleFilled(
  state: RunState,
  { next, opening, pace }: { next: number; opening: readonly TaskState[]; pace: Pace },
): TaskState[] {
  const { config, graph, tasks } = state;
  const isSigned = config.gates.some((gate) => asksPerson(gate) && gate.on.includes('wave'));
  const later = [...tasks.values()].filter((task) => task.wave > next && isPending(state, task));
  if (isSigned || later.length === 0 || opening.length >= config.limits.agents) return [];
  const following = Math.min(...later.map(({ wave }) => wave));
  const weight = weightBy(pace);
  const chains = criticalPath(state.plan, weight);
  const waiting = ({ task }: TaskState): Waiting => ({
    id: task.id,
    weight: weight(task),
    chain: chains.get(task.id) ?? 0,
    // One that has begun, and waits to be tried again, stays where it is.
    isReady: task.dependencies.every((id) => tasks.get(id)?.settled || !tasks.has(id)),
  });
  const taken = fillWave(
    opening.map(waiting),
    later
      .filter(({ wave, attempts, task }) => wave === following && attempts.length === 0 && task.contest === undefined)
      .map(waiting),
    { slots: config.limits.agents, conflicts: graph.conflicts },
  );
  return taken.flatMap((id) => tasks.get(id) ?? []);
}

function reasonsFor(
  { config: { limits } }: RunState,
  {
    next,
    moves,
    apart,
    met,
  }: { next: number; moves: readonly string[]; apart: readonly string[]; met: Met | undefined },
): string[] {
  const filled = `wave ${next} now has ${listed(moves)} of the next, because agents would be idle (${limits.agents} at once)`;
  const serial = `${listed(apart)} of wave ${next} go one after the other, because tasks without a scope met conflicts (${listed(met?.tasks ?? [])} in ${listed(met?.paths ?? [])})`;
  return [...(moves.length > 0 ? [filled] : []), ...(apart.length > 0 ? [serial] : [])];
}
