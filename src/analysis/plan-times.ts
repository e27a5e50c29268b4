import type { Assignment } from '../model/crew/assignment.ts';
import type { Config } from '../model/config/config.ts';
import type { Plan } from '../model/plan/plan.ts';
import { type Duration, p90 } from '../model/schedule/duration.ts';
import { conflictsOf, criticalPath, effectiveWaves, longestPath } from '../model/schedule/graph.ts';
import { type Course, type Makespan, makespan } from '../model/schedule/makespan.ts';
import { weightIn } from '../model/schedule/pace.ts';
import { type Accuracy, accuracyOf, estimator, type Kind, type TaskTimes, type Took } from './measured.ts';
import { judgedByWords } from './task-words.ts';

/** How long a plan should take, by what, and how good that was so far. Times are milliseconds. */
export interface PlanTimes {
  run: Makespan;
  /** Agents at work at once. */
  agents: number;
  /** The tasks that decide it, each waiting for the one before, and what half of the times they take together. */
  chain: readonly string[];
  chainP50: number;
  tasks: ReadonlyMap<string, TaskTimes>;
  /** Tasks of earlier runs that were measured. */
  measured: number;
  accuracy: Accuracy;
}

/** A plan, and who does each of its tasks. What a person does takes as long as it takes, and is left out. */
export interface Planned {
  plan: Plan;
  config: Pick<Config, 'mode' | 'limits'>;
  agents: Readonly<Record<string, Pick<Assignment, 'name' | 'manual'>>>;
}

/** How long a plan should take. The same input gives the same answer. */
export function timesOfPlan(planned: Planned, past: readonly Took[]): PlanTimes {
  const { plan, config } = planned;
  const tasks = timesOfTasks(planned, past);
  const durations = new Map([...tasks].map(([id, { duration }]) => [id, duration]));
  const p50 = ({ id }: { id: string }): number => durations.get(id)?.p50 ?? 0;
  const chain = longestPath(plan, p50);
  const usual = new Map(Object.entries(usualTimes(planned, past)));
  return {
    run: makespan(courseOf(plan, { ...config, times: usual }), durations),
    agents: config.limits.agents,
    chain,
    chainP50: chain.reduce((sum, id) => sum + p50({ id }), 0),
    tasks,
    measured: past.length,
    accuracy: accuracyOf(past),
  };
}

/** What a run orders its tasks by: half of the times, milliseconds, by task; nothing where nothing was measured. */
export const usualTimes = (planned: Pick<Planned, 'plan' | 'agents'>, past: readonly Took[]): Record<string, number> =>
  past.length === 0
    ? {}
    : Object.fromEntries([...timesOfTasks(planned, past)].map(([id, { duration }]) => [id, Math.round(duration.p50)]));

function timesOfTasks(
  { plan, agents }: Pick<Planned, 'plan' | 'agents'>,
  past: readonly Took[],
): Map<string, TaskTimes> {
  const estimate = estimator(past);
  const byAgents = plan.tasks.filter(({ id }) => agents[id]?.manual !== true);
  return new Map(byAgents.map((task) => [task.id, estimate(kindOf(task, agents[task.id]?.name))]));
}

/** What tells how long a task takes; `agent` is its adapter. */
export function kindOf(task: Plan['tasks'][number], agent: string | undefined): Kind {
  return { ...judgedByWords(task), ...(agent === undefined ? {} : { agent }) };
}

/** As a run of it goes: by waves or without, never two tasks that conflict, the most urgent first. */
function courseOf(
  plan: Plan,
  { mode, limits, times }: Planned['config'] & { times: ReadonlyMap<string, number> },
): Course {
  const waves = effectiveWaves(plan);
  const urgency = criticalPath(plan, weightIn(times, plan.tasks));
  const nodes = plan.tasks.map(({ id, dependencies, priority }) => ({
    id,
    dependencies,
    priority,
    wave: waves.get(id) ?? 1,
    urgency: urgency.get(id) ?? 0,
  }));
  return { nodes, barrier: mode !== 'continuous', conflicts: conflictsOf(plan), slots: limits.agents };
}

/** How long each task should take, where something was measured here: a first guess by words tells nothing of an end. */
export const durationsOf = (times: PlanTimes | undefined): ReadonlyMap<string, Duration> | undefined =>
  times && times.measured > 0 ? new Map([...times.tasks].map(([id, { duration }]) => [id, duration])) : undefined;

/** What a person is told before they approve; `name` writes a task by its id. */
export function timesLines(
  { run, agents, chain, chainP50, measured, accuracy }: PlanTimes,
  name = (task: string): string => task,
): string[] {
  const [first, ...others] = chain.map(name);
  const middle = others.length > 3 ? `… ${others.length - 1} more …` : others.slice(0, -1).join(' → ');
  const path = [first, middle, others.at(-1)].filter((part) => part !== undefined && part !== '').join(' → ');
  return [
    `Should take ${lasting(run.p50)}, nine times out of ten at most ${lasting(run.p90)}, with ${agents} ${agents === 1 ? 'agent' : 'agents'}.`,
    ...(chain.length > 1 ? [`Its longest chain, ${lasting(chainP50)}: ${path}.`] : []),
    measuredText({ tasks: measured, accuracy }),
  ];
}

/** By what it is said, and how good that was. */
export function measuredText({ tasks, accuracy: { of, within } }: { tasks: number; accuracy: Accuracy }): string {
  if (tasks === 0) return 'Nothing was measured here yet: this is a first guess by the words of the tasks.';
  const last = of === 1 ? 'the last one' : `the last ${of}`;
  return `Measured here: ${tasks === 1 ? '1 task' : `${tasks} tasks`}. Of ${last}, ${within} ended within what nine out of ten should.`;
}

/** `8 s`, `34 min`, `2.4 h`. */
export function lasting(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1.5) return `${Math.max(1, Math.round(minutes * 60))} s`;
  return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** Of a task, for programs and people. */
export const taskTimes = ({
  duration,
  by,
  samples,
}: TaskTimes): { p50: number; p90: number; by: string; samples: number } => ({
  p50: Math.round(duration.p50),
  p90: Math.round(p90(duration)),
  by,
  samples,
});

/** What `status --json` prints of it: times in milliseconds. */
export const timesObject = ({ run, tasks, ...rest }: PlanTimes): object => ({
  p50: Math.round(run.p50),
  p90: Math.round(run.p90),
  ...rest,
  chainP50: Math.round(rest.chainP50),
  tasks: [...tasks].map(([id, times]) => ({ id, ...taskTimes(times) })),
});
