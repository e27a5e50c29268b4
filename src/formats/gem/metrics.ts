import { countMetrics } from '../../model/plan/metrics.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { YamlText } from '../../model/text/yaml-document.ts';
import { placeIn } from '../draft.ts';
import type { Recomputed } from '../imported.ts';

/** The stated metrics that counting contradicts, with their places. */
export function recomputedMetrics(yaml: YamlText, plan: Plan, file: string): Recomputed[] {
  return countMetrics(plan, yaml.value).map(({ key, stated, actual }) => ({
    what: `plan_metrics.${key}`,
    stated,
    actual,
    place: placeIn(file, yaml.rangeAt(['plan_metrics', key])),
  }));
}
