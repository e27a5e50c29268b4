import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { Children } from '../../rig/children.ts';
import { RunRig } from '../../rig/run.ts';
import { CommandLine, orchestrate } from './command-line.ts';

const shown = z.object({
  outlook: z.object({
    progress: z.number(),
    agents: z.object({ atWork: z.number(), limit: z.number() }),
    bottleneck: z.object({ task: z.string(), waiting: z.array(z.string()) }),
    idle: z.object({ places: z.number(), because: z.object({ of: z.string() }) }),
  }),
});

async function told(root: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await orchestrate(root, ...words);
  assert.equal(code, 0, stderr);
  return stdout;
}

describe('orchestrate status of a run that goes on', () => {
  it('tells what comes next: the end as far as it is known, what most waits for, and why a place is free', async () => {
    const children = await Children.open();
    const waiting = JSON.stringify(`${children.line.replaceAll('\n', ' ')}; echo b > b.txt`);
    await using rig = new RunRig({
      tasks: `  - { id: a, scope: [a.txt], run: "echo a > a.txt" }
  - { id: b, scope: [b.txt], run: ${waiting}, dependencies: [a], wave: 2 }
  - { id: c, scope: [c.txt], run: "echo c > c.txt", dependencies: [b], wave: 3 }
`,
      config: 'agents: { default: shell }\nlimits: { agents: 2, memory: 0 }\n',
    });
    rig.repository.atEnd(() => children.close());
    const run = new CommandLine(rig.root, ['run', '--yes']);
    const b = await children.next();
    const text = await told(rig.root, 'status');
    assert.match(text, /\d+ % of the work, 1 of 2 agents at work; ends about (\d{4}-\d\d-\d\d )?\d\d:\d\d/);
    assert.match(text, /Most waits for b: c cannot begin before it/);
    assert.match(text, /One place is free since (\d{4}-\d\d-\d\d )?\d\d:\d\d\S*: all that is left needs b/);
    const { outlook } = shown.parse(JSON.parse(await told(rig.root, 'status', '--json')));
    assert.deepEqual(outlook.agents, { atWork: 1, limit: 2 });
    assert.deepEqual(outlook.bottleneck, { task: 'b', waiting: ['c'] });
    assert.deepEqual(outlook.idle, { places: 1, because: { of: 'needs' } });
    await b.exit(0);
    assert.equal((await run.ended).code, 0);
    assert.doesNotMatch(await told(rig.root, 'status'), /agents at work/);
  });
});
