import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PLAN, RunRig } from '../../rig/run.ts';
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

const several = z.object({ runs: z.array(z.object({ plan: z.object({ id: z.string() }), outcome: z.string() })) });

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

  it('is of several together, or of the newest run of each plan', async () => {
    const other = 'plan_id: q\nobjective: Another\ntasks:\n  - { id: z, scope: [z.txt], run: "echo z > z.txt" }\n';
    await using rig = new RunRig({
      tasks: '  - { id: a, scope: [a.txt], run: "echo BAD > a.txt" }\n',
      config: CONFIG,
      files: { 'docs/plan/q/plan.yaml': other },
    });
    const did = async (code: number, ...words: readonly string[]): Promise<string> => {
      const ended = await orchestrate(rig.root, ...words);
      assert.equal(ended.code, code, ended.stdout + ended.stderr);
      return ended.stdout + ended.stderr;
    };
    assert.match(await did(2, 'report', '--all'), /Nothing has run here yet/);
    await did(1, 'run', 'p', '--yes');
    await did(0, 'run', 'q', '--yes');
    const all = await did(0, 'report', '--all');
    assert.match(all, /^# 2 runs together\n/);
    assert.match(
      all,
      /\| p \| `p-\w+-1` \| .* \| \*\*failed\*\* \| 0 of 1 \| [^]*\| q \| `q-\w+-1` \| .* \| merged \| 1 of 1 \|/,
    );
    assert.match(all, /## Unresolved\n\n### p\n\n- a failed after 1 attempt: gate "test" is red/);
    rig.repository.write({ [PLAN]: readFileSync(join(rig.root, PLAN), 'utf8').replace('BAD', 'good') });
    await did(0, 'run', 'p', '--yes');
    const told = async (...words: readonly string[]) =>
      several
        .parse(JSON.parse(await did(0, 'report', ...words, '--json')))
        .runs.map(({ plan, outcome }) => `${plan.id} ${outcome}`);
    assert.deepEqual(await told('--all'), ['q merged', 'p merged']);
    const first = /`(p-\w+-1)`/.exec(all)?.[1] ?? '';
    assert.deepEqual(await told(first, 'p'), ['p failed', 'p merged']);
    assert.match(await did(2, 'report', 'p', 'x'), /There is no run "x"/);
    assert.match(await did(2, 'report', 'p', '--all'), /Name the runs, or say --all/);
  });
});
