import { deepEqual, match } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copilot } from '../../src/agents/copilot.ts';
import type { AgentSettings } from '../../src/model/config.ts';
import { EXPECTED } from './expected.ts';
import { installCopilot } from './install.ts';
import { goThroughScenarios, succeeded } from './scenarios.ts';

const saved = (session: string): string => join('.copilot', 'session-state', session, 'events.jsonl');

describe('GitHub Copilot CLI, the real program with a scripted model', function () {
  this.timeout(120_000);
  const rig = goThroughScenarios({ agent: copilot, install: installCopilot, settings, saved }, EXPECTED.copilot);

  it('is held in its worktree by rules, which a command that hides where it writes gets around', async () => {
    const [byTool, byShell] = ['tool.txt', 'shell.txt'].map((name) => join(rig().attempts.root, name));
    const { attempt } = await rig().begin([
      { actions: [{ do: 'write', path: byTool ?? '', content: 'x' }] },
      { actions: [{ do: 'shell', command: `printf x > ${byShell}` }] },
      { actions: [{ do: 'shell', command: 'cd "$(dirname "$PWD")"; cp repository/.git shell.txt' }] },
      { text: 'One of three.' },
    ]);
    match(succeeded(await rig().exitOf(attempt, 'contained')).summary, /Denied: create, bash/);
    deepEqual([existsSync(byTool ?? ''), existsSync(byShell ?? '')], [false, true]);
  });
});

function settings(url: string): AgentSettings {
  const provider = { COPILOT_PROVIDER_BASE_URL: `${url}/v1`, COPILOT_PROVIDER_API_KEY: 'not-a-key' };
  return { model: 'gpt-4.1', env: { COPILOT_OFFLINE: 'true', COPILOT_MODEL: 'gpt-4.1', ...provider } };
}
