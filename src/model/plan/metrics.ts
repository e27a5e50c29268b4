import type { Plan } from './plan.ts';

/** What a planner counts, counted: FORMATS.md 1.2 and 1.3. */
export interface Metrics {
  wave1Tasks: number;
  totalDependencies: number;
  risk: 'low' | 'medium' | 'high' | 'unknown';
}

/** The metrics of a plan from its tasks and the `pre_mortem` of its file, whatever its `plan_metrics` say. */
export function metricsOf(plan: Plan, top: unknown): Metrics {
  const level = wordAt(mappingAt(top, 'pre_mortem'), 'overall_risk_level')?.toLowerCase();
  return {
    wave1Tasks: plan.tasks.filter(({ wave }) => wave === 1).length,
    totalDependencies: plan.tasks.reduce((sum, { dependencies }) => sum + dependencies.length, 0),
    risk: level === 'low' || level === 'medium' || level === 'high' ? level : 'unknown',
  };
}

/** The stated metrics that counting contradicts. */
export function countMetrics(plan: Plan, top: unknown): { key: string; stated: string; actual: string }[] {
  const said = mappingAt(top, 'plan_metrics');
  const counted = metricsOf(plan, top);
  const pairs = [
    ['wave_1_task_count', String(counted.wave1Tasks)],
    ['total_dependencies', String(counted.totalDependencies)],
    ['risk_score', counted.risk],
  ] as const;
  return pairs.flatMap(([key, actual]) => {
    const stated = wordAt(said, key);
    if (stated === undefined || stated.toLowerCase() === actual || actual === 'unknown') return [];
    return [{ key, stated, actual }];
  });
}

const mappingAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function wordAt(value: unknown, key: string): string | undefined {
  const word = mappingAt(value, key);
  return typeof word === 'string' && !/^(?:null|~)?$/.test(word) ? word : undefined;
}
