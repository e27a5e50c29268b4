import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { fixText } from '../../../../src/formats/text/fix.ts';
import { validateText } from '../../../../src/formats/validate.ts';
import { withEdits } from '../../../../src/model/plan/fixes.ts';
import { readPlan } from '../../../../src/model/plan/reader.ts';
import { PLAN_RULES, type PlanRule } from '../../../../src/model/plan/rules.ts';
import { yamlLines } from '../texts.ts';

const FILE = 'docs/plan/p/plan.yaml';
const head = 'plan_id: p\nobjective: o\n';
const planned = `${head}created_by: gem-planner\npre_mortem: {overall_risk_level: low, assumptions: [none]}\n`;
const check = (text: string, prd?: string) =>
  validateText({ path: FILE, text }, { prd: prd === undefined ? undefined : { path: 'docs/PRD.yaml', text: prd } });

interface Case {
  text: string;
  prd?: string;
  /** line:column. */
  at: string;
  /** The text after the fix. */
  fixed?: string;
}

const two = (first: string, second: string): string =>
  `${head}tasks:\n  - id: setup\n    wave: 1\n${first}  - id: b\n    wave: 1\n${second}`;
const sound = 'agent: gem-implementer, verification: [npm test], acceptance_criteria: [it works]';

/** For each rule a plan that breaks it. */
const CASES: Record<PlanRule, Case> = {
  yaml: {
    text: `${head}tasks:\n\t- id: a\n\t\ttitle: x\n`,
    at: '4:1',
    fixed: `${head}tasks:\n  - id: a\n    title: x\n`,
  },
  'key-twice': { text: `${head}tasks:\n  - id: a\n    title: x\n    title: y\n`, at: '6:5' },
  shape: { text: `${head}tasks:\n  - id: a\n    wave: soon\n`, at: '5:11' },
  'plan-id-missing': {
    text: '# mine\nobjective: o\ntasks: [{id: a}]\n',
    at: '2:1',
    fixed: '# mine\nplan_id: p\nobjective: o\ntasks: [{id: a}]\n',
  },
  'objective-missing': { text: 'plan_id: p\ntasks: [{id: a}]\n', at: '1:1' },
  'tasks-missing': { text: head, at: '1:1' },
  'id-missing': { text: `${head}tasks:\n  - title: a\n`, at: '4:5' },
  'id-twice': { text: `${head}tasks:\n  - id: a\n  - id: a\n`, at: '4:9' },
  'id-unusable': { text: `${head}tasks:\n  - id: ${'x'.repeat(301)}\n`, at: '4:9' },
  'status-unknown': {
    text: `${head}tasks:\n  - id: a\n    status: "done" # so they say\n`,
    at: '5:13',
    fixed: `${head}tasks:\n  - id: a\n    status: "completed" # so they say\n`,
  },
  'priority-unknown': { text: `${head}tasks:\n  - id: a\n    priority: urgent\n`, at: '5:15' },
  'word-unknown': {
    text: `${head}tasks:\n  - id: a\n    estimated_effort: smal\n`,
    at: '5:23',
    fixed: `${head}tasks:\n  - id: a\n    estimated_effort: small\n`,
  },
  'dependency-unknown': {
    text: two('', '    dependencies:\n      - setpu\n'),
    at: '9:9',
    fixed: two('', '    dependencies:\n      - setup\n'),
  },
  'dependency-self': {
    text: two('', '    dependencies: [b, setup]\n'),
    at: '8:20',
    fixed: two('', '    dependencies: [setup]\n'),
  },
  cycle: { text: two('    dependencies: [b]\n', '    dependencies: [setup]\n'), at: '6:19' },
  'wave-order': {
    // max + 1 is 4; min + 1 would have been 2.
    text: `${head}tasks:\n  - {id: a, wave: 1}\n  - {id: b, wave: 3}\n  - {id: c, wave: 2, dependencies: [a, b]}\n`,
    at: '6:19',
    fixed: `${head}tasks:\n  - {id: a, wave: 1}\n  - {id: b, wave: 3}\n  - {id: c, wave: 4, dependencies: [a, b]}\n`,
  },
  'conflict-unknown': { text: two('', '    conflicts_with: [zzzzzzz]\n'), at: '8:22' },
  'conflict-self': {
    text: two('', '    conflicts_with:\n      - setup\n      - b\n'),
    at: '10:9',
    fixed: two('', '    conflicts_with:\n      - setup\n'),
  },
  'conflict-one-way': {
    text: two('', '    conflicts_with: [setup]\n'),
    at: '8:21',
    fixed: two('', '    conflicts_with: [setup]\n').replace('id: setup\n', 'id: setup\n    conflicts_with: [b]\n'),
  },
  'conflict-same-wave': { text: two('    conflicts_with: [b]\n', '    conflicts_with: [setup]\n'), at: '6:22' },
  'contract-incomplete': { text: `${head}tasks: [{id: a}]\ncontracts: [{from_task: a}]\n`, at: '4:13' },
  'contract-unknown': {
    text: `${head}tasks: [{id: setup}]\ncontracts:\n  - from_task: setup\n    to_task: setp\n`,
    at: '6:14',
    fixed: `${head}tasks: [{id: setup}]\ncontracts:\n  - from_task: setup\n    to_task: setup\n`,
  },
  'hidden-dependency': {
    text: `${two('', '    dependencies: []\n')}contracts:\n  - from_task: setup\n    to_task: b\n`,
    at: '11:14',
    fixed: `${two('', '    dependencies: [setup]\n')}contracts:\n  - from_task: setup\n    to_task: b\n`,
  },
  'scope-outside': { text: `${head}tasks:\n  - id: a\n    scope: [../x]\n`, at: '5:13' },
  'scope-missing': { text: two('', ''), at: '3:1' },
  'run-missing': { text: `${head}tasks:\n  - id: a\n    agent: shell\n`, at: '5:12' },
  'agent-missing': { text: `${planned}tasks:\n  - id: a\n`, at: '6:5' },
  'verification-missing': { text: `${planned}tasks:\n  - id: a\n`, at: '6:5' },
  'acceptance-criteria-missing': { text: `${planned}tasks:\n  - id: a\n`, at: '6:5' },
  'failure-modes-missing': { text: `${planned}tasks:\n  - {id: a, priority: high, ${sound}}\n`, at: '6:5' },
  'too-many-files': { text: `${head}tasks:\n  - id: a\n    estimated_files: 4\n`, at: '5:22' },
  'too-many-lines': { text: `${head}tasks:\n  - id: a\n    estimated_lines: 301\n`, at: '5:22' },
  'pre-mortem-missing': { text: `${head}created_by: gem-planner\ntasks: [{id: a, ${sound}}]\n`, at: '1:1' },
  'pre-mortem-incomplete': {
    text: `${head}pre_mortem:\n  overall_risk_level: high\n  assumptions: [x]\ntasks: [{id: a, ${sound}}]\n`,
    at: '3:1',
  },
  'metrics-wrong': {
    text: `${head}plan_metrics:\n  total_dependencies: 7 # counted by hand\ntasks: [{id: a}]\n`,
    at: '4:23',
    fixed: `${head}plan_metrics:\n  total_dependencies: 0 # counted by hand\ntasks: [{id: a}]\n`,
  },
  'requirement-uncovered': {
    text: `${head}tasks: [{id: a, covers: [R1]}]\n`,
    prd: 'prd_id: p\nrequirements: [{requirement_id: R1}, {requirement_id: R2}]\n',
    at: '3:8',
  },
  'requirement-unknown': {
    text: `${head}tasks:\n  - id: a\n    covers: [REQ-11]\n`,
    prd: 'prd_id: p\nrequirements: [{requirement_id: REQ-1}]\n',
    at: '5:14',
    fixed: `${head}tasks:\n  - id: a\n    covers: [REQ-1]\n`,
  },
  'requirements-unread': {
    text: `${head}tasks:\n  - id: a\n    covers: [R1]\n`,
    prd: '- a list\n',
    at: '5:14',
  },
  'feature-unmentioned': {
    text: `${head}tasks: [{id: a}]\n`,
    prd: 'prd_id: p\nfeatures: [{name: search, status: planned}]\n',
    at: '3:8',
  },
  'error-code-unknown': {
    text: `${head}tasks: [{id: a, description: throws ERR_AUTH_2}]\n`,
    prd: 'prd_id: p\nerrors: [{code: ERR_AUTH_1, message: no}]\n',
    at: '3:8',
  },
};

