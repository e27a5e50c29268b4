// The same page in other colours, and the view where nothing can run; pictures to be looked at, in .pictures/look-….
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScene } from '../rig/vscode/scene.mjs';
import { makeStage, shopFiles, vsix } from './stage.ts';

const THEMES = { light: 'Default Light Modern', contrast: 'Default High Contrast' };

describe('the extension in other colours', () => {
  for (const [name, theme] of Object.entries(THEMES)) {
    it(`can be read in ${theme}`, async () => {
      using stage = makeStage(shopFiles);
      const settings = { 'workbench.colorTheme': theme };
      const scene = await openScene({ name: `look-${name}`, vsix, workspace: stage.workspace, settings });
      try {
        await scene.openView('Orchestrate');
        await scene.command('Orchestrate: Start Plan');
        await scene.choose('shop');
        await scene.webview().getByText('passed').first().waitFor();
        await scene.shot('review');
        await scene.webview().getByRole('button', { name: 'Approve' }).click();
        stage.release('wave1');
        await scene.row('attempt 2').waitFor();
        await scene.click(scene.row('Prices in euros').locator('.monaco-tl-twistie.collapsed'), scene.row('Attempt 1'));
        await scene.shot('running');
      } finally {
        await scene.close();
      }
    });
  }
});

describe('a run that asks and fails', () => {
  it('shows what an edit of the plan would change', async () => {
    using stage = makeStage(shopFiles);
    const scene = await openScene({ name: 'look-edited', vsix, workspace: stage.workspace });
    try {
      await scene.openView('Orchestrate');
      await scene.command('Orchestrate: Start Plan');
      await scene.choose('shop');
      const review = scene.webview();
      await review.getByRole('button', { name: 'Approve' }).click();
      await scene.row('Prices in euros').locator('.codicon-loading').waitFor();
      const file = join(stage.workspace, 'docs/plan/shop/plan.yaml');
      const text = readFileSync(file, 'utf8').replace('title: Basket', 'title: Basket with a handle');
      writeFileSync(file, `${text}  - { id: door, title: Door, wave: 3, agent: manual, dependencies: [till] }\n`);
      await review.getByRole('button', { name: 'Go on with the new plan' }).waitFor();
      await scene.row('Approve the edited plan').waitFor();
      await scene.shot('asked');
      await review.getByRole('button', { name: 'Go on with the new plan' }).click();
      await scene.row('Door').waitFor();
      await scene.shot('approved');
    } finally {
      await scene.close();
    }
  });

  it('says in a narrow window what failed', async () => {
    const task = (id: string, run: string): object => ({ id, title: `Task ${id}`, wave: 1, agent: 'shell', run });
    const tasks = [
      task('good', 'echo good > good.txt'),
      task('bad', 'echo no such luck >&2; exit 3'),
      { ...task('late', 'true'), dependencies: ['bad'] },
    ];
    using stage = makeStage(() => ({
      'README.md': '# Shop\n',
      'orchestrate.yaml': 'limits: { retries: 0 }\n',
      'docs/plan/shop/plan.yaml': JSON.stringify({ plan_id: 'shop', objective: 'Fail in part', tasks }),
    }));
    const viewport = { width: 760, height: 900 };
    const scene = await openScene({ name: 'look-failed', vsix, workspace: stage.workspace, viewport });
    try {
      await scene.openView('Orchestrate');
      await scene.command('Orchestrate: Start Plan');
      await scene.choose('shop');
      await scene.webview().getByRole('button', { name: 'Approve' }).click();
      await scene.row('Task bad').locator('.codicon-error').waitFor();
      await scene.webview().getByRole('heading', { name: 'Summary' }).waitFor();
      await scene.shot('failed');
      const why = scene.webview().getByRole('button', { name: 'What went wrong', exact: true }).first();
      await scene.click(why, scene.pick('exited with 3'));
      await scene.shot('what-went-wrong');
    } finally {
      await scene.close();
    }
  });
});

