import { strict as assert } from 'node:assert';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn } from '../../rig/repository.ts';
import { RunRig, worktrees } from '../../rig/run.ts';
import { orchestrate } from '../cli/command-line.ts';

const TASKS = `  - { id: a, agent: manual, scope: [a.txt] }\n  - { id: b, run: "echo b > b.txt", scope: [b.txt] }\n`;

describe('a repository that was copied while a run of it stands', () => {
  it('says what to do, leaves the worktrees of the other alone, and begins the plan anew', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 3);
    const before = worktrees(rig.root);
    const copy = join(rig.repository.folder('copies'), 'copy');
    cpSync(rig.root, copy, { recursive: true });

    for (const words of [['resume'], ['done', 'a'], ['cancel']]) {
      const { code, stderr } = await orchestrate(copy, ...words);
      assert.equal(code, 2, stderr);
      assert.match(
        stderr,
        /^orchestrate: Run p-\S+ began in \S+repo: its worktrees and agents are there, and \S+copy /,
      );
      assert.match(stderr, /begin the plan anew here: orchestrate run\. What it has merged is commit [0-9a-f]{10}\.$/m);
    }
    const anew = await orchestrate(copy, 'run', '--yes');
    assert.equal(anew.code, 3, anew.stderr);
    assert.match(anew.stdout, /run p-\S+-2: An example/);
    assert.match((await orchestrate(copy, 'status')).stdout, /run p-\S+-2, which nobody drives now/);
    assert.deepEqual(worktrees(rig.root), before);
    const other = await orchestrate(rig.root, 'resume');
    assert.equal(other.code, 3, other.stderr);
  });

  it('says how a branch is set aside that was copied along without its run', async () => {
    await using rig = new RunRig({ tasks: '  - { id: a, agent: manual, scope: [a.txt] }\n' });
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 3);
    const before = worktrees(rig.root);
    const copy = join(rig.repository.folder('copies'), 'copy');
    cpSync(rig.root, copy, { recursive: true });
    rmSync(join(copy, '.git', 'orchestrate'), { recursive: true });

    const { code, stdout } = await orchestrate(copy, 'run', '--yes');
    assert.equal(code, 3, stdout);
    const said = stdout.replaceAll(/\s+/g, ' ');
    assert.match(said, /Paused: The branch \S+ is there already, checked out in \S+\/repo\/\S+ as git's records/);
    const [, aside = ''] = /then resume: git (branch -m \S+ \S+)/.exec(said) ?? [];
    gitIn(copy, aside.split(' '));
    const resumed = await orchestrate(copy, 'resume');
    assert.match(resumed.stdout, /a: is yours to do in \S+\/copy\//);
    assert.deepEqual(worktrees(rig.root), before);
  });
});
