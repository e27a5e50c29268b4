import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RunRig } from '../../rig/run.ts';
import { orchestrate } from './command-line.ts';

const CONFIG = `agents: { default: shell }
limits: { retries: 0 }
gates:
  test: { run: "grep -nH BAD *.txt && exit 1 || exit 0", on: [task, wave] }
`;
/** `a` is a person's, `b` stands on it, `c` fails, `d` writes beside its scope. */
const TASKS = `  - { id: a, title: "# The price | of all", agent: manual, scope: [a.txt], covers: [R1] }
  - { id: b, scope: [b.txt], run: "ls > b.txt", dependencies: [a], wave: 2 }
  - { id: c, scope: [c.txt], run: "echo BAD price > c.txt", covers: [R2] }
  - { id: d, scope: [d.txt], run: "echo d > d.txt; echo e > e.txt" }
`;

const shape = z.object({
  ended: z.object({ outcome: z.string() }).optional(),
  decisions: z.array(z.object({ of: z.string(), words: z.string(), waited: z.number().optional() })),
  tasks: z.array(z.object({ id: z.string(), status: z.string(), took: z.number() })),
  metrics: z.object({ wall: z.number(), agents: z.number(), gates: z.number() }),
  lessons: z.array(z.string()),
});

describe('orchestrate report', () => {
  it('is a status report while the run is open, and a retrospective when it is over', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG });
    const { root } = rig;
    const told = async (...words: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await orchestrate(root, 'report', ...words);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    assert.equal((await orchestrate(root, 'run', '--yes')).code, 3);
    const open = await told();
    assert.match(open, /^# \S.*\n\n\*\*Not over\*\* at .*: 0 of 4 tasks done, 1 failed\.$/m);
    assert.match(open, /## Waits for a person\n\n- for .*: "# The price \\\| of all" is yours to do in /);
    assert.match(open, /## What comes next\n\n- \d+ % of the work/);
    assert.match(open, /## Unresolved so far\n\n- c failed after 1 attempt: gate "test" is red/);
    assert.equal(shape.parse(JSON.parse(await told('--json'))).ended, undefined);

    assert.equal((await orchestrate(root, 'skip', 'a', '--comment', 'not <now>')).code, 0);
    assert.equal((await orchestrate(root, 'resume')).code, 1);
    const over = await told('p');
    assert.match(over, /^\*\*Failed\*\* at .* The result is `[\da-f]{10}` on `orchestrate\/p`; on just that test ✓\./m);
    assert.match(over, /- Not met without it: R2\./);
    assert.match(over, /- Not met: R1, for which a was to be done\./);
    assert.match(over, /- d was merged with this:\n {2}- Outside the declared scope: e\.txt/);
    assert.match(over, /\| 1 \| d \| done \| 1 \| \S+ s \| `[\da-f]{7}` \| test ✓ \|/);
    assert.match(over, /\| skipped a \| not &lt;now> \|/);
    assert.match(over, /## Next time\n\n- One task changed files outside the declared scope: d \(e\.txt\)/);
    const { decisions, metrics, tasks, ended } = shape.parse(JSON.parse(await told('p', '--json')));
    assert.equal(ended?.outcome, 'failed');
    assert.deepEqual(
      decisions.map(({ of }) => of),
      ['approve', 'skip'],
    );
    assert.deepEqual(
      tasks.map(({ id, status }) => `${id} ${status}`),
      ['a skipped', 'b done', 'c failed', 'd done'],
    );
    assert.ok(metrics.agents > 0 && metrics.gates > 0 && metrics.wall > 0);
  });

  it('goes into a file, and over no other', async () => {
    await using rig = new RunRig({ tasks: '  - { id: a, scope: [a.txt], run: "echo a > a.txt" }\n', config: CONFIG });
    await orchestrate(rig.root, 'run', '--yes');
    const file = join(rig.root, 'report.md');
    const { code, stdout, stderr } = await orchestrate(rig.root, 'report', '--output', 'report.md');
    assert.deepEqual([code, stdout, stderr], [0, '', 'wrote report.md\n']);
    const said = readFileSync(file, 'utf8');
    assert.match(said, /\*\*Merged\*\* .*: 1 of 1 task done\./);
    const again = await orchestrate(rig.root, 'report', '--output', 'report.md');
    assert.equal(again.code, 2);
    assert.match(again.stderr, /report\.md is there already: name another file, or add --force/);
    assert.equal((await orchestrate(rig.root, 'report', '--output', 'report.md', '--force')).code, 0);
    assert.equal((await orchestrate(rig.root, 'report', '--output', 'none/report.md')).code, 1);
    assert.ok(!existsSync(join(rig.root, 'none')));
    assert.equal((await orchestrate(rig.root, 'report', 'none')).code, 2);
  });
});
