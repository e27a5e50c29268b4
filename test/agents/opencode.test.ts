import { deepEqual, match } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { opencode } from '../../src/agents/opencode.ts';
import type { AgentSettings } from '../../src/model/config.ts';
import { EXPECTED } from './expected.ts';
import { installOpencode } from './install.ts';
import { goThroughScenarios, succeeded } from './scenarios.ts';

describe('opencode, the real program with a scripted model', function () {
  this.timeout(120_000);
  const rig = goThroughScenarios({ agent: opencode, install: installOpencode, settings }, EXPECTED.opencode);

  it('is held in its worktree by rules, which a command gets around', async () => {
    const [byTool, byShell] = ['tool.txt', 'shell.txt'].map((name) => join(rig().attempts.root, name));
    const { attempt } = await rig().begin([
      { actions: [{ do: 'write', path: byTool ?? '', content: 'x' }] },
      { actions: [{ do: 'shell', command: `printf x > ${byShell}` }] },
      { text: 'One of two.' },
    ]);
    match(succeeded(await rig().exitOf(attempt, 'contained')).summary, /Denied: write/);
    deepEqual([existsSync(byTool ?? ''), existsSync(byShell ?? '')], [false, true]);
  });
});

function settings(url: string): AgentSettings {
  const cost = { input: 1, output: 2 };
  const model = { name: 'Scripted', tool_call: true, limit: { context: 100_000, output: 4000 }, cost };
  const options = { baseURL: `${url}/v1`, apiKey: 'not-a-key' };
  const provider = { npm: '@ai-sdk/openai-compatible', name: 'Scripted', options, models: { model } };
  const config = JSON.stringify({ provider: { scripted: provider }, share: 'disabled' });
  const env = { OPENCODE_CONFIG_CONTENT: config, OPENCODE_DISABLE_MODELS_FETCH: '1' };
  return { model: 'scripted/model', env };
}
