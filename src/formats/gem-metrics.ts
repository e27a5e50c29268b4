import type { Plan } from '../model/plan.ts';
import type { YamlText } from '../model/yaml-text.ts';
import { placeIn } from './draft.ts';
import type { Recomputed } from './imported.ts';
import { isMapping, mappingAt, textOf } from './values.ts';

/** What a planner counts, counted: FORMATS.md 1.2 and 1.3. */
export interface Metrics {
  wave1Tasks: number;
  totalDependencies: number;
  risk: 'low' | 'medium' | 'high' | 'unknown';
}

/** The metrics of a plan from its tasks and its pre-mortem, whatever its `plan_metrics` say. */
export function metricsOf(plan: Plan, value: unknown): Metrics {
  const level = textOf(mappingAt(value, 'pre_mortem')['overall_risk_level'])?.toLowerCase();
  return {
    wave1Tasks: plan.tasks.filter(({ wave }) => wave === 1).length,
    totalDependencies: plan.tasks.reduce((sum, { dependencies }) => sum + dependencies.length, 0),
    risk: level === 'low' || level === 'medium' || level === 'high' ? level : 'unknown',
  };
}

/** The stated metrics that counting contradicts. */
export function recomputedMetrics(yaml: YamlText, plan: Plan, file: string): Recomputed[] {
  const stated = isMapping(yaml.value) ? mappingAt(yaml.value, 'plan_metrics') : {};
  const actual = metricsOf(plan, yaml.value);
  const pairs = [
    ['wave_1_task_count', String(actual.wave1Tasks)],
    ['total_dependencies', String(actual.totalDependencies)],
    ['risk_score', actual.risk],
  ] as const;
  return pairs.flatMap(([key, value]): Recomputed[] => {
    const said = textOf(stated[key]);
    if (said === undefined || said.toLowerCase() === value || value === 'unknown') return [];
    const place = placeIn(file, yaml.rangeAt(['plan_metrics', key]));
    return [{ what: `plan_metrics.${key}`, stated: said, actual: value, place }];
  });
}
