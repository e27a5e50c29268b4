// Files that people write for us, in the workbench: mistakes and their remedies, what is known of a task, another id,
// the outline, and files of another system that are offered to be imported. Pictures in .pictures/language….
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { makeStage, type Stage, vsix } from './stage.ts';

const PLAN = `plan_id: shop
objective: Sell two things in a small shop
tasks:
  - id: catalogue
    title: Catalogue of what is sold
    wave: 1
    agent: claude
    scope: [src/catalogue.ts]
    estimated_effort: small
  - id: prices
    title: Prices in euros
    wave: 1
    agent: claude
    scope: [src/prices.ts]
    conflicts_with: [catalogue]
  - id: basket
    title: Basket
    wave: 1
    agent: claude
    priority: urgent
    scope: [src/basket.ts]
    dependencies: [catalog, prices]
`;

const CONFIG = `gates:
  test:
    run: npm test
    on: [task, waves]
limits:
  agent: 3
`;

const PROMPT = `# Add a login

## Overview

People log in with a name and a password.

## Target Files

- src/login.ts

## Success Criteria

- A person who knows the password is let in
`;

const files = (): Record<string, string> => ({
  'README.md': '# Shop\n',
  'orchestrate.yaml': CONFIG,
  'docs/plan/shop/plan.yaml': PLAN,
});

describe('a plan that is being written', () => {
  let scene: Scene;
  let stage: Stage;
  before(async () => {
    stage = makeStage(files);
    scene = await openScene({ name: 'language', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  /** A word of the text, as it is drawn. */
  const word = (text: string): Locator => scene.page.locator('.view-line span', { hasText: text }).last();

  it('shows mistakes with remedies', async () => {
    await scene.openFile('docs/plan/shop/plan.yaml');
    await scene.page.locator('.squiggly-error').first().waitFor();
    await scene.command('Problems: Focus on Problems View');
    await scene.problem('which is no task').waitFor();
    await scene.shot('squiggles');
    await scene.command('View: Focus Active Editor Group');
    await scene.goTo(22, 22);
    // The menu closes where the editor gets the keyboard back only after it was drawn.
    await scene.soon(async () => {
      await scene.command('Quick Fix');
      await scene.page.locator('.action-widget').getByText('Change to "catalogue"').waitFor({ timeout: 5_000 });
    });
    await scene.shot('quick-fix');
    await scene.page.keyboard.press('Enter');
    await word('catalogue, prices').waitFor();
    await scene.page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
    await scene.shot('fixed');
  });

  /** The last word of a line. */
  const lastWord = (line: string): Locator =>
    scene.page.locator('.view-line', { hasText: line }).locator('span > span').last();

  it('says what a task waits for, and gives it another id everywhere', async () => {
    await scene.goTo(4, 10);
    await scene.hoverOver(lastWord('id: catalogue'), /same\stime\sas/);
    await scene.shot('hover');
    await scene.soon(async () => {
      await scene.page.keyboard.press('Escape');
      await scene.page.keyboard.press('F2');
      await scene.page.locator('.rename-box input').waitFor({ timeout: 5_000 });
    });
    await scene.page.locator('.rename-box input').fill('goods');
    await scene.shot('rename');
    await scene.page.keyboard.press('Enter');
    await word('goods, prices').waitFor();
    await word('[goods]').waitFor();
    await scene.shot('renamed');
  });

  it('offers what fits', async () => {
    await scene.goTo(20, 15);
    await scene.page.keyboard.press('Shift+End');
    await scene.page.keyboard.press('Delete');
    await scene.soon(async () => {
      await scene.command('Trigger Suggest');
      await scene.page.locator('.suggest-widget .monaco-list-row', { hasText: 'medium' }).waitFor({ timeout: 5_000 });
    });
    await scene.shot('completion');
    await scene.page.keyboard.press('Enter');
  });

  it('has its tasks in the outline', async () => {
    await scene.command('Explorer: Focus on Outline View');
    await scene.row('Prices in euros').waitFor();
    await scene.shot('outline');
  });

  it('checks the configuration too', async () => {
    await scene.openFile('orchestrate.yaml');
    await scene.page.locator('.squiggly-warning, .squiggly-error').first().waitFor();
    await scene.command('Problems: Focus on Problems View');
    await scene.problem('must be task, merge, wave, final or plan').waitFor();
    await scene.shot('configuration');
  });
});

describe('files of another system', () => {
  it('are offered, shown, and written after a word', async () => {
    using stage = makeStage(() => ({ 'README.md': '# Shop\n', 'prompts/add-login.md': PROMPT }));
    const scene = await openScene({ name: 'language-import', vsix, workspace: stage.workspace });
    const plan = join(stage.workspace, 'docs/plan/add-login/plan.yaml');
    try {
      await scene.notification('can read them as plans of its own').waitFor();
      await scene.shot('offer');
      await scene.notification('can read them as plans of its own').getByText('Import…').click();
      await scene.notification('Write docs/plan/add-login/plan.yaml?').waitFor();
      await scene.webview().getByRole('heading', { name: 'What was read' }).waitFor();
      await scene.shot('account');
      assert.ok(!existsSync(plan));
      await scene.notification('Write docs/plan/add-login/plan.yaml?').getByText('Write', { exact: true }).click();
      await scene.tab('plan.yaml').waitFor();
      await scene.shot('plan');
      assert.match(readFileSync(plan, 'utf8'), /src\/login\.ts/);
    } catch (error) {
      await scene.shot('failed');
      throw error;
    } finally {
      await scene.close();
    }
  });
});
