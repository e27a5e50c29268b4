// Every rule that has a remedy, with a text that breaks it: the unit tests apply each, and so do those in the editor.
import type { DocumentKind } from '../../../src/language/document.ts';

const HEAD = 'plan_id: shop\nobjective: A shop\n';
const PLANNED = `${HEAD}created_by: gem-planner\npre_mortem: {overall_risk_level: low, assumptions: [none]}\n`;

/** A mistake and what is offered for it. */
export interface Case {
  kind: DocumentKind;
  text: string;
  /** Part of the problem's message. */
  says: string;
  /** What is offered, the likeliest first. */
  titles: string[];
  /** The text after the first. */
  first?: string;
}

export const CASES: Readonly<Record<string, Case>> = {
  'an id that is no task': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: setup\n  - id: b\n    dependencies: [setpu]\n`,
    says: 'which is no task',
    titles: ['Change to "setup"'],
    first: `${HEAD}tasks:\n  - id: setup\n  - id: b\n    dependencies: [setup]\n`,
  },
  'a dependency on itself': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    dependencies: [a]\n`,
    says: 'depends on itself',
    titles: ['Remove it'],
    first: `${HEAD}tasks:\n  - id: a\n    dependencies: []\n`,
  },
  'a conflict with itself': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    conflicts_with:\n      - a\n      - b\n  - id: b\n    conflicts_with: [a]\n`,
    says: 'conflicts with itself',
    titles: ['Remove it'],
    first: `${HEAD}tasks:\n  - id: a\n    conflicts_with:\n      - b\n  - id: b\n    conflicts_with: [a]\n`,
  },
  'a conflict with no task': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: setup\n  - id: b\n    conflicts_with: [setpu]\n`,
    says: 'which is no task',
    titles: ['Change to "setup"'],
  },
  'a conflict that one task alone tells': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    conflicts_with: [b]\n  - id: b\n    wave: 2\n`,
    says: 'does not name "a"',
    titles: ['Add "a" to the conflicts of "b"'],
    first: `${HEAD}tasks:\n  - id: a\n    conflicts_with: [b]\n  - id: b\n    conflicts_with: [a]\n    wave: 2\n`,
  },
  'a state in another word': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    status: done\n`,
    says: 'The status "done"',
    titles: ['Change to completed'],
    first: `${HEAD}tasks:\n  - id: a\n    status: completed\n`,
  },
  'an effort that is not known': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    estimated_effort: smal\n`,
    says: 'estimated effort that is known',
    titles: ['Change to small'],
  },
  'a contract with no task': {
    kind: 'plan',
    text: `${HEAD}contracts: [{from_task: setpu, to_task: b}]\ntasks:\n  - id: setup\n  - id: b\n    dependencies: [setup]\n`,
    says: 'which is no task',
    titles: ['Change to "setup"'],
  },
  'a promise without a dependency': {
    kind: 'plan',
    text: `${HEAD}contracts: [{from_task: a, to_task: b}]\ntasks:\n  - id: a\n  - id: b\n    title: x\n`,
    says: 'does not depend on it',
    titles: ['Make "b" depend on "a"'],
    first: `${HEAD}contracts: [{from_task: a, to_task: b}]\ntasks:\n  - id: a\n  - id: b\n    dependencies: [a]\n    title: x\n`,
  },
  'metrics that do not add up': {
    kind: 'plan',
    text: `${HEAD}plan_metrics: {total_dependencies: 5}\ntasks:\n  - id: a\n  - id: b\n    dependencies: [a]\n`,
    says: 'counted 1',
    titles: ['Change to 1'],
  },
  'a wave too early': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - {id: a, wave: 2}\n  - {id: b, wave: 1, dependencies: [a]}\n`,
    says: 'is in wave 1',
    titles: ['Move to wave 3'],
  },
  'a text that is no YAML': {
    kind: 'plan',
    text: `${HEAD}tasks:\n\t- id: a\n\t\ttitle: x\n`,
    says: 'Not valid YAML',
    titles: ['Make it YAML'],
    first: `${HEAD}tasks:\n  - id: a\n    title: x\n`,
  },
  'a key that is there twice': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    title: x\n    title: y\n`,
    says: 'here twice',
    titles: ['Remove the first "title"'],
    first: `${HEAD}tasks:\n  - id: a\n    title: y\n`,
  },
  'an id that is there twice': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n  - id: a\n`,
    says: 'is already used by',
    titles: ['Change to "a-2"'],
    first: `${HEAD}tasks:\n  - id: a\n  - id: a-2\n`,
  },
  'a task without an id': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - title: Add a login\n`,
    says: 'has no id',
    titles: ['Add "id"'],
    first: `${HEAD}tasks:\n  - id: add-a-login\n    title: Add a login\n`,
  },
  'a plan without an id': {
    kind: 'plan',
    text: 'objective: x\ntasks: [{id: a}]\n',
    says: 'has no plan_id',
    titles: ['Add "plan_id: shop"'],
  },
  'a plan without an objective': {
    kind: 'plan',
    text: '# mine\nplan_id: shop\ntasks: [{id: a}]\n',
    says: 'has no objective',
    titles: ['Add "objective"'],
    first: '# mine\nobjective: What the whole is for\nplan_id: shop\ntasks: [{id: a}]\n',
  },
  'a plan without tasks': { kind: 'plan', text: HEAD, says: 'no tasks', titles: ['Add "tasks"'] },
  'a shell task with nothing to run': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    agent: shell\n`,
    says: 'no line to run',
    titles: ['Add "run"'],
    first: `${HEAD}tasks:\n  - id: a\n    run: echo "what to run"\n    agent: shell\n`,
  },
  'tasks without agents': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n  - id: b\n    agent: manual\n  - { id: c }\n`,
    says: 'have no agent',
    titles: ['Add "agent"'],
    first: `${HEAD}tasks:\n  - id: a\n    agent: auto\n  - id: b\n    agent: manual\n  - { agent: auto, id: c }\n`,
  },
  'a planned task without verification': {
    kind: 'plan',
    text: `${PLANNED}tasks:\n  - id: a\n    agent: claude\n    acceptance_criteria: [it works]\n`,
    says: 'has no verification',
    titles: ['Add "verification"'],
  },
  'a planned task without acceptance criteria': {
    kind: 'plan',
    text: `${PLANNED}tasks:\n  - id: a\n    agent: claude\n    verification: [npm test]\n`,
    says: 'has no acceptance criteria',
    titles: ['Add "acceptance_criteria"'],
  },
  'a planned task that cannot fail': {
    kind: 'plan',
    text: `${PLANNED}tasks:\n  - id: a\n    priority: high\n`,
    says: 'has no failure modes',
    titles: ['Add "failure_modes"'],
  },
  'a planned plan that cannot fail': {
    kind: 'plan',
    text: `${HEAD}created_by: gem-planner\ntasks:\n  - id: a\n`,
    says: 'has no pre_mortem',
    titles: ['Add "pre_mortem"'],
  },
  'a word that is not known': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    priority: hihg\n`,
    says: 'The priority',
    titles: ['Change to high', 'Change to medium', 'Change to low'],
    first: `${HEAD}tasks:\n  - id: a\n    priority: high\n`,
  },
  'a form that is not read': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: a\n    produces: "file"\n`,
    says: 'must be "change" or "report"',
    titles: ['Change to change', 'Change to report'],
  },
  'a key of orchestrate.yaml that is not known': {
    kind: 'config',
    text: 'limits:\n  agent: 3\n  retries: 1\n',
    says: '"agent" is not known',
    titles: ['Change to "agents"', 'Remove "agent"'],
    first: 'limits:\n  agents: 3\n  retries: 1\n',
  },
  'a word of orchestrate.yaml that is not known': {
    kind: 'config',
    text: 'mode: continous\n',
    says: 'must be waves, continuous or adaptive',
    titles: ['Change to continuous', 'Change to waves', 'Change to adaptive'],
  },
  'an older key': {
    kind: 'config',
    text: 'agents:\n  claude: { model: x, max_turns: 3 }\n',
    says: 'older name',
    titles: ['Change to "maxTurns"', 'Remove "max_turns"'],
    first: 'agents:\n  claude: { model: x, maxTurns: 3 }\n',
  },
  'a gate that is there twice': {
    kind: 'config',
    text: 'gates:\n  test: npm test\n  test: npm run test\n',
    says: 'here twice',
    titles: ['Remove the first "test"'],
  },
  'a state of a feature that is not known': {
    kind: 'prd',
    text: 'prd_id: a\nfeatures:\n  - name: Login\n    status: plannd\n',
    says: 'The status "plannd"',
    titles: ['Change to planned', 'Change to in_progress', 'Change to complete'],
  },
  'a choice of Orchestra that is not known': {
    kind: 'orchestraConfig',
    text: 'pipeline:\n  review: requird\n',
    says: 'not "requird"',
    titles: ['Change to required', 'Change to optional', 'Change to skip'],
    first: 'pipeline:\n  review: required\n',
  },
  'settings of an older Orchestra': {
    kind: 'orchestraConfig',
    text: 'pipeline:\n  milestone_isolation: inline\n  review: skip\n',
    says: 'is of an older version',
    titles: ['Remove "milestone_isolation"', 'Upgrade the settings to 4.0.0, with these values'],
    first: 'pipeline:\n  review: skip\n',
  },
  'a state of a phase that is not known': {
    kind: 'phase',
    text: '---\nstatus: dnoe\norder: 1\n---\n# A\n',
    says: '"dnoe" is not known',
    titles: ['Change to done', 'Change to pending', 'Change to in-progress', 'Change to failed'],
  },
  'a phase without its head': {
    kind: 'phase',
    text: '# A\n',
    says: 'A phase begins with',
    titles: ['Add status and order'],
    first: '---\nstatus: pending\norder: 1\n---\n\n# A\n',
  },
  'a state of a milestone that is not known': {
    kind: 'milestone',
    text: '# M1\n\n| Field | Value |\n|---|---|\n| Status | palnning |\n',
    says: '"palnning" is not known',
    titles: ['Change to planning', 'Change to in-progress', 'Change to review', 'Change to done', 'Change to failed'],
    first: '# M1\n\n| Field | Value |\n|---|---|\n| Status | planning |\n',
  },
  'a lock that is stale': {
    kind: 'milestone',
    text: '# M1\n\n| Field | Value |\n|---|---|\n| Status | planning |\n| Locked-By | 2020-01-01T00:00:00Z |\n',
    says: 'counts for nothing',
    titles: ['Remove the stale lock'],
    first: '# M1\n\n| Field | Value |\n|---|---|\n| Status | planning |\n',
  },
};
