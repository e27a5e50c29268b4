// A task is done by a language model of the editor; the window is loaded again and its extension host killed meanwhile.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScene, type Scene, withModels } from '../rig/vscode/scene.mjs';
import { makeStage, scriptedModel, type Stage, vsix } from './stage.ts';

const script = (go: string): string =>
  JSON.stringify([
    ['I look around first.', { list: {} }],
    [{ wait: go }, { write: { path: 'poem.md', content: 'Roses are red.\n' } }],
    ['It is written.', { finish: { done: true, summary: 'A poem.' } }],
  ]);

describe("a task of the editor's language model", () => {
  let scene: Scene;
  let stage: Stage;
  before(async () => {
    stage = makeStage((_, place) => ({
      'README.md': '# Poems\n',
      'docs/plan/poem/plan.yaml': `plan_id: poem
objective: Write a poem
tasks:
  - { id: poem, title: Verses, wave: 1, agent: editor, scope: [poem.md], description: 'SCRIPT ${script(place('go'))}' }
`,
    }));
    scene = await openScene({
      name: 'models',
      vsix: [vsix, scriptedModel()],
      workspace: stage.workspace,
      settings: withModels,
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  it('ends as interrupted with its editor, and the next one begins it again', async () => {
    await scene.openView('Orchestrate');
    await scene.command('Orchestrate: Start Plan');
    await scene.choose('poem');
    await scene.webview().getByText("Given to the editor's language models").waitFor();
    await scene.shot('asked');
    await scene.webview().getByRole('button', { name: 'Approve' }).click();
    await scene.row('Verses').locator('.codicon-loading').waitFor();
    await scene.terminal().getByText('I look around first.').waitFor();
    await scene.shot('at-work');
    await scene.reload();
    await scene.openView('Orchestrate');
    await scene.row('Verses').getByText('attempt 2').waitFor();
    await scene.killExtensionHost();
    await scene.reload();
    await scene.openView('Orchestrate');
    await scene.row('Verses').getByText('attempt 3').waitFor();
    await scene.shot('begun-again');
    stage.release('go');
    await scene.row('Take the result').waitFor();
    await scene.shot('merged');
    const merged = execFileSync('git', ['show', 'orchestrate/poem:poem.md'], {
      cwd: stage.workspace,
      encoding: 'utf8',
    });
    assert.equal(merged, 'Roses are red.\n');
    assert.deepEqual(failures(stage), ['interrupted again', 'interrupted again']);
  });
});

const failures = ({ workspace }: Stage): string[] => {
  const runs = join(workspace, '.git/orchestrate/runs');
  const folder = join(
    runs,
    readdirSync(runs).find((name) => name.startsWith('poem'))!,
  );
  const journals = readdirSync(folder).filter((name) => name.startsWith('journal.'));
  return journals
    .toSorted()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.includes('"attempt.failed"'))
    .map((line) => JSON.parse(line) as { failure: { kind: string }; next: { kind: string } })
    .map(({ failure, next }) => `${failure.kind} ${next.kind}`);
};
