import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareTree } from '../../../src/git/checkout.ts';
import { gitIn, has, read, writeFiles } from '../../rig/repository.ts';
import { must, start } from './rig.ts';

describe('the tree gates run in', function () {
  this.timeout(20_000);

  it('is made, moved and cleaned, and keeps ignored files', async () => {
    await using at = await start({ 'a.txt': 'one\n', '.gitignore': 'node_modules/\n' });
    const next = at.here.commit({ 'a.txt': 'two\n' });
    const path = join(at.here.root, '.worktrees', 'gates');
    must(await prepareTree(at.repo, { path, commit: at.base }));
    writeFiles(path, { 'a.txt': 'dirty\n', 'left.txt': 'x', 'node_modules/m': 'm', 'nested/f': 'f' });
    gitIn(join(path, 'nested'), ['init', '-q']);
    must(await prepareTree(at.repo, { path, commit: next }));
    assert.equal(read(path, 'a.txt'), 'two\n');
    assert.ok(has(path, 'node_modules/m') && !has(path, 'left.txt') && !has(path, 'nested'));
    assert.equal(gitIn(path, ['rev-parse', '--symbolic-full-name', 'HEAD']), 'HEAD');
    assert.equal(at.here.git('status', '--porcelain'), '');
  });

  const damages: [string, (path: string, root: string) => void][] = [
    ['a deleted folder', (path) => rmSync(path, { recursive: true })],
    ['a record that is gone', (_, root) => rmSync(join(root, '.git/worktrees/gates'), { recursive: true })],
    ['a lock of a process that is no more', (_, root) => writeFiles(root, { '.git/worktrees/gates/index.lock': '' })],
    ['a .git that is gone', (path) => rmSync(join(path, '.git'))],
    ['a .git that leads elsewhere', (path) => writeFiles(path, { '.git': 'gitdir: /nowhere\n' })],
    ['a broken index', (_, root) => writeFiles(root, { '.git/worktrees/gates/index': 'broken' })],
  ];
  for (const [what, damage] of damages) {
    it(`survives ${what}`, async () => {
      await using at = await start({ 'a.txt': 'one\n' });
      const path = join(at.here.root, '.worktrees', 'gates');
      must(await prepareTree(at.repo, { path, commit: at.base }));
      damage(path, at.here.root);
      must(await prepareTree(at.repo, { path, commit: at.base }));
      assert.equal(gitIn(path, ['status', '--porcelain']), '');
      assert.equal(gitIn(path, ['rev-parse', '--show-toplevel']), path);
    });
  }
});
