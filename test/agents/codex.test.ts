import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codex } from '../../src/agents/codex.ts';
import type { Step } from '../rig/model-server/script.ts';
import { EXPECTED } from './expected.ts';
import { installCodex } from './install.ts';
import { goThroughScenarios, succeeded } from './scenarios.ts';
import { codexSettings } from './scripted.ts';

describe('Codex, the real program with a scripted model', function () {
  this.timeout(120_000);
  const rig = goThroughScenarios({ agent: codex, install: installCodex, settings: codexSettings }, EXPECTED.codex);

  it('whose plan is used up says when it goes on', async () => {
    const resetsAt = Math.floor(Date.now() / 60_000) * 60 + 7200;
    const body = { error: { type: 'usage_limit_reached', message: 'used up', plan_type: 'plus', resets_at: resetsAt } };
    const { attempt } = await rig().begin([{ faults: [{ kind: 'status', status: 429, body, forever: true }] }]);
    const { agent } = await rig().exitOf(attempt, 'usage-limit');
    ok(agent?.kind === 'failed');
    deepEqual([agent.type, agent.resetAt], ['transient', resetsAt * 1000]);
  });

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