describe('The rules of a plan:', () => {
  for (const [rule, { text, prd, at, fixed }] of Object.entries(CASES)) {
    it(`${rule} is told where it is broken${fixed === undefined ? '' : ', and mended'}`, () => {
      const found = check(text, prd).filter(({ code }) => code === rule);
      const [first] = found;
      assert.ok(
        first,
        check(text, prd)
          .map(({ code, message }) => `${code}: ${message}`)
          .join('\n'),
      );
      assert.equal(`${first.range.line}:${first.range.column}`, at);
      if (fixed === undefined) return;
      assert.ok(first.fix, 'no fix');
      const after = withEdits(text, first.fix.edits);
      assert.equal(after, fixed);
      assert.ok(check(after, prd).filter(({ code }) => code === rule).length < found.length, 'still broken');
    });
  }

  it('counts acceptance criteria where the plan does, and no other ids', () => {
    const prd = 'prd_id: p\nacceptance_criteria: [{criterion: It is quick}, {criterion: It is small}]\n';
    const told = (covers: string) =>
      check(`${head}tasks: [{id: a, covers: [${covers}]}]\n`, prd)
        .filter(({ code }) => code?.startsWith('requirement-'))
        .map(({ message }) => /"(?:AC|US)-\d+"/.exec(message)?.[0]);
    assert.deepEqual(told('AC-1'), ['"AC-2"']);
    assert.deepEqual(told('AC-1, AC-2, AC-3'), ['"AC-3"']);
    assert.deepEqual(told('US-7'), []);
  });

  it('are as severe as the table says', () => {
    for (const [rule, { text, prd }] of Object.entries(CASES)) {
      const found = check(text, prd).find(({ code }) => code === rule);
      assert.equal(found?.severity, PLAN_RULES[rule as PlanRule].severity, rule);
    }
  });

  it('that a planner has to answer for are mentioned once in a plan by hand, and not at all of lines for the shell', () => {
    const tasks = Array.from({ length: 9 }, (_, i) => `  - {id: t${i}, scope: [x${i}]}\n`).join('');
    const told = check(`${head}tasks:\n${tasks}`);
    assert.deepEqual(
      told.map(({ code, severity }) => [code, severity]),
      [
        ['agent-missing', 'info'],
        ['verification-missing', 'info'],
        ['acceptance-criteria-missing', 'info'],
      ],
    );
    assert.match(told[0]?.message ?? '', /^"t0", "t1", "t2" and 6 more have no agent/);
    assert.deepEqual(check(`${head}tasks: [{id: a, agent: shell, run: "true"}]\n`), []);
  });
});

