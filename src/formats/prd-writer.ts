import { stringify } from 'yaml';
import type { FeatureStatus, Prd } from '../model/plan/prd.ts';
import { readYaml } from '../model/text/yaml-text.ts';
import { appendItems, setScalar } from './text/yaml-edit.ts';
import { isMapping, listOf } from '../model/text/values.ts';

/** The text of a new docs/PRD.yaml: the documented sections in the documented order (FORMATS.md 1.5). */
export function createPrd(prd: Prd): string {
  const data = { prd_id: prd.id, version: prd.version, ...sections(prd) };
  return stringify(data, { lineWidth: 0 });
}

function sections(prd: Prd): Record<string, unknown> {
  return {
    user_stories: prd.userStories.map((one) => ({ as_a: one.asA, i_want: one.iWant, so_that: one.soThat })),
    scope: { in_scope: prd.scope.inScope, out_of_scope: prd.scope.outOfScope },
    acceptance_criteria: prd.acceptanceCriteria,
    needs_clarification: prd.needsClarification,
    features: prd.features,
    state_machines: prd.stateMachines,
    errors: prd.errors,
    decisions: prd.decisions,
    changes: prd.changes,
  };
}

/** What changes in a PRD at the end of a plan. */
export interface PrdUpdate {
  /** Name of a feature → where it stands now. */
  featureStatuses?: ReadonlyMap<string, FeatureStatus>;
  features?: Prd['features'];
  changes?: Prd['changes'];
}

/** The text with only the lines of the update changed or added; a text that is not YAML comes back as it is. */
export function updatePrd(text: string, update: PrdUpdate): string {
  let result = text;
  const { yaml } = readYaml(text, 'PRD.yaml');
  const features = isMapping(yaml?.value) ? listOf(yaml.value['features']) : [];
  for (const [i, feature] of features.entries()) {
    const status = isMapping(feature) ? update.featureStatuses?.get(String(feature['name'])) : undefined;
    if (status !== undefined) result = setScalar(result, ['features', i, 'status'], status);
  }
  return appendItems(appendItems(result, 'features', update.features ?? []), 'changes', update.changes ?? []);
}
