// Agents in every kind of trouble at once: one asks leave, one shows no sign of life, one makes the same mistake again
// and again, one spent its budget, and one met a usage limit. A person sees in the tree which is which, and what to do.
import { strict as assert } from 'node:assert';
import { ACP_AGENT } from '../rig/acp-agent.ts';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { makeStage, type Stage, vsix } from './stage.ts';

/** Speaks as Claude Code does; what it gets into is told by the task its worktree is named after. */
const CLAUDE = String.raw`
const path = require('node:path');
const say = (message) => console.log(JSON.stringify(message));
const task = path.basename(process.cwd()).split('-')[0];
const answer = (id, tokens) => say({ type: 'assistant', message: { id, content: [
  { type: 'tool_use', id: 't' + id, name: 'Edit', input: { file_path: 'shelf.ts' } }],
  usage: { input_tokens: tokens, output_tokens: 0 } } });
const failed = (id) => say({ type: 'user', message: { content: [
  { type: 'tool_result', tool_use_id: 't' + id, is_error: true, content: 'String to replace was not found in the file' }] } });
say({ type: 'system', subtype: 'init', session_id: 's', model: 'model-1' });
if (task === 'limited') {
  const resetAt = Math.ceil(Date.now() / 1000) + 3600;
  say({ type: 'result', subtype: 'success', is_error: true, session_id: 's', result: 'Claude AI usage limit reached|' + resetAt });
  process.exitCode = 1;
} else {
  setInterval(() => {}, 1e6);
  if (task === 'dear') answer('one', 60000);
  else for (let n = 0; n < 10; n += 1) { answer(String(n), 200); failed(String(n)); }
}
`;

const TASKS = [
  { id: 'asks', title: 'Basket', agent: 'heron', scope: ['basket.txt'] },
  { id: 'idle', title: 'Prices', agent: 'shell', run: 'echo begun; sleep 600', scope: ['prices.ts'] },
  { id: 'stuck', title: 'Shelf', agent: 'claude', scope: ['shelf.ts'] },
  { id: 'dear', title: 'Catalogue', agent: 'claude', scope: ['catalogue.ts'] },
  { id: 'limited', title: 'Till', agent: 'claude', scope: ['till.ts'], dependencies: ['first'] },
  { id: 'first', title: 'Words', agent: 'shell', run: 'sleep 6; echo hello > words.md', scope: ['words.md'] },
];

describe('agents in trouble in the workbench', () => {
  let scene: Scene;
  let stage: Stage;
  before(async () => {
    stage = makeStage(() => ({
      'README.md': '# Shop\n',
      'acp-agent.mjs': ACP_AGENT,
      'claude.cjs': CLAUDE,
      'orchestrate.yaml': JSON.stringify({
        mode: 'continuous',
        agents: {
          heron: { acp: true, command: [process.execPath, '../../acp-agent.mjs', 'basket.txt'] },
          claude: { command: [process.execPath, '../../claude.cjs'] },
        },
        limits: { agents: 6, retries: 0, idle: '8s', budget: { task: { tokens: 50_000 } } },
      }),
      'docs/plan/shop/plan.yaml': JSON.stringify({ plan_id: 'shop', objective: 'Open a shop', tasks: TASKS }),
    }));
    scene = await openScene({ name: 'trouble', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  it('say in the tree what is wrong, and who waits for a person', async () => {
    await scene.openView('Orchestrate');
    await scene.command('Orchestrate: Start Plan');
    await scene.choose('shop');
    await scene.webview().getByRole('button', { name: 'Approve' }).click();
    await scene.row('write basket.txt').waitFor();
    await scene.row('spent its budget').waitFor();
    await scene.row('Shelf').getByText('went on without effect').waitFor();
    await scene.row('Prices').getByText('showed no sign of life').waitFor();
    await scene.row('claude: usage limit').waitFor();
    await scene.statusBarItem('/6').waitFor();
    await scene.shot('tree');
    await scene.click(scene.row('Shelf'), scene.terminal().getByText('String to replace'));
    await scene.command('Notifications: Clear All Notifications');
    await scene.hoverOver(scene.row('spent its budget'), 'Waiting for');
    await scene.shot('asked-what-to-do');
    const bar = await scene.statusBarItem('/6').getAttribute('aria-label');
    assert.match(bar ?? '', /waiting for you|waits for you/);
  });
});