describe('a plan with titles of every kind', () => {
  it('stays inside its boxes in a narrow window', async () => {
    const titles = [
      'Word'.repeat(40),
      'many words '.repeat(20),
      '重写整个身份验证层'.repeat(5),
      '👩‍👩‍👧'.repeat(30),
      '<b>&amp;</b>',
    ];
    const tasks = titles.map((title, at) => ({ id: `t${at}`, title, wave: at + 1, agent: 'shell', run: 'true' }));
    using stage = makeStage(() => ({
      'README.md': '# Shop\n',
      'docs/plan/shop/plan.yaml': JSON.stringify({ plan_id: 'shop', objective: titles[0], tasks }),
    }));
    const viewport = { width: 760, height: 900 };
    const scene = await openScene({ name: 'look-titles', vsix, workspace: stage.workspace, viewport });
    try {
      await scene.openView('Orchestrate');
      await scene.command('Orchestrate: Start Plan');
      await scene.choose('shop');
      await scene.webview().getByRole('button', { name: 'Approve' }).waitFor();
      await scene.shot('review');
      const parts = scene.webview().locator('main, .tasks, .task, .task h3');
      const wider = await parts.evaluateAll((all: readonly Part[]) =>
        all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ className }) => className),
      );
      assert.deepEqual(wider, []);
      const [frames, texts] = await Promise.all(
        ['.box rect', '.box .title'].map((one) =>
          scene
            .webview()
            .locator(one)
            .evaluateAll((all: readonly Part[]) => all.map((part) => part.getBoundingClientRect().right)),
        ),
      );
      assert.equal(texts?.length, titles.length);
      assert.ok(
        texts.every((right, at) => right < (frames?.[at] ?? 0)),
        JSON.stringify({ frames, texts }),
      );
    } finally {
      await scene.close();
    }
  });
});

/** An element of a page, as far as its width goes. */
interface Part {
  className: string;
  scrollWidth: number;
  clientWidth: number;
  getBoundingClientRect(): { right: number };
}

describe('the view where nothing can run', () => {
  it('says why, and what to do', async () => {
    using stage = makeStage(() => ({ 'README.md': '# Empty\n' }));
    const scene = await openScene({ name: 'look-welcome', vsix, workspace: stage.workspace });
    try {
      await scene.openView('Orchestrate');
      await scene.page.locator('.welcome-view-content', { hasText: 'There is no plan here yet' }).first().waitFor();
      await scene.shot('no-plan');
      await scene.command('Orchestrate: Create Plan');
      await scene.tab('plan.yaml').waitFor();
      await scene.page.locator('.welcome-view-content', { hasText: 'Nothing has run here yet' }).first().waitFor();
      await scene.shot('plan-created');
    } finally {
      await scene.close();
    }
  });

  it('waits for trust', async () => {
    using stage = makeStage(() => ({ 'README.md': '# Empty\n' }));
    const scene = await openScene({ name: 'look-untrusted', vsix, workspace: stage.workspace, trust: false });
    try {
      await scene.openView('Orchestrate');
      await scene.page
        .locator('.welcome-view-content', { hasText: 'waits until you trust this folder' })
        .first()
        .waitFor();
      await scene.shot('untrusted');
    } finally {
      await scene.close();
    }
  });

  it('needs a repository', async () => {
    using stage = makeStage(() => ({ 'README.md': '# Empty\n' }));
    execFileSync('rm', ['-rf', `${stage.workspace}/.git`]);
    const scene = await openScene({ name: 'look-no-repository', vsix, workspace: stage.workspace });
    try {
      await scene.openView('Orchestrate');
      await scene.page.locator('.welcome-view-content', { hasText: 'not in a git repository' }).first().waitFor();
      await scene.shot('no-repository');
    } finally {
      await scene.close();
    }
  });
});