describe('A fix', () => {
  it('of every kind is made at once where it is certain, and keeps every other byte', () => {
    const text = [
      'objective: o # why',
      'plan_metrics: {total_dependencies: 9}',
      'tasks:',
      '  - id: a',
      '    wave: 1',
      "    status: 'done'",
      '    dependencies: [ a ]  # itself',
      '  - id: b',
      '    wave: 1',
      '    dependencies: [a]',
      '    conflicts_with: [a, c]',
      '  - id: c',
      '    wave: 2',
      '    conflicts_with:',
      '      - a # first',
      '',
    ];
    const fixed = [
      'plan_id: p',
      'objective: o # why',
      'plan_metrics: {total_dependencies: 1}',
      'tasks:',
      '  - id: a',
      '    conflicts_with: [b, c]',
      '    wave: 1',
      "    status: 'completed'",
      '    dependencies: [ ]  # itself',
      '  - id: b',
      '    wave: 2',
      '    dependencies: [a]',
      '    conflicts_with: [a, c]',
      '  - id: c',
      '    wave: 2',
      '    conflicts_with:',
      '      - a # first',
      '      - b',
      '',
    ];
    for (const eol of ['\n', '\r\n']) {
      const mended = fixText({ path: FILE, text: text.join(eol) });
      assert.equal(mended, fixed.join(eol));
      assert.equal(fixText({ path: FILE, text: mended }), mended);
    }
  });

  it('leaves no plan worse than it was, and is made once', () => {
    fc.assert(
      fc.property(yamlLines, (body) => {
        const text = `${head}tasks:\n${body}`;
        const mended = fixText({ path: FILE, text });
        assert.equal(fixText({ path: FILE, text: mended }), mended);
        const before = readPlan(text, FILE);
        if (before.plan) assert.ok(readPlan(mended, FILE).plan, `${text}\n=>\n${mended}`);
        assert.ok(
          check(mended).length <= check(text).length || check(text).some(({ code }) => code === 'yaml'),
          mended,
        );
      }),
      { numRuns: 100 },
    );
  }).timeout(30_000);
});
