// From the palette to merged with no hand on a mouse: every step by keys alone. Pictures in .pictures/keyboard.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { makeStage, type Stage, vsix, worktreeOf } from './stage.ts';

const PLAN = `plan_id: shop
objective: Greet the customers of a shop
tasks:
  - { id: tea, title: Tea, wave: 1, agent: shell, run: "echo tea > tea.txt", scope: [tea.txt] }
  - { id: words, title: Words, wave: 1, agent: manual, scope: [words.md] }
`;

describe('a plan without a mouse', () => {
  let scene: Scene;
  let stage: Stage;
  before(async () => {
    stage = makeStage(() => ({ 'README.md': '# Shop\n', 'docs/plan/shop/plan.yaml': PLAN }));
    scene = await openScene({ name: 'keyboard', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  const press = (key: string): Promise<void> => scene.page.keyboard.press(key);

  /** What is typed while another choice is still closing is lost: then the palette is opened again. */
  async function palette(text: string): Promise<void> {
    const entry = scene.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text });
    await scene.soon(async () => {
      if (await scene.page.locator('.quick-input-widget').isVisible()) await press('Escape');
      await press('F1');
      await scene.page.locator('.quick-input-widget input.input:focus').waitFor({ timeout: 5_000 });
      await scene.page.keyboard.type(text);
      await entry.waitFor({ timeout: 5_000 });
      await press('Enter');
      await entry.waitFor({ state: 'hidden', timeout: 5_000 });
    });
  }

  /** Takes the first entry of the choice that is asked for, which has the keyboard by then or a moment later. */
  async function take(text: string): Promise<void> {
    await scene.pick(text).waitFor();
    await scene.soon(async () => {
      if (await scene.pick(text).isVisible()) await press('Enter');
      await scene.pick(text).waitFor({ state: 'hidden', timeout: 5_000 });
    });
  }

  /** Goes on with a key until what has the keyboard says this. */
  async function until(key: string, focused: Locator, text: string): Promise<void> {
    for (let presses = 0; presses < 20; presses += 1) {
      await press(key);
      const said = await focused.first().textContent({ timeout: 5_000 });
      if (said?.includes(text)) return;
    }
    assert.fail(`${key} never came to ${text}`);
  }

  it('goes from the palette to merged', async () => {
    // The palette's list does not grow while it is open: the extension is there before.
    await scene.page.locator('.activitybar .action-label[aria-label^="Orchestrate"]').first().waitFor();
    await palette('Orchestrate: Start Plan');
    await take('shop');

    const review = scene.webview();
    await review.getByRole('button', { name: 'Approve' }).waitFor();
    await until('Tab', review.locator(':focus'), 'Reject…');
    await press('Enter');
    await review.locator('textarea:focus').waitFor();
    await press('Escape');
    await review.locator('button:focus', { hasText: 'Reject…' }).waitFor();
    await until('Shift+Tab', review.locator(':focus'), 'Approve');
    await scene.shot('focus-on-approve');
    await press('Enter');

    await palette('Orchestrate: Focus on Runs View');
    await scene.row('is yours to do').waitFor();
    // A view that was opened while nothing was in it has no row that could have the keyboard.
    const list = scene.page.locator('.pane-body .monaco-list:focus-within');
    const row = list.locator('.monaco-list-row.focused');
    // The palette gives the keyboard away after it has closed, and the page behind may take it back a moment later.
    for (let tries = 0, isThere = false; !isThere && tries < 5; tries += 1) {
      await palette('Orchestrate: Focus on Runs View');
      await list.waitFor();
      await press('ArrowDown');
      isThere = await row
        .first()
        .waitFor({ timeout: 5_000 })
        .then(() => true)
        .catch(() => false);
    }
    await press('Home');
    await until('ArrowDown', row, 'is yours to do');
    await press('Shift+F10');
    const menu = scene.page.locator('.monaco-menu .action-item.focused');
    await scene.page.locator('.monaco-menu', { hasText: 'Mark Done' }).waitFor();
    await until('ArrowDown', menu, 'Mark Done');
    await scene.shot('menu-of-a-row');
    writeFileSync(join(worktreeOf(stage, 'words'), 'words.md'), 'Good morning!\n');
    await press('Enter');

    await scene.row('Take the result').waitFor();
    await palette('Orchestrate: Take the Result');
    await take('Merge into the current branch');
    await scene.notification('is merged into your branch').waitFor();
    const files = execFileSync('git', ['ls-files'], { cwd: stage.workspace, encoding: 'utf8' });
    assert.match(files, /tea\.txt\nwords\.md/);
    await scene.shot('merged');
  });
});
