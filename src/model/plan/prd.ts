/** Where a feature of a product requirements document stands. */
export type FeatureStatus = 'planned' | 'in_progress' | 'complete';

/** A product requirements document: what is to be built, independent of any plan. Ten sections under an id and a version. */
export interface Prd {
  id: string;
  /** A semantic version, e.g. `1.2.0`. */
  version: string;
  userStories: readonly { asA: string; iWant: string; soThat: string }[];
  scope: { inScope: readonly string[]; outOfScope: readonly string[] };
  acceptanceCriteria: readonly { criterion: string; verification: string }[];
  needsClarification: readonly { question: string; context: string; impact: string }[];
  features: readonly { name: string; overview: string; status: FeatureStatus }[];
  stateMachines: readonly {
    name: string;
    states: readonly string[];
    transitions: readonly { from: string; to: string; trigger: string }[];
  }[];
  /** Codes such as `ERR_AUTH_001`. */
  errors: readonly { code: string; message: string }[];
  decisions: readonly { decision: string; rationale: string }[];
  changes: readonly { version: string; change: string }[];
}
