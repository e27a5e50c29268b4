import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gemini } from '../../src/agents/gemini.ts';
import type { AgentSettings } from '../../src/model/config.ts';
import type { Step } from '../rig/model-server/script.ts';
import { EXPECTED } from './expected.ts';
import { installGemini } from './install.ts';
import { goThroughScenarios, judged, succeeded } from './scenarios.ts';

/** A proxy in place of the service needs the way to sign in to be named; without one the key in the environment will do. */
const HOME = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  general: { maxAttempts: 2 },
  model: { maxSessionTurns: 5 },
};

describe('Gemini CLI, the real program with a scripted model', function () {
  this.timeout(120_000);
  const rig = goThroughScenarios(
    { agent: gemini, install: installGemini, settings, home: { '.gemini/settings.json': JSON.stringify(HOME) } },
    EXPECTED.gemini,
  );

  it('whose quota is used up says when it goes on', async () => {
    const message = 'You exceeded your current quota, please check your plan.';
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '12000s' }];
    const body = { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message, details } };
    const { attempt } = await rig().begin([{ faults: [{ kind: 'status', status: 429, body, forever: true }] }]);
    const { agent, startedAt } = await rig().exitOf(attempt, 'usage-limit');
    ok(agent?.kind === 'failed');
    equal(agent.type, 'transient');
    ok((agent.resetAt ?? 0) > startedAt + 12_000_000 - 1000);
  });

  it('that runs out of turns has something to mend', async () => {
    const again: Step = { actions: [{ do: 'shell', command: 'true' }] };
    const { attempt } = await rig().begin(Array.from({ length: 7 }, () => again));
    equal(judged(await rig().exitOf(attempt, 'out-of-turns')), 'fixable');
  });

  it('is held in its worktree by rules, which a command gets around', async () => {
    const [byTool, byShell] = ['tool.txt', 'shell.txt'].map((name) => join(rig().attempts.root, name));
    const { attempt } = await rig().begin([
      { actions: [{ do: 'write', path: byTool ?? '', content: 'x' }] },
      { actions: [{ do: 'shell', command: `echo x > ${byShell}` }] },
      { text: 'One of two.' },
    ]);
    match(succeeded(await rig().exitOf(attempt, 'contained')).summary, /Denied: write_file/);
    deepEqual([existsSync(byTool ?? ''), existsSync(byShell ?? '')], [false, true]);
  });
});

function settings(url: string): AgentSettings {
  const env = { GEMINI_API_KEY: 'not-a-key', GOOGLE_GEMINI_BASE_URL: url };
  return { model: 'gemini-2.5-pro', args: ['--approval-mode', 'yolo'], env };
}
