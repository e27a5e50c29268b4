import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DONE, type PlannerTurn, ScriptedPlanner } from '../../rig/planner.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

const PLAN = `plan_id: "{id}"
objective: Invoices
tasks:
  - { id: a, title: Write it, agent: shell, run: "echo a > a.txt", scope: [a.txt] }
`;
const OBJECTIVE = 'Rewrite the whole billing: invoices are stored in SQL, and shown on a page after an OAuth login';
const finding = (focus: string): PlannerTurn => ({
  on: `one area: **${focus}**`,
  files: {
    [`docs/plan/{id}/research_findings_${focus}.yaml`]: `plan_id: "{id}"\nfocus_area: ${focus}\ntldr: All about ${focus}\n`,
  },
  says: DONE,
});
const making: PlannerTurn = { files: { 'docs/plan/{id}/plan.yaml': PLAN }, says: DONE };

function rigged(turns: readonly PlannerTurn[], config = '') {
  const repository = TemporaryRepository.with({ 'README.md': '# Example\n' });
  const planner = new ScriptedPlanner(repository.folder('planner'), turns);
  repository.commit({ 'orchestrate.yaml': `${planner.config}${config}` });
  return { repository, planner, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() };
}

const planFolder = (root: string): string => join(root, 'docs/plan', readdirSync(join(root, 'docs/plan'))[0] ?? '');

describe('orchestrate plan of what is complex', () => {
  it('has researchers look into it side by side first; the planner is given what they found, and it is kept', async () => {
    const areas = ['architecture', 'security', 'data', 'logic'];
    await using rig = rigged([...areas.map(finding), making]);
    const { root } = rig.repository;
    const planned = await orchestrate(root, 'plan', OBJECTIVE, '--write');
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    assert.match(planned.stdout, /research-data: agent finished/);
    const files = readdirSync(planFolder(root)).toSorted();
    assert.deepEqual(files, ['plan.yaml', ...areas.map((focus) => `research_findings_${focus}.yaml`).toSorted()]);
    const prompts = rig.planner.prompts().map(({ text }) => text);
    const last = prompts.findLast((text) => text.includes('Make a plan for this objective')) ?? '';
    assert.equal(prompts.length, 5);
    assert.equal(prompts.indexOf(last), 4, 'it begins when they are through');
    assert.match(
      last,
      /# Read first\n\n- docs\/plan\/\S+\/research_findings_architecture\.yaml: what a researcher found/,
    );
    assert.match(last, /read tldr, confidence and\nopen_questions/);
    assert.match(prompts.find((text) => text.includes('**data**')) ?? '', /# Your role: researcher/);
  });

  it('is planned all the same where researchers fail, and says who did', async () => {
    const broken = { ...finding('security'), files: { 'docs/plan/{id}/research_findings_security.yaml': 'a: 1\n' } };
    const stray = { ...finding('data'), files: { 'src/a.ts': 'x\n' } };
    await using rig = rigged([finding('architecture'), broken, stray, finding('logic'), making]);
    const { root } = rig.repository;
    const planned = await orchestrate(root, 'plan', OBJECTIVE, '--write');
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    assert.match(planned.stdout, /research-security +skipped/);
    assert.deepEqual(readdirSync(planFolder(root)).toSorted(), [
      'plan.yaml',
      'research_findings_architecture.yaml',
      'research_findings_logic.yaml',
    ]);
    const again = rig.planner.prompts().filter(({ text }) => text.includes('**security**'));
    assert.equal(again.length, 3);
    assert.match(again[1]?.text ?? '', /research_findings_security\.yaml:1:1: error: These are no findings/);
  });

  it('is as complex as a person says', async () => {
    await using rig = rigged([finding('architecture'), finding('tests'), making], 'planning: { complexity: simple }\n');
    const { root } = rig.repository;
    assert.equal((await orchestrate(root, 'plan', OBJECTIVE)).code, 3);
    assert.equal(rig.planner.prompts().length, 1);
    assert.match(rig.planner.prompts()[0]?.text ?? '', /The objective is plain: ask nothing/);
    assert.equal((await orchestrate(root, 'plan', 'Fix a typo', '--complexity', 'complex')).code, 3);
    assert.equal(rig.planner.prompts().length, 4);
    const wrong = await orchestrate(root, 'plan', 'Fix a typo', '--complexity', 'hard');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--complexity is simple or medium or complex, not "hard"/);
  });
});
