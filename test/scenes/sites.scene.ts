// Windows that are not simply one repository: several folders, and a git that is too old. Pictures in .pictures/sites-….
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { makeRepository } from '../rig/vscode/scratch-repository.mjs';
import { makeStage, type Stage, vsix } from './stage.ts';

const planned = (id: string): Record<string, string> => ({
  'README.md': `# ${id}\n`,
  [`docs/plan/${id}/plan.yaml`]: `plan_id: ${id}
objective: One file for the ${id}
tasks:
  - { id: one, title: One, wave: 1, agent: shell, run: "echo ${id} > one.txt", scope: [one.txt] }
`,
});

const welcome = (scene: Scene, hasText: string): Promise<void> =>
  scene.page.locator('.welcome-view-content', { hasText }).first().waitFor();

describe('a window with several folders', () => {
  it('asks which repository is meant, and works there', async () => {
    using stage = makeStage(() => planned('shop'));
    const folder = dirname(stage.workspace);
    makeRepository(join(folder, 'depot'), planned('depot'));
    const workspace = join(folder, 'both.code-workspace');
    writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'shop' }, { path: 'depot' }] }));
    const scene = await openScene({ name: 'sites-several', vsix, workspace });
    try {
      await scene.openView('Orchestrate');
      await welcome(scene, 'repositor');
      await scene.shot('several');
      await scene.command('Orchestrate: Choose Repository');
      await scene.pick('depot').waitFor();
      await scene.shot('which-repository');
      await scene.choose('depot');
      await scene.command('Orchestrate: Start Plan');
      await scene.choose('depot');
      await scene.webview().getByRole('button', { name: 'Approve' }).click();
      await scene.row('Take the result').waitFor();
      await scene.shot('merged');
      const text = execFileSync('git', ['show', 'orchestrate/depot:one.txt'], {
        cwd: join(folder, 'depot'),
        encoding: 'utf8',
      });
      assert.equal(text, 'depot\n');
      assert.equal(execFileSync('git', ['status', '--porcelain'], { cwd: stage.workspace, encoding: 'utf8' }), '');
    } finally {
      await scene.close();
    }
  });
});

describe('a window with a run in each of two folders', () => {
  it('goes on with both, whichever it shows', async () => {
    using stage = makeStage((wait) => held('shop', wait('go')));
    const folder = dirname(stage.workspace);
    makeRepository(join(folder, 'depot'), planned('depot'));
    const workspace = join(folder, 'both.code-workspace');
    writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'shop' }, { path: 'depot' }] }));
    const scene = await openScene({ name: 'sites-both', vsix, workspace });
    const choose = async (name: string): Promise<void> => {
      await scene.command('Orchestrate: Choose Repository');
      await scene.choose(name);
    };
    const approve = async (id: string): Promise<void> => {
      await scene.choose(id);
      await scene.webview(`Plan ${id}`).getByRole('button', { name: 'Approve' }).click();
    };
    try {
      await scene.openView('Orchestrate');
      await choose('shop');
      await scene.command('Orchestrate: Start Plan');
      await approve('shop');
      await scene.row('Held').locator('.codicon-loading').waitFor();
      await choose('depot');
      await scene.command('Orchestrate: Start Plan');
      // A choice outlives that the page behind it gets the focus, as it does a moment after a palette closes.
      await scene.pick('depot').waitFor();
      await scene.webview('Plan shop').getByRole('button').first().focus();
      await approve('depot');
      await scene.row('Take the result').waitFor();
      await scene.row('in shop').waitFor();
      await scene.shot('one-at-work');
      stage.release('go');
      await scene.row('2/2 · merged · in shop').waitFor();
      await scene.shot('both-merged');
    } finally {
      await scene.close();
    }
  });
});

/** Two waves, of which the second needs whoever drives the run. */
const held = (id: string, wait: string): Record<string, string> => ({
  'README.md': `# ${id}\n`,
  [`docs/plan/${id}/plan.yaml`]: `plan_id: ${id}
objective: Two files for the ${id}
tasks:
  - { id: held, title: Held, wave: 1, agent: shell, run: "${wait}; echo 1 > one.txt", scope: [one.txt] }
  - { id: next, title: Next, wave: 2, agent: shell, run: "echo 2 > two.txt", scope: [two.txt], dependencies: [held] }
`,
});

describe('a window with a folder of repositories', () => {
  it('asks which of them is meant, and says it over the tree', async () => {
    using stage = makeStage(() => planned('shop'));
    const workspace = join(dirname(stage.workspace), 'all');
    for (const name of ['shop', 'depot']) makeRepository(join(workspace, name), planned(name));
    const scene = await openScene({ name: 'sites-below', vsix, workspace });
    try {
      await scene.openView('Orchestrate');
      await welcome(scene, 'several git repositories');
      await scene.command('Orchestrate: Choose Repository');
      await scene.choose('depot');
      await scene.command('Orchestrate: Start Plan');
      await scene.choose('depot');
      await scene.webview().getByRole('button', { name: 'Approve' }).click();
      await scene.row('Take the result').waitFor();
      await scene.page
        .locator('.pane-header .description', { hasText: 'depot' })
        .first()
        .waitFor({ state: 'attached' });
      await scene.shot('merged');
    } finally {
      await scene.close();
    }
  });
});

describe('a window with an old git', () => {
  it('says which one it needs, and starts nothing', async () => {
    using stage = makeStage(() => planned('shop'));
    const env = { PATH: `${oldGit(stage)}${delimiter}${process.env['PATH'] ?? ''}` };
    const scene = await openScene({ name: 'sites-old-git', vsix, workspace: stage.workspace, env });
    try {
      await scene.openView('Orchestrate');
      await welcome(scene, '2.38');
      await scene.shot('too-old');
      await scene.command('Orchestrate: Start Plan');
      await scene.notification('2.30.0').waitFor();
      await welcome(scene, '2.38');
      await scene.shot('start-refused');
    } finally {
      await scene.close();
    }
  });
});

/** A folder with a git that only says that it is older than it is. */
function oldGit({ workspace }: Stage): string {
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const folder = join(dirname(workspace), 'old');
  mkdirSync(folder);
  const script = `#!/bin/sh\ncase " $* " in *" --version "*) echo git version 2.30.0; exit 0;; esac\nexec '${real}' "$@"\n`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return folder;
}
