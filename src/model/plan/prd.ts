/** The requirements of a repository. */
export const PRD_FILE = 'docs/PRD.yaml';

/** Where a feature of a product requirements document stands. */
export type FeatureStatus = 'planned' | 'in_progress' | 'complete';

/** Something that a plan is to fulfil; tasks name it by its id in `covers`. */
export interface Requirement {
  id: string;
  text: string;
}

/** A product requirements document: what is to be built, independent of any plan. Ten sections under an id and a version. */
export interface Prd {
  id: string;
  /** A semantic version, e.g. `1.2.0`. */
  version: string;
  userStories: readonly { asA: string; iWant: string; soThat: string }[];
  scope: { inScope: readonly string[]; outOfScope: readonly string[] };
  /** Those that have ids, which only some documents give them. */
  requirements: readonly Requirement[];
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

/** What tasks can say that they cover: the requirements, else the acceptance criteria as AC-1, AC-2, … */
export const requirementsOf = ({ requirements, acceptanceCriteria }: Prd): readonly Requirement[] =>
  requirements.length > 0
    ? requirements
    : acceptanceCriteria.map(({ criterion }, at) => ({ id: `AC-${at + 1}`, text: criterion }));
