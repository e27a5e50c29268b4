import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { CLI, RunRig, worktrees } from '../../rig/run.ts';

describe('a system with no watches left', () => {
  // Linux counts them for each user namespace, so ours can have none while everybody else keeps theirs.
  if (process.platform !== 'linux') return;
  it('is no reason not to run: a plan is merged all the same', async () => {
    const tasks = '  - { id: a, title: A, scope: [a.txt], run: "echo a > a.txt" }\n';
    await using rig = new RunRig({ tasks });
    const none = 'echo 0 > /proc/sys/user/max_inotify_instances && exec "$@"';
    const words = ['-Ur', 'sh', '-c', none, 'sh', process.execPath, CLI, 'run', 'p', '--yes'];
    const done = spawnSync('unshare', words, { cwd: rig.root, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    assert.equal(rig.repository.show('orchestrate/p', 'a.txt'), 'a\n');
    assert.deepEqual(worktrees(rig.root), []);
  });
});
