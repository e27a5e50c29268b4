// The package in the oldest editor that it names in engines.vscode and that npm still has: a plan from start to merged.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { makeStage, type Stage, vsix } from './stage.ts';

const files = (): Record<string, string> => ({
  'README.md': '# Greeting\n',
  'docs/plan/greet/plan.yaml': `plan_id: greet
objective: Say hello in two languages
tasks:
  - { id: en, title: English, wave: 1, agent: shell, run: "echo hello > en.txt", scope: [en.txt] }
  - { id: de, title: German, wave: 1, agent: shell, run: "echo hallo > de.txt", scope: [de.txt] }
  - { id: index, title: Index, wave: 2, agent: shell, run: "cat en.txt de.txt > index.txt", scope: [index.txt], dependencies: [en, de] }
`,
});

describe('the oldest supported editor', () => {
  const asked = process.env['VSCODE_HOST_VERSION'];
  let scene: Scene;
  let stage: Stage;
  before(async function () {
    this.timeout(600_000); // the first time it installs the editor
    process.env['VSCODE_HOST_VERSION'] = 'oldest';
    stage = makeStage(files);
    scene = await openScene({ name: 'oldest', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
    if (asked === undefined) delete process.env['VSCODE_HOST_VERSION'];
    else process.env['VSCODE_HOST_VERSION'] = asked;
  });

  it('installs the package, shows the tree and brings a plan to merged', async () => {
    await scene.openView('Orchestrate');
    await scene.command('Orchestrate: Start Plan');
    await scene.choose('greet');
    await scene.row('Approve the plan').waitFor();
    await scene.webview().getByRole('button', { name: 'Approve' }).click();
    await scene.row('Take the result').waitFor();
    await scene.webview().getByRole('heading', { name: 'Summary' }).waitFor();
    await scene.shot('merged');
    const merged = execFileSync('git', ['show', 'orchestrate/greet:index.txt'], {
      cwd: stage.workspace,
      encoding: 'utf8',
    });
    assert.equal(merged, 'hello\nhallo\n');
  });
});
