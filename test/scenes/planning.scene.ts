// From nothing but an objective to merged: an agent asks, plans, and does what a person has approved. The agent is a real
// program that speaks the Agent Client Protocol and follows a script.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DONE, ScriptedPlanner } from '../rig/planner.ts';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { makeStage, type Stage, vsix } from './stage.ts';

const ASKS = JSON.stringify({
  extra: {
    questions: [
      { id: 'currency', question: 'In which currency are the prices?', options: ['Euros', 'Pounds'] },
      { id: 'till', question: 'Is there a till already?', options: ['No', 'Yes, in src/till.ts'] },
    ],
  },
});

const PLAN = `plan_id: "{id}"
objective: Sell tea for euros
tasks:
  - { id: prices, title: What tea costs, wave: 1, agent: shell, run: "echo 3 EUR > prices.txt", scope: [prices.txt], covers: [AC-1] }
  - { id: till, title: Pay at the till, wave: 2, agent: shell, run: "echo paid > till.txt", scope: [till.txt], dependencies: [prices], covers: [AC-2] }
`;

const CHANGED = PLAN.replace('echo 3 EUR', 'echo 4 EUR');

const PRD = `prd_id: shop
version: 1.0.0
acceptance_criteria:
  - { criterion: Tea has a price in euros, verification: cat prices.txt }
  - { criterion: Tea can be paid, verification: cat till.txt }
`;

describe('an objective in the workbench', () => {
  let scene: Scene;
  let stage: Stage;
  let planner: ScriptedPlanner;
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: stage.workspace, encoding: 'utf8' });

  before(async () => {
    stage = makeStage(() => ({ 'README.md': '# Shop\n' }));
    const files = { 'docs/plan/{id}/plan.yaml': PLAN, 'docs/PRD.yaml': PRD };
    const anew = { files: { 'docs/plan/{id}/plan.yaml': CHANGED }, says: DONE };
    const turns = [{ says: ASKS }, { files, says: DONE }, anew];
    planner = new ScriptedPlanner(join(dirname(stage.workspace), 'planner'), turns);
    writeFileSync(join(stage.workspace, 'orchestrate.yaml'), planner.config);
    git('add', '.');
    git('commit', '-qm', 'Who plans');
    scene = await openScene({ name: 'planning', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  it('is asked about, planned, reviewed and merged', async () => {
    const { page } = scene;
    await scene.openView('Orchestrate');
    const objective = page.locator('.quick-input-widget:visible input');
    await scene.click(page.getByRole('button', { name: 'Plan an Objective' }), objective);
    await objective.fill('Sell tea');
    await scene.shot('objective');
    await objective.press('Enter');

    await scene.row('In which currency').waitFor();
    await scene.shot('asked');
    await scene.rowAction('In which currency', 'Answer');
    await scene.choose('Euros');
    await scene.pick('Yes, in src/till.ts').waitFor();
    await scene.shot('asked-again');
    await scene.choose('No');

    await scene.row('Review the plan').waitFor();
    assert.equal(git('status', '--porcelain'), '', 'nothing is written without a word');
    await scene.shot('planned');
    await scene.click(scene.row('Review the plan'), scene.dialog().getByText('docs/PRD.yaml'));
    await scene.shot('may-it-be-written');
    await scene.dialog().getByRole('button', { name: 'Write' }).click();

    const review = scene.webview();
    await review.getByRole('button', { name: 'Approve' }).waitFor();
    await review.getByText('Tea can be paid').waitFor();
    await scene.shot('review');
    await review.getByRole('button', { name: 'Ask for changes…' }).click();
    await review.getByLabel('What should be different?').fill('Tea costs four euros');
    await scene.shot('ask-for-changes');
    await review.getByRole('button', { name: 'Have it made anew' }).click();
    await scene.row('Tea costs four euros').waitFor();
    await scene.row('Review the new version').waitFor();
    await scene.shot('made-anew');
    await scene.click(scene.row('Review the new version'), scene.dialog().getByText('echo 4 EUR'));
    await scene.shot('what-it-changes');
    await scene.dialog().getByRole('button', { name: 'Write' }).click();
    await review.getByText('Changed with the last edit').waitFor();
    await scene.shot('review-again');
    await review.getByRole('button', { name: 'Approve' }).click();
    await scene.row('Take the result').waitFor();
    await scene.shot('merged');
    assert.match(planner.prompts()[1]?.text ?? '', /In which currency are the prices\? Euros/);
    assert.match(git('log', '--format=%s', '--all'), /Pay at the till/);
  });
});
