import { effectiveWaves, transitiveDependencies } from '../schedule/graph.ts';
import { some } from './checks.ts';
import { fixOf } from './fixes.ts';
import { checkMetrics, checkPreMortem, checkWords, type Fields, type Reviewed } from './review-fields.ts';
import type { PlanRule } from './rules.ts';
import type { Task } from './plan.ts';
import type { Problem } from '../text/problem.ts';

/**
 * What gem-team's reviewer looks at beyond what can be run (FORMATS.md 1.2, 1.3). A plan that a planner made answers
 * for every task; in one written by hand, what is left out is mentioned once.
 */
export function* reviewPlan(reviewed: Reviewed): Generator<Problem> {
  yield* checkComplete(reviewed);
  yield* checkSizes(reviewed);
  yield* checkWords(reviewed);
  yield* checkMetrics(reviewed);
  if (isPlanned(reviewed.top)) yield* checkPreMortem(reviewed);
  yield* checkConflictsInWave(reviewed);
  yield* checkPromises(reviewed);
}

/** Made by a planner, and not by the newest one, which leaves most of it out. */
const isPlanned = (top: Fields): boolean =>
  ['created_by', 'plan_metrics', 'research_confidence', 'pre_mortem'].some((key) => key in top) && !('baseline' in top);

interface Wanted {
  rule: PlanRule;
  words: string;
  isMissing: (task: Task, fields: Fields) => boolean;
}

/** A task that is a line for the shell, or a person's, is judged by what it does. */
const isOfAgents = ({ agent, run }: Task): boolean => run === undefined && agent !== 'shell' && agent !== 'manual';

const WANTED: readonly Wanted[] = [
  {
    rule: 'agent-missing',
    words: 'no agent: the default one does it. Add "agent:"',
    isMissing: (task) => isOfAgents(task) && task.agent === undefined && task.agents === undefined,
  },
  {
    rule: 'verification-missing',
    words: 'no verification. Add "verification:" with how the result is checked',
    isMissing: (task) => isOfAgents(task) && task.verification.length === 0,
  },
  {
    rule: 'acceptance-criteria-missing',
    words: 'no acceptance criteria. Add "acceptance_criteria:" with what must hold at the end',
    isMissing: (task) => isOfAgents(task) && task.acceptanceCriteria.length === 0,
  },
  {
    rule: 'failure-modes-missing',
    words: 'no failure modes. Add "failure_modes:" with a scenario and what is done about it',
    isMissing: ({ priority }, fields) => 'priority' in fields && priority !== 'low' && isEmpty(fields['failure_modes']),
  },
];

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function* checkComplete({ plan, top, tasks, say }: Reviewed): Generator<Problem> {
  for (const { rule, words, isMissing } of WANTED) {
    const missing = plan.tasks.flatMap((task, i) => (isMissing(task, tasks[i] ?? {}) ? [{ task, i }] : []));
    if (isPlanned(top)) {
      for (const { task, i } of missing) yield say(rule, ['tasks', i], `Task "${task.id}" has ${words}.`);
    } else if (missing[0]) {
      const who = some(missing.map(({ task }) => task));
      const verb = missing.length === 1 ? 'has' : 'have';
      yield say(rule, ['tasks', missing[0].i], `${who} ${verb} ${words}.`, { severity: 'info' });
    }
  }
}

const MOST = [
  ['estimated_files', 'too-many-files', 3, 'files'],
  ['estimated_lines', 'too-many-lines', 300, 'lines'],
] as const;

function* checkSizes({ plan, tasks, say }: Reviewed): Generator<Problem> {
  for (const [i, fields] of tasks.entries()) {
    for (const [key, rule, most, what] of MOST) {
      const number = Number(fields[key]);
      if (!(number > most)) continue;
      const message = `Task "${plan.tasks[i]?.id ?? ''}" is to change ${number} ${what}, more than ${most}. Split it.`;
      yield say(rule, ['tasks', i, key], message);
    }
  }
}

function* checkConflictsInWave({ plan, say }: Reviewed): Generator<Problem> {
  const waves = effectiveWaves(plan);
  const told = new Set<string>();
  for (const [i, { id, conflictsWith }] of plan.tasks.entries()) {
    for (const [at, other] of conflictsWith.entries()) {
      if (waves.get(id) !== waves.get(other) || told.has(`${other}\0${id}`)) continue;
      told.add(`${id}\0${other}`);
      const message = `"${id}" and "${other}" are both in wave ${waves.get(id) ?? 1} and conflict: they run one after the other.`;
      yield say('conflict-same-wave', ['tasks', i, 'conflicts_with', at], message);
    }
  }
}

/** Who builds on what another promises must come after it, or it starts from a tree that does not have it. */
function* checkPromises({ plan, tasks, say, fixes }: Reviewed): Generator<Problem> {
  const places = new Map(plan.tasks.map(({ id }, i) => [id, i]));
  for (const [c, { fromTask, toTask }] of plan.contracts.entries()) {
    const place = places.get(toTask);
    if (place === undefined || fromTask === toTask || transitiveDependencies(plan, toTask).has(fromTask)) continue;
    const isBackwards = transitiveDependencies(plan, fromTask).has(toTask);
    const promise = `Contract ${c + 1} promises "${toTask}" something of "${fromTask}"`;
    const message = isBackwards
      ? `${promise}, which comes after it. Turn the contract or the dependency round.`
      : `${promise}, but it does not depend on it. Add the dependency.`;
    const edits = isBackwards ? undefined : fixes.add(dependencyList(tasks[place] ?? {}, place), fromTask);
    const fix = fixOf(`Make "${toTask}" depend on "${fromTask}"`, edits, false);
    yield say('hidden-dependency', ['contracts', c, 'to_task'], message, { fix });
  }
}

function dependencyList(fields: Fields, task: number) {
  const key = 'depends_on' in fields ? 'depends_on' : 'dependencies';
  const list = fields[key];
  return { task, key, length: Array.isArray(list) ? list.length : 0, idKey: 'id' in fields ? 'id' : 'task_id' };
}
