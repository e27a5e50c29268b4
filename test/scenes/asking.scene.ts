// A real agent asks leave in the middle of its work; the window is loaded again while it waits, and a person answers
// with the buttons of the tree and of the notification. The program is real, its model follows a script.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { ModelServer } from '../rig/model-server/server.ts';
import { installClaudeAcp } from '../agents/install.ts';
import { claudeSettings } from '../agents/scripted.ts';
import { makeStage, type Stage, vsix } from './stage.ts';

const steps = [
  { text: 'I make the file.', actions: [{ do: 'shell' as const, command: "printf 'Boil water.\\n' > tea.md" }] },
  { text: 'And one more line.', actions: [{ do: 'shell' as const, command: "printf 'Wait.\\n' >> tea.md" }] },
  { text: 'I tidy up.', actions: [{ do: 'shell' as const, command: 'rm -f README.md\nls' }] },
  { text: 'Then it stays. The recipe is written.' },
];

describe('an agent that asks leave in the workbench', () => {
  let scene: Scene;
  let stage: Stage;
  let server: ModelServer;
  before(async function () {
    this.timeout(600_000);
    const command = await installClaudeAcp();
    server = await ModelServer.open();
    const { url } = server.run({ steps });
    stage = makeStage((_, place) => ({
      'README.md': '# Recipes\n',
      'orchestrate.yaml': JSON.stringify({
        agents: {
          'claude-acp': { command, env: { ...claudeSettings(url).env, HOME: place('home') } },
        },
      }),
      'docs/plan/tea/plan.yaml': `plan_id: tea
objective: Write down how tea is made
tasks:
  - { id: tea, title: Tea, wave: 1, agent: claude-acp, scope: [tea.md], description: Write tea.md }
`,
    }));
    scene = await openScene({ name: 'asking', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    await server?.close();
    stage?.[Symbol.dispose]();
  });

  it('waits for it through a reload, and is answered in the tree and in the notification', async () => {
    await scene.openView('Orchestrate');
    await scene.command('Orchestrate: Start Plan');
    await scene.choose('tea');
    await scene.webview().getByRole('button', { name: 'Approve' }).click();
    const boil = "printf 'Boil water.\\n' > tea.md";
    await scene.row(boil).waitFor();
    await scene.notification('asks leave').waitFor();
    await scene.row(boil).hover();
    for (const name of ['Allow Once', 'Allow Always', 'Reject'])
      await scene.row(boil).locator(`.action-label[aria-label^="${name}"]`).waitFor();
    await scene.shot('asked');

    await scene.reload();
    await scene.openView('Orchestrate');
    await scene.row(boil).waitFor();
    await scene.row(boil).hover();
    await scene.shot('reloaded');
    await scene.rowAction(boil, 'Allow Once');

    const wait = "printf 'Wait.\\n' >> tea.md";
    await scene.row(wait).waitFor();
    await scene.shot('asked-again');
    await scene.notification('Wait.').getByRole('button', { name: 'Allow Once' }).click();

    await scene.hoverOver(scene.row('rm -f README.md'), 'Waiting for');
    await scene.shot('asked-for-more-than-a-line');
    await scene.rowAction('rm -f README.md', 'Reject');

    await scene.row('Take the result').waitFor();
    await scene.shot('merged');
    const show = (file: string): string =>
      execFileSync('git', ['show', `orchestrate/tea:${file}`], { cwd: stage.workspace, encoding: 'utf8' });
    assert.equal(show('tea.md'), 'Boil water.\nWait.\n');
    assert.equal(show('README.md'), '# Recipes\n');
  });
});
