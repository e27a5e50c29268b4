import type { Event, Intent, Started } from './event.ts';
import { conflictsOf, criticalPath, effectiveWaves } from '../schedule/graph.ts';
import { weightIn } from '../schedule/pace.ts';
import type { Plan, Task } from '../plan/plan.ts';
import type { Attempt, Graph, RunState, TaskState } from './state.ts';
import { frontierOf } from './transitions.ts';

/** What the first event of an older journal may leave out: there was none of it, or it was not asked. */
const UNSAID = { reviewers: {}, containment: {}, notes: [], requirements: [], times: {}, footprints: {} };

/** The state after `run.started`, the first event of every journal. */
export function begin(first: Event & Started): RunState {
  const event = { ...UNSAID, ...first };
  const { run, plan, planFile, planHash, config, base, baseBranch, root, author, at } = event;
  const waves = effectiveWaves(plan);
  const settled = (id: string): Pick<TaskState, 'settled' | 'claimed'> => {
    const commit = event.completed[id];
    if (commit === undefined) return {};
    return commit === null ? { claimed: true } : { settled: { kind: 'done', commit } };
  };
  const times = new Map(Object.entries(event.times));
  const graph = graphOf(plan, times);
  const tasks = new Map(
    plan.tasks.map((task): [string, TaskState] => [
      task.id,
      { ...untouchedTask(task, waves.get(task.id)), ...settled(task.id) },
    ]),
  );
  return {
    ...untouchedRun(),
    run,
    plan,
    written: plan,
    planFile,
    planHash,
    config,
    base,
    root,
    author,
    ...(baseBranch === undefined ? {} : { baseBranch }),
    startedAt: at,
    times,
    graph,
    tasks,
    agents: event.agents,
    reviewers: event.reviewers,
    containment: event.containment,
    notes: event.notes,
    requirements: event.requirements,
    ...(event.auto ? { auto: event.auto } : {}),
    ...(event.planning ? { planning: event.planning } : {}),
    frontier: frontierOf(tasks, graph, config),
    integration: base,
    footprints: new Map(Object.entries(event.footprints)),
    baselines: new Map(event.baselines.map((baseline) => [baseline.gate, baseline])),
    at,
  };
}

/** What a plan says about its tasks together; `times`: milliseconds that tasks should take, by their id. */
export const graphOf = (plan: Plan, times: ReadonlyMap<string, number>): Graph => ({
  conflicts: conflictsOf(plan),
  urgency: criticalPath(plan, weightIn(times, plan.tasks)),
  order: new Map(plan.tasks.map((task, index) => [task.id, index])),
  contests: contestsIn(plan),
});

function contestsIn({ tasks }: Plan): Map<string, string[]> {
  const contests = new Map<string, string[]>();
  for (const { id, contest } of tasks)
    if (contest !== undefined) contests.set(contest, [...(contests.get(contest) ?? []), id]);
  return contests;
}

/** A task with which nothing has happened; `wave` is the effective one. */
export const untouchedTask = (task: Task, wave = 1): TaskState => ({
  task,
  wave,
  attempts: [],
  retries: 0,
  revisions: 0,
  messages: [],
  answers: [],
  countsFrom: 0,
});

/** What is so of every run in which nothing has happened. */
const untouchedRun = () => ({
  approval: { kind: 'awaited' as const },
  live: new Set<Attempt>(),
  active: new Set<Attempt>(),
  queued: new Map<number, Set<Attempt>>(),
  contested: new Set<Attempt>(),
  leftovers: new Set<Attempt>(),
  open: new Map<string, Event & Intent>(),
  stopping: new Set<string>(),
  reports: new Map(),
  unsaid: [],
  intents: 0,
  candidates: 0,
  merges: [],
  rollbacks: [],
  questions: new Map(),
  breakers: new Map(),
  seen: [],
  limitsOver: new Map<string, number>(),
  reviewed: new Map(),
  lasting: [],
  budgets: 1,
  cancelled: false,
  gateTree: false,
  orders: new Map<string, string | null>(),
});
