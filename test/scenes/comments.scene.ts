// A person comments on the lines of a task's change, leaves the window, comes back, and sends all of it to the agent.
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { kept, makeStage, type Stage, vsix } from './stage.ts';

const PLAN = `plan_id: shop
objective: Sell tea
tasks:
  - id: prices
    title: What it costs
    wave: 1
    agent: shell
    run: "printf 'export const tea = 3;\\nexport const cup = 9;\\n' > prices.ts"
    scope: [prices.ts]
`;

describe('comments on a change', () => {
  let scene: Scene;
  let stage: Stage;
  before(async () => {
    stage = makeStage(() => ({
      'README.md': '# Shop\n',
      'docs/plan/shop/plan.yaml': PLAN,
      'orchestrate.yaml': "gates: { none: { run: '[ ! -e prices.ts ]', on: [task] } }\nlimits: { retries: 0 }\n",
    }));
    scene = await openScene({ name: 'comments', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  it('are written, kept over a reload, and sent', async () => {
    await scene.openView('Orchestrate');
    await scene.command('Orchestrate: Start Plan');
    await scene.choose('shop');
    await scene.webview().getByRole('button', { name: 'Approve' }).click();
    await scene.row('ended with failures').waitFor();
    await scene.rowAction('What it costs', 'Open Diff');
    const changed = scene.page.locator('.editor.modified').first();
    // The editor asks where one may comment after it has shown the text.
    await changed.locator('.comment-range-glyph').first().waitFor({ state: 'attached' });
    const thread = scene.page.locator('.review-widget').first();
    await scene.soon(async () => {
      await scene.page.mouse.move(0, 0);
      await changed.locator('.view-line', { hasText: 'cup = 9' }).hover({ timeout: 5_000 });
      await changed.locator('.comment-range-glyph.line-hover').click({ timeout: 5_000 });
      await thread.locator('textarea:focus, .native-edit-context:focus').first().waitFor({ timeout: 5_000 });
    });
    await scene.page.keyboard.type('A cup costs 4.');
    await scene.shot('written');
    await thread.getByRole('button', { name: 'Add Comment' }).click();
    await thread.getByText('Draft', { exact: true }).waitFor();
    await scene.shot('draft');

    await kept(scene.page, /A cup costs 4\./);
    await scene.reload();
    await scene.openView('Orchestrate');
    await scene.row('ended with failures').waitFor();
    await scene.command('Comments: Focus on Comments View');
    const listed = scene.page.locator('.comments-panel .monaco-list-row', { hasText: 'A cup costs 4.' });
    await scene.click(listed, thread.getByText('Draft', { exact: true }));
    await scene.shot('reloaded');

    // Another one without a mouse: to the first line, the editor's own command, submit.
    await scene.soon(async () => {
      for (const key of ['Control+1', 'Control+Home']) await scene.page.keyboard.press(key);
      await scene.statusBarItem('Ln 1, Col 1').waitFor({ timeout: 5_000 });
    });
    await scene.command('Comments: Add Comment on Current Selection');
    const second = scene.page.locator('.review-widget:has(.native-edit-context:focus, textarea:focus)');
    await second.waitFor();
    await scene.page.keyboard.type('Tea too.');
    await scene.page.keyboard.press('Control+Enter');
    await scene.page.locator('.review-widget', { hasText: 'Tea too.' }).getByText('Draft', { exact: true }).waitFor();
    await scene.shot('two');

    await thread.locator('.action-label[aria-label^="Send Comments to Agent"]').click();
    // The editor folds what is resolved.
    await thread.waitFor({ state: 'hidden' });
    await scene.row('attempt 2').waitFor();
    await scene.notification('ended with failures').waitFor();
    await scene.shot('sent');
    const told = prompts(stage).join('\n');
    assert.match(
      told,
      /A person says: 2 comments on your change:\n\nprices\.ts:1\n> export const tea = 3;\nTea too\.\n\nprices\.ts:2\n> export const cup = 9;\nA cup costs 4\./,
    );
  });
});

/** What each attempt was told. */
function prompts({ workspace }: Stage): string[] {
  const runs = join(workspace, '.git/orchestrate/runs');
  const files = readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('prompt.md'));
  return files.map((name) => readFileSync(join(runs, name), 'utf8'));
}
