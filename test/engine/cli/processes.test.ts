import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { identityOf } from '../../../src/process/identity.ts';
import { Children } from '../../rig/children.ts';
import { RunRig } from '../../rig/run.ts';
import { CommandLine, orchestrate } from './command-line.ts';

const schema = z.object({
  processes: z.array(
    z.object({
      what: z.string(),
      liveness: z.string(),
      pid: z.number(),
      runner: z.number(),
      since: z.number(),
      lastSign: z.number(),
      cwd: z.string(),
    }),
  ),
});
const registry = z.object({
  processes: z.record(z.string(), z.object({ status: z.string(), pid: z.number().nullable() })),
});

const line = (children: Children, before: string): string =>
  JSON.stringify(`${before}; ${children.line.replaceAll('\n', ' ')}`);

async function told(root: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await orchestrate(root, ...words);
  assert.equal(code, 0, stderr);
  return stdout;
}

describe('orchestrate status --processes', () => {
  it('tells the living processes of each task, exports them, and one that is skipped is gone while others go on', async () => {
    const [ofA, ofB] = [await Children.open(), await Children.open()];
    await using rig = new RunRig({
      tasks: `  - { id: a, scope: [a.txt], run: ${line(ofA, 'echo a > a.txt')} }
  - { id: b, scope: [b.txt], run: ${line(ofB, 'echo b > b.txt')} }
`,
    });
    rig.repository.atEnd(() => Promise.all([ofA.close(), ofB.close()]));
    const file = join(rig.root, '..', `${process.pid}-registry.json`);
    rig.repository.atEnd(() => rmSync(file, { force: true }));
    const run = new CommandLine(rig.root, ['run', '--yes']);
    await ofA.next();
    const b = await ofB.next();
    const { processes } = schema.parse(JSON.parse(await told(rig.root, 'status', '--processes', '--json')));
    assert.deepEqual(processes.map(({ what }) => what).toSorted(), ['shell of a, attempt 1', 'shell of b, attempt 1']);
    for (const { liveness, pid, runner, since, lastSign } of processes) {
      assert.equal(liveness, 'alive');
      assert.ok((await identityOf(pid)) && (await identityOf(runner)), 'both are there');
      assert.ok(since <= lastSign + 1000 && lastSign <= Date.now() + 1000);
    }
    assert.match(await told(rig.root, 'status', '--processes'), /shell of a, attempt 1 +alive +pid \d+, runner \d+/);
    assert.match(await told(rig.root, 'status', '--export', file), /2 tasks, 2 processes/);
    const exported = registry.parse(JSON.parse(readFileSync(file, 'utf8'))).processes;
    assert.equal(exported['a']?.pid, processes.find(({ what }) => what.includes(' a,'))?.pid);
    await told(rig.root, 'skip', 'a');
    await run.said(/skip/i);
    await b.exit(0);
    assert.equal((await run.ended).code, 0);
    assert.match(await told(rig.root, 'status', '--processes'), /Nothing runs now/);
    await told(rig.root, 'status', '--export', file);
    const after = registry.parse(JSON.parse(readFileSync(file, 'utf8'))).processes;
    assert.deepEqual([after['a']?.status, after['b']?.status], ['cancelled', 'completed']);
  });

  it('writes over an older registry and over nothing else', async () => {
    await using rig = new RunRig({ tasks: `  - { id: a, run: "echo a > a.txt" }\n` });
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 0);
    const { code, stderr } = await orchestrate(rig.root, 'status', '--export', 'README.md');
    assert.equal(code, 2);
    assert.match(stderr, /README\.md is there already and is no process registry/);
    assert.equal(readFileSync(join(rig.root, 'README.md'), 'utf8'), '# Example\n');
  });
});

describe('on_failure: pause', () => {
  it('holds the wave back, asks, keeps what the failed agent left, and goes on after the answer', async () => {
    await using rig = new RunRig({
      tasks: `  - { id: a, scope: [a.txt], run: "echo half > a.txt; exit 1" }
  - { id: b, scope: [b.txt], run: "echo b > b.txt" }
  - { id: c, wave: 2, scope: [c.txt], run: "echo c > c.txt" }
`,
      config: 'agents: { default: shell }\nlimits: { agents: 1, retries: 0 }\non_failure: pause\n',
    });
    const { code, stdout } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 3, stdout);
    const state = z.object({
      tasks: z.array(z.object({ attempts: z.number(), worktree: z.string().optional() })),
      attention: z.array(z.object({ kind: z.string() })),
    });
    const seen = state.parse(JSON.parse(await told(rig.root, 'status', '--json')));
    assert.deepEqual(
      seen.tasks.map(({ attempts }) => attempts),
      [1, 0, 0],
    );
    assert.deepEqual(seen.attention, [{ kind: 'escalated' }]);
    assert.equal(readFileSync(join(seen.tasks[0]?.worktree ?? '', 'a.txt'), 'utf8'), 'half\n');
    await told(rig.root, 'skip', 'a');
    assert.equal((await orchestrate(rig.root, 'resume')).code, 0);
    assert.equal(rig.repository.show('orchestrate/p', 'c.txt'), 'c\n');
    assert.ok(existsSync(seen.tasks[0]?.worktree ?? ''), 'what it left stays where it was');
  });
});

describe('a gate that is a person', () => {
  it('holds what would be merged until they approve, also where nobody drives the run when they do', async () => {
    await using rig = new RunRig({
      tasks: '  - { id: a, scope: [a.txt], run: "echo a > a.txt" }\n',
      config: 'agents: { default: shell }\ngates: { look: { ask: "Is it well said?", on: [final] } }\n',
    });
    const { code, stdout } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 3, stdout);
    assert.match(stdout, /\? look of "a": Is it well said\? — orchestrate answer look:1:look accept \| stop/);
    assert.match(stdout, /^ +git diff [0-9a-f]{12} [0-9a-f]{12}$/m);
    await told(rig.root, 'answer', 'look:1:look', 'accept', '--comment', 'yes');
    const { code: over, stdout: said } = await orchestrate(rig.root, 'resume');
    assert.equal(over, 0, said);
    assert.match(said, /merged a as [0-9a-f]{10} \(look green\)/);
    assert.equal(rig.repository.show('orchestrate/p', 'a.txt'), 'a\n');
  });
});
