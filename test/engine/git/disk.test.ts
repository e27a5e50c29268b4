import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorktree } from '../../../src/git/worktree.ts';
import { takeResult } from '../../../src/git/result.ts';
import { has, writeFiles } from '../../rig/repository.ts';
import { attempt, failureOf, must, orderOf, resultOrder, start } from './rig.ts';

describe('a full disk', function () {
  this.timeout(30_000);

  it('is said to be one, and afterwards the same goes through (needs root on Linux for a small tmpfs)', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) {
      console.log('        not run: mounting a small tmpfs needs root on Linux');
      this.skip();
    }
    const disk = mkdtempSync(join(tmpdir(), 'orchestrate-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    try {
      await using at = await start({ 'a.txt': 'one\n', 'big.txt': 'x'.repeat(600_000) }, { within: disk });
      const ready = await attempt(at.repo, at.base, { name: 'ready' });
      writeFiles(ready.path, { 'a.txt': 'two\n' });

      const order = orderOf(at.repo, at.base);
      for (const left of [0, 300_000]) {
        fill(join(disk, 'filler'), left);
        const failure = failureOf(await createWorktree(at.repo, order));
        assert.equal(failure.kind, 'diskFull', JSON.stringify(failure));
        assert.ok(!has(order.path, '.git'));
        assert.equal(at.here.git('branch', '--list', order.branch), '');
      }
      fill(join(disk, 'filler'), 0);
      assert.equal(failureOf(await takeResult(at.repo, resultOrder(ready))).kind, 'diskFull');

      rmSync(join(disk, 'filler'));
      must(await createWorktree(at.repo, order));
      assert.deepEqual(must(await takeResult(at.repo, resultOrder(ready))).paths, ['a.txt']);
    } finally {
      execFileSync('umount', [disk]);
      rmSync(disk, { recursive: true });
    }
  });
});

/** Fills the disk a file is on, but for so many bytes. */
function fill(file: string, left: number): void {
  rmSync(file, { force: true });
  const { bavail, bsize } = statfsSync(join(file, '..'));
  writeFileSync(file, Buffer.alloc(bavail * bsize - left));
}
