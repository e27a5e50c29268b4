import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { emptyTrash, listTrash, restoreFromTrash } from '../../../src/git/bin.ts';
import type { Repository } from '../../../src/git/repository.ts';
import { removeWorktree } from '../../../src/git/trash.ts';
import type { WorktreeOrder } from '../../../src/git/worktree.ts';
import { gitIn, has, read, writeFiles, type Files } from '../../rig/repository.ts';
import { asOwner, attempt, must, open, resultOrder, start, taken } from './rig.ts';

const remove = async (repo: Repository, { name, path, branch }: WorktreeOrder, ref?: string) =>
  must(await removeWorktree(repo, { run: 'r', name, path, branch, ...(ref === undefined ? {} : { ref }) }));

describe('removing a worktree', function () {
  this.timeout(20_000);

  it('deletes it where its result holds everything, copied files aside', async () => {
    await using at = await start({ 'a.txt': 'one\n', '.gitignore': '.env\n' });
    at.here.write({ '.env': 'A=1\n' });
    const order = await attempt(at.repo, at.base, { copy: ['.env'] });
    writeFiles(order.path, { 'a.txt': 'two\n' });
    await taken(at.repo, order);
    assert.deepEqual(await remove(at.repo, order, resultOrder(order).ref), {});
    assert.ok(!has(order.path, 'a.txt'));
    assert.equal(at.here.git('worktree', 'list').split('\n').length, 1);
    assert.equal(at.here.git('branch', '--list', order.branch), '');
    await at.repo.chores.take(async () => undefined);
    assert.ok(!has(at.repo.state, 'doomed/task-1'));
    assert.deepEqual(await remove(at.repo, order), {});
  });

  const precious: [string, (path: string) => void][] = [
    ['a change made after the result', (path) => writeFiles(path, { 'a.txt': 'three\n' })],
    ['an ignored file', (path) => writeFiles(path, { 'notes.log': 'x' })],
    ['a changed copy', (path) => writeFiles(path, { '.env': 'A=2\n' })],
    ['a folder of ignored files', (path) => writeFiles(path, { 'build.log/x': 'x' })],
    ['a repository in a tracked folder', (path) => gitIn(join(path, 'src'), ['init', '-q'])],
    [
      'a commit nobody holds',
      (path) => gitIn(path, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x']),
    ],
    [
      'a file hidden by assume-unchanged',
      (path) => (gitIn(path, ['update-index', '--assume-unchanged', 'a.txt']), writeFiles(path, { 'a.txt': '3\n' })),
    ],
  ];
  for (const [what, leave] of precious) {
    it(`keeps ${what} in the trash`, async () => {
      await using at = await start({ 'a.txt': 'one\n', 'src/x': '', '.gitignore': '.env\n*.log\n' });
      at.here.write({ '.env': 'A=1\n' });
      const order = await attempt(at.repo, at.base, { copy: ['.env'] });
      writeFiles(order.path, { 'a.txt': 'two\n' });
      await taken(at.repo, order);
      leave(order.path);
      const { trash } = await remove(at.repo, order, resultOrder(order).ref);
      assert.deepEqual(
        must(await listTrash(at.repo)).map(({ id }) => id),
        [trash],
      );
    });
  }

  it('keeps what was written into a submodule, which no result holds', async () => {
    await using at = await start({
      'a.txt': 'one\n',
      '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ../lib\n',
    });
    at.here.git('update-index', '--add', '--cacheinfo', `160000,${at.base},lib`);
    at.here.git('commit', '-qm', 'with a submodule');
    const order = await attempt(at.repo, at.here.head());
    const untouched = await attempt(at.repo, at.here.head(), { name: 'task-2' });
    writeFiles(order.path, { 'lib/new.txt': 'work\n' });
    const { trash } = await remove(at.repo, order);
    assert.ok(trash);
    assert.equal(must(await listTrash(at.repo))[0]?.unsaved, true);
    assert.deepEqual(await remove(at.repo, untouched), {});
  });

  it('of an attempt that did nothing leaves nothing', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    assert.deepEqual(await remove(at.repo, await attempt(at.repo, at.base)), {});
  });

  it('is done where folders may not be written to, and keeps what may not be read', async () => {
    await using at = await start({ 'a.txt': 'one\n', '.gitignore': 'modules\n' });
    await asOwner(at.here, async () => {
      const order = await attempt(at.repo, at.base);
      writeFiles(order.path, { 'modules/m/x': '', 'src/y': 'y\n' });
      for (const folder of ['modules/m', 'modules', 'src', '']) chmodSync(join(order.path, folder), 0o555);
      await taken(at.repo, order);
      const { trash } = await remove(at.repo, order, resultOrder(order).ref);
      assert.ok(trash);
      assert.deepEqual(must(await emptyTrash(at.repo, { force: true })).removed, [trash]);
      assert.ok(!existsSync(join(at.repo.state, 'trash', trash)));
      const next = await attempt(at.repo, at.base);
      mkdirSync(join(next.path, 'closed'), { mode: 0 });
      await taken(at.repo, next);
      await remove(at.repo, next, resultOrder(next).ref);
      assert.deepEqual(
        must(await listTrash(at.repo)).map(({ what }) => what),
        ['its content could not be read'],
      );
      must(await emptyTrash(at.repo, { force: true }));
    });
  });

  it('is done though the agent broke the record of it', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(at.here.root, { '.git/worktrees/task-1/HEAD': 'nonsense' });
    writeFiles(order.path, { 'a.txt': 'two\n' });
    const { trash } = await remove(at.repo, order);
    assert.equal(at.here.git('worktree', 'list').split('\n').length, 1);
    assert.equal(read(must(await restoreFromTrash(at.repo, trash!)), 'a.txt'), 'two\n');
  });

  it('keeps the branch somebody has checked out', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    gitIn(order.path, ['checkout', '-q', '--detach']);
    at.here.git('checkout', '-q', order.branch);
    await remove(at.repo, order, at.base);
    assert.equal(at.here.git('symbolic-ref', 'HEAD'), `refs/heads/${order.branch}`);
    assert.equal(at.here.head(), at.base);
  });

  it('leaves worktrees of others alone, those on a missing disk too', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const elsewhere = join(at.here.folder('disk'), 'theirs');
    at.here.git('worktree', 'add', '-q', elsewhere);
    rmSync(elsewhere, { recursive: true });
    const order = await attempt(at.repo, at.base);
    await remove(at.repo, order, at.base);
    assert.ok(has(at.here.root, '.git/worktrees/theirs'));
  });

  it('does not follow links', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const outside = at.here.folder('outside');
    writeFiles(outside, { 'keep.txt': 'keep' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { out: { link: outside } });
    await taken(at.repo, order);
    await remove(at.repo, order, resultOrder(order).ref);
    await at.repo.chores.take(async () => undefined);
    assert.equal(read(outside, 'keep.txt'), 'keep');
  });

  it('is done where somebody deleted the folder by hand', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    rmSync(order.path, { recursive: true });
    assert.deepEqual(await remove(at.repo, order), {});
    assert.equal(at.here.git('worktree', 'list').split('\n').length, 1);
  });
});

