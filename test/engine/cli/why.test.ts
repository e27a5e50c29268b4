import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RunRig } from '../../rig/run.ts';
import { orchestrate } from './command-line.ts';

const CONFIG = `agents: { default: shell }
limits: { retries: 0 }
gates:
  test: { run: "grep -nH BAD *.txt && exit 1 || exit 0", on: [task], problems: [{ pattern: { regexp: '^([^:]+):(\\d+):(.*)$', file: 1, line: 2, message: 3 } }] }
`;
/** `a` fails its gate, `b` waits for it, `c` does not. */
const TASKS = `  - { id: a, title: The price, scope: [a.txt], run: "echo BAD price > a.txt" }
  - { id: b, scope: [b.txt], run: "ls > b.txt", dependencies: [a], wave: 2 }
  - { id: c, scope: [c.txt], run: "echo c > c.txt" }
`;

async function told(root: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await orchestrate(root, ...words);
  assert.equal(code, 0, stderr);
  return stdout;
}

const why = z.object({
  failures: z.array(
    z.object({
      task: z.string(),
      source: z.string(),
      waiting: z.array(z.string()),
      options: z.array(z.object({ remedy: z.string(), advised: z.boolean(), commands: z.array(z.string()) })),
    }),
  ),
});

describe('orchestrate why', () => {
  it('tells cause, impact and what can be done, with commands that do it', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG });
    const { root } = rig;
    const ended = await orchestrate(root, 'run', '--yes');
    assert.equal(ended.code, 1, ended.stderr);
    assert.match(ended.stdout, /why +orchestrate why a/);
    const text = await told(root, 'why', 'b');
    assert.match(text, /"b" waits for what failed/);
    assert.match(text, /a: The price, failed after 1 attempt/);
    assert.match(text, /cause +gate "test" is red at a\.txt:1: BAD price/);
    assert.match(text, /impact +1 task waits for it: b\./);
    assert.match(text, /Try again, with a word to the agent \(advised: /);
    assert.match(text, /begun without it: b/);
    assert.deepEqual(text.match(/orchestrate (?:retry|skip|reject|takeover|handback|resume).*/g), [
      'orchestrate retry a --comment "…"',
      'orchestrate skip a',
      "orchestrate reject --revise --comment 'Task a failed for good: plan it differently.'",
      'orchestrate takeover a',
      'orchestrate handback a',
      'orchestrate resume',
    ]);
    const { failures } = why.parse(JSON.parse(await told(root, 'why', '--json')));
    assert.deepEqual(
      failures.map(({ task, source, waiting }) => ({ task, source, waiting })),
      [{ task: 'a', source: 'gate', waiting: ['b'] }],
    );
    const sound = await orchestrate(root, 'why', 'c');
    assert.equal(sound.code, 2);
    assert.match(sound.stderr, /Nothing went wrong with "c": done/);
  });

  it('lets a run that ended go on without what failed', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG });
    await orchestrate(rig.root, 'run', '--yes');
    assert.match((await orchestrate(rig.root, 'skip', 'a')).stderr, /orchestrate resume/);
    assert.match(await told(rig.root, 'status'), /1 of 3 done/);
    await told(rig.root, 'resume');
    assert.match(rig.repository.git('ls-tree', '--name-only', 'orchestrate/p'), /b\.txt\nc\.txt/);
  });

  it('gives what failed to a person, with what its last attempt changed, and merges their work', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG });
    await orchestrate(rig.root, 'run', '--yes');
    const { stderr, code } = await orchestrate(rig.root, 'takeover', 'a');
    assert.equal(code, 0, stderr);
    const [, path = ''] = /a is yours, in (\S+)/.exec(stderr) ?? assert.fail(stderr);
    writeFileSync(join(path, 'a.txt'), 'a good price\n');
    await told(rig.root, 'handback', 'a');
    await told(rig.root, 'resume');
    assert.equal(rig.repository.show('orchestrate/p', 'a.txt'), 'a good price\n');
    assert.match(rig.repository.show('orchestrate/p', 'b.txt'), /a\.txt/);
  });
});
