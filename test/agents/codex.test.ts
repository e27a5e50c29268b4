import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../rig/model-server/script.ts';
import { DRIVEN } from './driven.ts';
import { EXPECTED } from './expected.ts';
import { goThroughScenarios, succeeded } from './scenarios.ts';

describe('Codex, the real program with a scripted model', function () {
  this.timeout(120_000);
  const rig = goThroughScenarios(DRIVEN.codex, EXPECTED.codex);

  it('is held in its worktree and its own temporary folder by the system', async () => {
    const outside = join(rig().attempts.root, 'outside.txt');
    const lines = [
      'echo x > "$TMPDIR/inside.txt" && echo own-temp',
      `echo x > ${outside}`,
      'git commit --allow-empty -m no',
    ];
    const { port } = new URL(rig().server.run({ steps: [] }).url);
    lines.push(`echo > /dev/tcp/127.0.0.1/${port} && touch reached.txt`);
    const shells: Step[] = lines.map((command) => ({ actions: [{ do: 'shell', command }] }));
    const patch: Step = { actions: [{ do: 'write', path: outside, content: 'x' }] };
    const { attempt } = await rig().begin([...shells, patch, { text: 'I could not.' }]);
    succeeded(await rig().exitOf(attempt, 'contained'));
    // A command the sandbox refuses is sometimes not told of at all, so what it left is looked at, not its events.
    const done = (await attempt.events()).find((event) => event.type === 'toolEnded' && !event.failed);
    match(done?.type === 'toolEnded' ? done.output : '', /own-temp/);
    equal(rig().attempts.git('log', '--format=%s'), 'Begin');
    deepEqual([existsSync(outside), existsSync(rig().path('reached.txt'))], [false, false]);
  });

  it('in a role that only looks may read and not write', async () => {
    const path = rig().path('looked.txt');
    const steps: Step[] = [
      { actions: [{ do: 'write', path, content: 'x\n' }] },
      { actions: [{ do: 'shell', command: `echo x > ${path}` }] },
      { actions: [{ do: 'shell', command: 'cat .git' }] },
      { text: 'I only looked.' },
    ];
    const { attempt, run } = await rig().begin(steps, { readOnly: true });
    equal(succeeded(await rig().exitOf(attempt, 'only-looks')).summary, 'I only looked.');
    equal(existsSync(path), false);
    ok(run.bodies.at(-1)?.includes('gitdir: '), 'what it read is in the conversation');
  });

  it('works beside another one in the same home', async () => {
    const write = (name: string): Step[] => [
      { actions: [{ do: 'write', path: rig().path(name), content: 'x\n' }] },
      { text: 'Done.' },
    ];
    const both = await Promise.all([rig().begin(write('one.txt')), rig().begin(write('two.txt'))]);
    const sessions = await Promise.all(both.map(async ({ attempt }) => succeeded(await attempt.exit()).session));
    equal(new Set(sessions).size, 2);
    ok(existsSync(rig().path('one.txt')) && existsSync(rig().path('two.txt')));
  });
});