describe('the trash', function () {
  this.timeout(20_000);

  it('gives a worktree back complete: changes, ignored files, nested repositories, commits', async () => {
    await using at = await start({ 'a.txt': 'one\n', '.gitignore': '*.log\n' });
    const order = await attempt(at.repo, at.base);
    gitIn(order.path, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'mine']);
    writeFiles(order.path, { 'a.txt': 'two\n', 'x.log': 'log', 'nested/f': 'f' });
    gitIn(join(order.path, 'nested'), ['init', '-q']);
    const { trash } = await remove(at.repo, order);
    assert.ok(!has(order.path, 'a.txt'));
    assert.equal(at.here.git('branch', '--list', order.branch), '');
    const path = must(await restoreFromTrash(at.repo, trash!));
    assert.equal(path, order.path);
    assert.equal(gitIn(path, ['status', '--porcelain']), 'M a.txt\n?? nested/');
    assert.equal(gitIn(path, ['log', '-1', '--format=%s %D']), `mine HEAD -> ${order.branch}`);
    assert.ok(has(path, 'x.log') && has(path, 'nested/.git/HEAD'));
    assert.deepEqual(must(await listTrash(at.repo)), []);
    assert.equal(at.here.git('for-each-ref', 'refs/orchestrate/trash'), '');
  });

  it('gives it back where the repository is now, should that have been moved', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'two\n' });
    const { trash } = await remove(at.repo, order);
    const to = join(at.here.folder('elsewhere'), 'repo');
    renameSync(at.here.root, to);
    const path = must(await restoreFromTrash(await open(to), trash!));
    assert.equal(path, join(to, '.worktrees', order.name));
    assert.equal(gitIn(path, ['status', '--porcelain']), 'M a.txt');
    assert.ok(!existsSync(at.here.root));
  });

  it('gives it back beside where the place and the branch are taken', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'two\n' });
    const { trash } = await remove(at.repo, order);
    await attempt(at.repo, at.base);
    const path = must(await restoreFromTrash(at.repo, trash!));
    assert.equal(path, `${order.path}-2`);
    assert.equal(read(path, 'a.txt'), 'two\n');
    assert.equal(gitIn(path, ['status', '--porcelain']), 'M a.txt');
  });

  it('gives it back though the agent put a repository of its own in its place', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    rmSync(join(order.path, '.git'));
    mkdirSync(join(order.path, '.git'));
    writeFiles(order.path, { 'a.txt': 'two\n' });
    const { trash } = await remove(at.repo, order);
    const path = must(await restoreFromTrash(at.repo, trash!));
    assert.equal(gitIn(path, ['rev-parse', '--show-toplevel']), order.path);
    assert.match(gitIn(path, ['status', '--porcelain']), /^M a.txt/);
  });

  it('gives up what a branch holds, and the rest only by force', async () => {
    await using at = await start({ 'a.txt': 'one\n', '.gitignore': '*.log\n' });
    const make = async (name: string, late: Files) => {
      const order = await attempt(at.repo, at.base, { name });
      writeFiles(order.path, { 'a.txt': `${name}\n` });
      const { commit } = await taken(at.repo, order);
      writeFiles(order.path, late);
      return { commit: commit!, id: (await remove(at.repo, order, resultOrder(order).ref)).trash! };
    };
    const merged = await make('merged', { 'x.log': 'ignored' });
    const unmerged = await make('unmerged', { 'x.log': 'ignored' });
    const late = await make('late', { 'late.txt': 'late' });
    at.here.git('update-ref', 'refs/heads/late', late.commit);
    at.here.git('merge', '-q', '--ff-only', merged.commit);
    assert.deepEqual(must(await emptyTrash(at.repo, { olderThan: 60_000 })), { removed: [], refused: [] });
    assert.deepEqual(must(await emptyTrash(at.repo)), { removed: [merged.id], refused: [unmerged.id, late.id] });
    assert.deepEqual(must(await emptyTrash(at.repo, { force: true })), {
      removed: [unmerged.id, late.id],
      refused: [],
    });
    assert.equal(at.here.git('for-each-ref', 'refs/orchestrate/trash'), '');
  });
});
