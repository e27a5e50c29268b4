import assert from 'node:assert/strict';
import { createWorktree } from '../../../src/git/worktree.ts';
import { takeResult } from '../../../src/git/result.ts';
import { has, writeFiles } from '../../rig/repository.ts';
import { itMayMount, SmallDisk } from '../../rig/small-disk.ts';
import { attempt, failureOf, must, orderOf, resultOrder, start } from './rig.ts';

describe('a full disk', () => {
  itMayMount('is said to be one, and afterwards the same goes through', async () => {
    using disk = new SmallDisk(4);
    await using at = await start({ 'a.txt': 'one\n', 'big.txt': 'x'.repeat(600_000) }, { within: disk.path });
    const ready = await attempt(at.repo, at.base, { name: 'ready' });
    writeFiles(ready.path, { 'a.txt': 'two\n' });

    const order = orderOf(at.repo, at.base);
    for (const left of [0, 300_000]) {
      disk.fill(left);
      const failure = failureOf(await createWorktree(at.repo, order));
      assert.equal(failure.kind, 'diskFull', JSON.stringify(failure));
      assert.ok(!has(order.path, '.git'));
      assert.equal(at.here.git('branch', '--list', order.branch), '');
    }
    disk.fill();
    assert.equal(failureOf(await takeResult(at.repo, resultOrder(ready))).kind, 'diskFull');

    disk.free();
    must(await createWorktree(at.repo, order));
    assert.deepEqual(must(await takeResult(at.repo, resultOrder(ready))).paths, ['a.txt']);
  });
});
