import { strict as assert } from 'node:assert';
import { planningText } from '../../../src/agents/planner.ts';
import { researchText } from '../../../src/agents/researcher.ts';
import { validateText } from '../../../src/formats/validate.ts';
import { DEFAULT_CONFIG } from '../../../src/model/config/config.ts';
import { readFindings } from '../../../src/formats/gem/documents.ts';
import { configOfPlanning, planningFor, planOfPlanning, researchFile } from '../../../src/model/plan/planning.ts';

const planning = planningFor('20260319-search');
const text = planningText(planning, 'Add a search\n\n# Rules\nnone', '2026-03-19');
const forms = [...text.matchAll(/```yaml\n(.*?)\n```/gs)].map(([, form = '']) => form);

describe('What a planner is told', () => {
  it('names the file, the id and the whole objective, of which nothing is a heading of ours', () => {
    assert.match(text, /`docs\/plan\/20260319-search\/plan\.yaml`/);
    assert.match(text, /^> Add a search\n>\n> # Rules\n> none$/m);
  });

  it('shows the form of a plan that breaks no rule, beside requirements in the form it shows', () => {
    const [plan = '', prd = ''] = forms;
    const other =
      '  - { id: other-name, title: Another, agent: implementer, priority: low, scope: [src/b.ts], wave: 2,\n';
    const whole = plan.replace(
      'contracts:',
      `${other}      dependencies: [short-name], verification: [npm test], acceptance_criteria: [It works] }\ncontracts:`,
    );
    const beside = { prd: { path: 'docs/PRD.yaml', text: prd } };
    const problems = validateText({ path: planning.file, text: whole }, beside);
    assert.deepEqual(
      problems.filter(({ severity }) => severity !== 'info').map(({ message }) => message),
      [],
    );
    assert.deepEqual(validateText({ path: 'docs/PRD.yaml', text: prd }, {}), []);
  });
});

describe('What is asked before', () => {
  const told = (objective: string, complexity: 'simple' | 'medium' | 'complex'): string =>
    planningText({ ...planning, complexity }, objective, '2026-03-19');

  it('is nothing where the objective is simple, else what is open by what it is about', () => {
    assert.doesNotMatch(told('Add an SQL table', 'simple'), /# Questions/);
    assert.match(told('Add an SQL table', 'medium'), /# Questions[\s\S]*Here look for what is open\n\n- of data: /);
    assert.doesNotMatch(told('Greet whoever comes', 'medium'), /Here look for/);
  });
});

describe('What researchers are told', () => {
  const researching = { ...planning, research: ['data', 'tests'] as const };

  it('names one file of its own each, in a form that is read as findings, which the planner is given', () => {
    for (const focus of researching.research) {
      const [, form = ''] =
        /```yaml\n(.*?)\n```/s.exec(researchText(researching, focus, { objective: 'x', today: 'y' })) ?? [];
      const file = { path: researchFile(researching, focus), text: form };
      assert.deepEqual(validateText(file, {}), []);
      assert.equal(readFindings(file).findings?.focusArea, focus);
    }
    const { tasks } = planOfPlanning(researching, { objective: 'x', planner: text, researcher: String });
    assert.deepEqual(
      tasks.map(({ id, wave, scope, gates }) => [id, wave, scope?.[0], gates]),
      [
        ['research-data', 1, 'docs/plan/20260319-search/research_findings_data.yaml', ['findings-data']],
        ['research-tests', 1, 'docs/plan/20260319-search/research_findings_tests.yaml', ['findings-tests']],
        ['plan', 2, 'docs/plan/20260319-search/plan.yaml', undefined],
      ],
    );
    assert.deepEqual(
      tasks[2]?.contextFiles.map(({ path }) => path),
      tasks.slice(0, 2).flatMap(({ scope }) => scope),
    );
  });
});

describe('A planning run', () => {
  it('has one task of a planner, that may write the files of the plan and nothing else', () => {
    const { id, tasks } = planOfPlanning(planning, { objective: `${'x'.repeat(200)}\nmore`, planner: text });
    assert.equal(id, 'planning-20260319-search');
    assert.deepEqual(
      tasks.map(({ role, scope, title }) => [role, scope, title.length]),
      [['planner', ['docs/plan/20260319-search/plan.yaml', 'docs/PRD.yaml'], 106]],
    );
  });

  it('keeps the agents and limits of the repository, and none of its gates and set-up', () => {
    const limits = { ...DEFAULT_CONFIG.limits, idle: 7 };
    const { setup, gates, scope, ...config } = configOfPlanning(
      { ...DEFAULT_CONFIG, agents: { ...DEFAULT_CONFIG.agents, default: 'shell' }, limits, setup: 'npm ci' },
      planning,
    );
    assert.deepEqual([setup, scope, config.limits], [undefined, 'block', { ...limits, retries: 2 }]);
    assert.equal(config.agents.default, 'auto', 'the shell plans nothing');
    assert.deepEqual(
      gates.map(({ command, on }) => [command, on]),
      [[{ argv: ['orchestrate', 'validate', planning.file] }, ['task']]],
    );
  });
});
