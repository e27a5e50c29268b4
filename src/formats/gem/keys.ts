import type { YamlText } from '../../model/text/yaml-document.ts';
import { placeIn } from '../draft.ts';
import type { Kept } from '../imported.ts';
import { isMapping, listOf } from '../../model/text/values.ts';

const PLAN_KEYS = new Set('plan_id objective status tasks contracts plan_metrics waves phases'.split(' '));
const TASK_KEYS = new Set(
  `id task_id title name description wave agent assigned_agent priority status dependencies depends_on conflicts_with
   context_files estimated_effort verification acceptance_criteria scope run gates model effort produces on_failure
   role complexity skills covers requirement_ids environment requires_approval devops_security_sensitive
   review_depth review_security_sensitive task_type audience coverage_matrix validation_matrix`.split(/\s+/),
);

/** Keys of a plan that are not read and stay, each once with its first place. */
export function keptKeys(yaml: YamlText, file: string): Kept[] {
  const kept = new Map<string, Kept>();
  const top = isMapping(yaml.value) ? yaml.value : {};
  for (const key of Object.keys(top))
    if (!PLAN_KEYS.has(key)) kept.set(key, { key, place: placeIn(file, yaml.keyRangeAt([key])) });
  for (const [i, task] of listOf(top['tasks']).entries()) {
    for (const key of isMapping(task) ? Object.keys(task) : []) {
      const name = `tasks[].${key}`;
      if (TASK_KEYS.has(key) || kept.has(name)) continue;
      kept.set(name, { key: name, place: placeIn(file, yaml.keyRangeAt(['tasks', i, key])) });
    }
  }
  return [...kept.values()];
}
