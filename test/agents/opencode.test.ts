import { deepEqual, match } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DRIVEN } from './driven.ts';
import { EXPECTED } from './expected.ts';
import { goThroughScenarios, onlyLooks, succeeded } from './scenarios.ts';

describe('opencode, the real program with a scripted model', function () {
  this.timeout(120_000);
  const rig = goThroughScenarios(DRIVEN.opencode, EXPECTED.opencode);

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

  it('in a role that only looks writes nothing, by a tool or by a command', () => onlyLooks(rig()));
});
