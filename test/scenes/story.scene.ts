// A plan from "Start Plan" to merged in the real workbench, with a picture of every step in .pictures/story.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { kept, makeStage, pageOf, shopFiles, type Stage, vsix, worktreeOf } from './stage.ts';

describe('a plan in the workbench', () => {
  let scene: Scene;
  let stage: Stage;
  before(async () => {
    stage = makeStage(shopFiles);
    scene = await openScene({ name: 'story', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  it('goes from start to merged', async () => {
    const { page } = scene;
    await scene.openView('Orchestrate');
    await page.locator('.welcome-view-content', { hasText: 'Nothing has run here yet' }).first().waitFor();
    await scene.shot('welcome');

    await scene.command('Orchestrate: Start Plan');
    await scene.pick('shop').waitFor();
    await scene.shot('which-plan');
    await scene.choose('shop');

    const review = scene.webview();
    await review.getByRole('button', { name: 'Approve' }).waitFor();
    await review.getByText('passed').first().waitFor();
    await scene.row('Approve the plan').waitFor();
    await scene.shot('review');
    await review.getByRole('heading', { name: 'Wave 2' }).scrollIntoViewIfNeeded();
    await scene.shot('review-tasks');
    await review.getByRole('button', { name: 'Approve' }).click();

    await scene.row('Prices in euros').locator('.codicon-loading').waitFor();
    await scene.terminal().getByText('reading what is sold').waitFor();
    await scene.shot('running');

    stage.release('wave1');
    await scene.command('Problems: Focus on Problems View');
    await scene.problem('Cannot find name TODO').waitFor();
    await scene.row('attempt 2').waitFor();
    await scene.shot('problems-filled');

    stage.release('retry');
    await scene.problem('Cannot find name TODO').waitFor({ state: 'hidden' });
    await scene.shot('problems-cleared');

    await scene.row('is yours to do').waitFor();
    await scene.notification('is yours to do').waitFor();
    await scene.shot('attention');
    await scene.command('Notifications: Clear All Notifications');

    writeFileSync(join(worktreeOf(stage, 'words'), 'words.md'), 'Good morning!\n');
    await scene.rowAction('is yours to do', 'Mark Done');
    stage.release('wave2');
    await scene.row('Take the result').waitFor();
    await scene.notification('merged').waitFor();
    await scene.shot('ended');
    await scene.command('Notifications: Clear All Notifications');
    await scene.command('View: Hide Panel');
    await scene.tab('Plan shop').click();
    await review.getByRole('heading', { name: 'Summary' }).waitFor();
    await scene.shot('summary');

    await kept(page, pageOf('orchestrate.review'));
    await scene.reload();
    await review.getByRole('heading', { name: 'Summary' }).waitFor();
    await scene.shot('reloaded');
    await scene.openView('Orchestrate');
    await scene.click(scene.row('Take the result'), scene.pick('Merge into the current branch'));
    await scene.shot('take-the-result');
    await scene.choose('Merge into the current branch');
    await scene.notification('is merged into your branch').waitFor();
    assert.ok(existsSync(join(stage.workspace, 'src/till.ts')));
    assert.match(execFileSync('git', ['log', '--oneline'], { cwd: stage.workspace, encoding: 'utf8' }), /Till/);
  });

  it('shows what an attempt changed', async () => {
    await scene.rowAction('Basket', 'Open Diff');
    await scene.tab('Basket #1').waitFor();
    await scene.page.locator('.monaco-diff-editor, .multiDiffEntry').first().waitFor();
    await scene.shot('diff');
  });
});
