import { strict as assert } from 'node:assert';
import { PLAN, RunRig } from '../../rig/run.ts';
import { journalLines, orchestrate } from './command-line.ts';

const ONE = '  - { id: a, run: "echo a > a.txt", scope: [src] }\n';

describe('what is not committed', () => {
  it('is told before a run of tasks that do not see it, with the files that tasks may change', async () => {
    await using rig = new RunRig({ tasks: ONE, files: { 'src/a.ts': 'one\n', 'b.txt': 'one\n' } });
    rig.repository.write({ 'src/a.ts': 'two\n', 'src/new.ts': 'new\n', 'b.txt': null });
    const { stderr } = await orchestrate(rig.root, 'run');
    const said =
      '3 files of the checkout are not committed: tasks start from the last commit and do not see them. Tasks may change src/a.ts, src/new.ts.';
    assert.ok(stderr.split('\n').includes(`warning: ${said}`), stderr);
    assert.ok(journalLines(rig.root).some((line) => line.includes(said)));
    const status = await orchestrate(rig.root, 'status', '--json');
    assert.deepEqual((JSON.parse(status.stdout) as { notes: unknown }).notes, [said]);
  });

  it('is named where no task is known to change it', async () => {
    await using rig = new RunRig({ tasks: ONE });
    rig.repository.write({ 'notes.md': 'new\n' });
    const { stderr } = await orchestrate(rig.root, 'run', '--yes', '--json');
    assert.match(stderr, /1 file of the checkout is not committed: .* do not see it \(notes\.md\)\.\n/);
  });

  it('is nothing where it is the plan and what belongs to it, which are read from the checkout', async () => {
    await using rig = new RunRig({ tasks: ONE });
    rig.repository.write({
      [PLAN]: null,
      'docs/plan/q/plan.yaml': `plan_id: q\nobjective: Another\ntasks:\n${ONE}`,
      'orchestrate.yaml': 'agents: { default: shell }\nlimits: { retries: 0 }\n',
    });
    const { stderr, stdout } = await orchestrate(rig.root, 'run', 'q');
    assert.match(stdout, /orchestrate approve/);
    assert.doesNotMatch(stderr, /committed/);
  });
});
