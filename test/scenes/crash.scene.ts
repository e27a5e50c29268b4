// The window is loaded again in wave 1; in wave 2 the extension host is killed from outside. The run goes on to its end.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { makeStage, type Stage, vsix } from './stage.ts';

const files = (wait: Stage['wait']): Record<string, string> => ({
  'README.md': '# Counting\n',
  'docs/plan/count/plan.yaml': `plan_id: count
objective: Count to three
tasks:
  - { id: one, title: One, wave: 1, agent: shell, run: "${wait('one')}; echo 1 > one.txt", scope: [one.txt] }
  - { id: two, title: Two, wave: 2, agent: shell, run: "echo counting; ${wait('two')}; echo 2 > two.txt", scope: [two.txt] }
  - { id: three, title: Three, wave: 3, agent: shell, run: "cat one.txt two.txt > three.txt", scope: [three.txt] }
`,
});

describe('a run whose editor dies', () => {
  let scene: Scene;
  let stage: Stage;
  before(async () => {
    stage = makeStage(files);
    scene = await openScene({ name: 'crash', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  it('goes on after a reload and after a kill, and no agent is started twice', async () => {
    await scene.openView('Orchestrate');
    await scene.command('Orchestrate: Start Plan');
    await scene.choose('count');
    await scene.webview().getByRole('button', { name: 'Approve' }).click();
    await scene.row('One').locator('.codicon-loading').waitFor();
    await scene.reload();
    await scene.openView('Orchestrate');
    await scene.row('One').locator('.codicon-loading').waitFor();
    stage.release('one');
    await scene.row('Two').locator('.codicon-loading').waitFor();
    await scene.terminal('Two').click();
    await scene.terminal().getByText('counting').waitFor();
    await scene.killExtensionHost();
    await scene.shot('killed');
    await scene.reload();
    await scene.openView('Orchestrate');
    await scene.row('Two').locator('.codicon-loading').waitFor();
    // The page went with its host: whoever wants it asks for it.
    await scene.command('Orchestrate: Show Review Page');
    await scene.webview().getByRole('heading', { name: 'Count to three' }).waitFor();
    await scene.shot('reloaded');
    stage.release('two');
    await scene.row('Take the result').waitFor();
    await scene.shot('merged');
    const merged = execFileSync('git', ['show', 'orchestrate/count:three.txt'], {
      cwd: stage.workspace,
      encoding: 'utf8',
    });
    assert.equal(merged, '1\n2\n');
    assert.equal(agentStarts(stage), 3);
  });
});

const agentStarts = ({ workspace }: Stage): number => {
  const runs = join(workspace, '.git/orchestrate/runs');
  const folder = join(
    runs,
    readdirSync(runs).find((name) => name.startsWith('count'))!,
  );
  const journals = readdirSync(folder).filter((name) => name.startsWith('journal.'));
  const text = journals.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  return text.split('\n').filter((line) => line.includes('"job.intended"') && line.includes('"kind":"agent"')).length;
};
