import { deepEqual, equal, match } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../rig/model-server/script.ts';
import { DRIVEN } from './driven.ts';
import { EXPECTED } from './expected.ts';
import { goThroughScenarios, judged, onlyLooks, succeeded } from './scenarios.ts';

describe('Gemini CLI, the real program with a scripted model', function () {
  this.timeout(120_000);
  const rig = goThroughScenarios(DRIVEN.gemini, EXPECTED.gemini);

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

  it('in a role that only looks writes nothing, by a tool or by a command', () => onlyLooks(rig()));
});
