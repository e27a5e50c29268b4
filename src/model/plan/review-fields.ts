import { fixOf } from './fixes.ts';
import { meant, nearest } from '../text/nearest.ts';
import { countMetrics } from './metrics.ts';
import type { Telling } from './checks.ts';
import type { Plan } from './plan.ts';
import type { Path, Problem } from '../text/problem.ts';
import { isMapping } from '../text/values.ts';

/** Plain data of the file beside the plan: fields that only a reviewer looks at. */
export type Fields = Readonly<Record<string, unknown>>;

/** A plan under review, with the fields of the file that are not part of it. */
export interface Reviewed extends Telling {
  plan: Plan;
  top: Fields;
  /** The fields of each task, in plan order. */
  tasks: readonly Fields[];
}

const PLAN_STATUSES = ['pending_approval', 'pending', 'approved', 'in_progress', 'completed', 'failed'];
const LEVELS = ['low', 'medium', 'high'];

/** The words a field may have, of the plan and of each task (FORMATS.md 1.2 with the later versions of 1.9). */
const PLAN_WORDS: Readonly<Record<string, readonly string[]>> = {
  status: PLAN_STATUSES,
  research_confidence: LEVELS,
};
const TASK_WORDS: Readonly<Record<string, readonly string[]>> = {
  estimated_effort: ['small', 'medium', 'large'],
  review_depth: ['full', 'standard', 'lightweight'],
  environment: ['development', 'staging', 'production'],
  task_type: ['walkthrough', 'documentation', 'update', 'prd', 'agents_md'],
  audience: ['developers', 'end-users', 'end_users', 'stakeholders'],
};

/** Fields with a word that is none of theirs. */
export function* checkWords(reviewed: Reviewed): Generator<Problem> {
  for (const [key, words] of Object.entries(PLAN_WORDS)) yield* checkWord(reviewed, [key], words);
  for (const i of reviewed.tasks.keys())
    for (const [key, words] of Object.entries(TASK_WORDS)) yield* checkWord(reviewed, ['tasks', i, key], words);
}

function* checkWord({ top, tasks, say, fixes }: Reviewed, path: Path, words: readonly string[]): Generator<Problem> {
  const key = String(path.at(-1));
  const value = (typeof path[1] === 'number' ? tasks[path[1]] : top)?.[key];
  if (typeof value !== 'string' || /^(?:null|~)?$/.test(value) || words.includes(value.toLowerCase())) return;
  const near = nearest(value, words);
  const fix = near && fixOf(`Change to ${near}`, fixes.replace(path, value, near), false);
  const message = `"${value}" is no ${key.replaceAll('_', ' ')} that is known.${meant(value, words)} Known: ${words.join(', ')}.`;
  yield say('word-unknown', path, message, { fix: fix || undefined });
}

/** Stated numbers that counting contradicts. */
export function* checkMetrics({ plan, top, say, fixes }: Reviewed): Generator<Problem> {
  for (const { key, stated, actual } of countMetrics(plan, top)) {
    const path: Path = ['plan_metrics', key];
    const fix = fixOf(`Change to ${actual}`, fixes.replace(path, stated, actual), true);
    yield say('metrics-wrong', path, `plan_metrics.${key} says ${stated}, counted ${actual}.`, { fix });
  }
}

/** How the plan as a whole may fail, said beforehand. */
export function* checkPreMortem({ top, say }: Reviewed): Generator<Problem> {
  const before = top['pre_mortem'];
  if (!isMapping(before)) {
    const message =
      'The plan has no pre_mortem. Add "pre_mortem:" with overall_risk_level, critical_failure_modes and assumptions.';
    yield say('pre-mortem-missing', [], message);
    return;
  }
  const said = before['overall_risk_level'];
  const level = typeof said === 'string' ? said.toLowerCase() : '';
  const wants = (key: string, words: string): Problem => say('pre-mortem-incomplete', ['pre_mortem', key], words);
  if (!LEVELS.includes(level))
    yield wants('overall_risk_level', `The pre-mortem has no overall_risk_level. Add low, medium or high.`);
  if (isEmptyList(before['critical_failure_modes']) && level !== 'low')
    yield wants('critical_failure_modes', 'The pre-mortem names no critical_failure_modes. Add at least one.');
  if (isEmptyList(before['assumptions']))
    yield wants('assumptions', 'The pre-mortem names no assumptions. Add at least one.');
}

const isEmptyList = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;
