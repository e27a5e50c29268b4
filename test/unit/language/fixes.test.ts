import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { problemsOf } from '../../../src/language/check.ts';
import type { DocumentKind } from '../../../src/language/document.ts';
import { fixesFor } from '../../../src/language/fixes.ts';
import { withEdits } from '../../../src/model/plan-fixes.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { fileOf, KINDS, someText } from './texts.ts';

const HEAD = 'plan_id: shop\nobjective: A shop\n';
const PLANNED = `${HEAD}created_by: gem-planner\npre_mortem: {overall_risk_level: low, assumptions: [none]}\n`;

interface Case {
  kind: DocumentKind;
  text: string;
  /** Part of the problem's message. */
  says: string;
  /** What is offered, the likeliest first. */
  titles: string[];
  /** The text after the first. */
  first?: string;
}

const CASES: Record<string, Case> = {
  'an id that is no task': {
    kind: 'plan',
    text: `${HEAD}tasks:\n  - id: setup\n  - id: b\n    dependencies: [setpu]\n`,
    says: 'which is no task',
    titles: ['Change to "setup"'],
    first: `${HEAD}tasks:\n  - id: setup\n  - id: b\n    dependencies: [setup]\n`,
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
    says: 'must be waves or continuous',
    titles: ['Change to continuous', 'Change to waves'],
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

describe('fixes', () => {
  for (const [what, { kind, text, says, titles, first }] of Object.entries(CASES)) {
    it(`put right ${what}`, () => {
      const file = fileOf(kind, text);
      const problem = problemsOf(file).find(({ message }) => message.includes(says));
      assert.ok(
        problem,
        problemsOf(file)
          .map(({ message }) => message)
          .join('\n'),
      );
      const fixes = fixesFor(file, problem);
      assert.deepEqual(
        fixes.map(({ title }) => title),
        titles,
      );
      for (const [i, { title, edits }] of fixes.entries()) {
        const fixed = withEdits(text, edits);
        if (i === 0 && first !== undefined) assert.equal(fixed, first);
        const left: readonly Problem[] = problemsOf(fileOf(kind, fixed)).filter((other) => isSame(other, problem));
        assert.deepEqual(left, [], `${title}:\n${fixed}`);
      }
    });
  }

  it('never throw, and stay inside the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), someText, (kind, text) => {
        const file = fileOf(kind, text);
        const lines = text.split('\n');
        for (const problem of problemsOf(file).slice(0, 5)) {
          for (const { edits } of fixesFor(file, problem)) {
            for (const { range } of edits) {
              assert.ok(1 <= range.line && range.line <= range.endLine && range.endLine <= lines.length + 1);
              assert.ok(range.column <= (lines[range.line - 1]?.length ?? 0) + 1, JSON.stringify(range));
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

const isSame = (one: Problem, other: Problem): boolean => one.code === other.code && one.message === other.message;
