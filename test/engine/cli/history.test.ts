import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { RunRig } from '../../rig/run.ts';
import { orchestrate } from './command-line.ts';

const shown = z.object({
  runs: z.array(
    z.object({ outcome: z.string(), tasks: z.number(), done: z.number(), retries: z.number(), speedUp: z.number() }),
  ),
  trends: z.array(z.unknown()),
});

describe('orchestrate history', () => {
  it('tells what came of the last runs, and that there are none', async () => {
    await using rig = new RunRig({
      tasks: `  - { id: a, scope: [a.txt], run: "echo a > a.txt" }\n  - { id: b, scope: [b.txt], run: "exit 1" }\n`,
      config: 'agents: { default: shell }\nlimits: { retries: 1 }\n',
    });
    const none = await orchestrate(rig.root, 'history');
    assert.deepEqual([none.code, none.stdout], [0, 'Nothing has run here yet. Start a plan: orchestrate run\n']);
    await orchestrate(rig.root, 'run', '--yes');
    const { stdout, code } = await orchestrate(rig.root, 'history');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^ run +began +outcome +tasks +time +speed-up +retries\n p-\S+ +\d.*:\d\d.* failed +1 of 2, 1 failed +\S+ m?s +\d\.\d +1\n$/,
    );
    const { runs, trends } = shown.parse(JSON.parse((await orchestrate(rig.root, 'history', '--json')).stdout));
    assert.deepEqual(
      runs.map(({ outcome, tasks, done, retries }) => ({ outcome, tasks, done, retries })),
      [{ outcome: 'failed', tasks: 2, done: 1, retries: 1 }],
    );
    assert.deepEqual(trends, []);
  });
});
