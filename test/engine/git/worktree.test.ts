import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createWorktree } from '../../../src/git/worktree.ts';
import { listTrash } from '../../../src/git/bin.ts';
import { gitIn, has, read, writeFiles } from '../../rig/repository.ts';
import { attempt, failureOf, must, orderOf, start, taken } from './rig.ts';

describe('a worktree', function () {
  this.timeout(20_000);

  it('is made on its own branch at the base, and the checkout does not see it', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    assert.deepEqual(order.created, { carried: 'none', warnings: [] });
    assert.equal(gitIn(order.path, ['symbolic-ref', 'HEAD']), `refs/heads/${order.branch}`);
    assert.equal(gitIn(order.path, ['rev-parse', 'HEAD']), at.base);
    assert.equal(at.here.git('status', '--porcelain'), '');
    assert.equal(at.here.git('symbolic-ref', 'HEAD'), 'refs/heads/main');
  });

  it('excludes its folder once, however many are made', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    await attempt(at.repo, at.base, { name: 'one' });
    await attempt(at.repo, at.base, { name: 'two' });
    const lines = read(at.here.root, '.git/info/exclude').split('\n');
    assert.equal(lines.filter((line) => line === '/.worktrees/').length, 1);
  });

  it('gets only ignored, regular files of the checkout that were asked for', async () => {
    await using at = await start({ '.gitignore': '.env\nsecret\nconf/\n', 'a.txt': 'one\n', 'dir/b': 'b' });
    at.here.write({ '.env': 'A=1\n', 'a.new': 'untracked', 'conf/x/y.json': '{}', 'dir/.env': 'B=2\n' });
    at.here.write({ secret: { link: '/etc/passwd' } });
    const order = await attempt(at.repo, at.base, { copy: ['.env', 'a.new', 'secret', 'conf', '**/.env', '../x'] });
    assert.equal(read(order.path, '.env'), 'A=1\n');
    assert.equal(read(order.path, 'conf/x/y.json'), '{}');
    assert.equal(read(order.path, 'dir/.env'), 'B=2\n');
    assert.ok(!has(order.path, 'a.new') && !has(order.path, 'secret'));
    assert.deepEqual(order.created.warnings, ['secret was not copied: it is not a regular file']);
    assert.equal((await taken(at.repo, order)).commit, null);
  });

  it('copies nothing through a link of the worktree that leads out of it', async () => {
    await using at = await start({ '.gitignore': 'env\n' });
    const outside = at.here.folder('outside');
    const base = at.here.commit({ conf: { link: outside } });
    at.here.write({ conf: null }).write({ 'conf/env': 'secret' });
    const order = await attempt(at.repo, base, { copy: ['conf/env'] });
    assert.ok(!has(outside, 'env'));
    assert.match(order.created.warnings.join(), /leads out of the worktree/);
  });

  it('made twice after a crash is there once, and unsaved work of the first is in the trash', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'precious\n' });
    must(await createWorktree(at.repo, order));
    assert.equal(read(order.path, 'a.txt'), 'one\n');
    const [entry, ...more] = must(await listTrash(at.repo));
    assert.equal(more.length, 0);
    assert.equal(read(entry!.tree!, 'a.txt'), 'precious\n');
  });

  it('is made again where a clean one is in the way, leaving nothing in the trash', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    must(await createWorktree(at.repo, order));
    assert.deepEqual(must(await listTrash(at.repo)), []);
  });

  it('is made where a crash left the branch, a folder git does not know, or a record without a folder', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.git('branch', 'orchestrate-tasks/one', at.base);
    await attempt(at.repo, at.base, { name: 'one' });

    writeFiles(join(at.here.root, '.worktrees/two'), { 'half.txt': 'half' });
    await attempt(at.repo, at.base, { name: 'two' });
    assert.equal(must(await listTrash(at.repo)).length, 1);

    const three = await attempt(at.repo, at.base, { name: 'three' });
    rmSync(three.path, { recursive: true });
    must(await createWorktree(at.repo, three));
    assert.equal(read(three.path, 'a.txt'), 'one\n');
  });

  it('keeps commits a left-over branch alone held', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.git('checkout', '-q', '-b', 'orchestrate-tasks/task-1');
    const lost = at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('checkout', '-q', 'main');
    await attempt(at.repo, at.base);
    assert.match(at.here.git('for-each-ref', '--contains', lost), /refs\/orchestrate\/trash\//);
  });

  it('are made side by side, sixteen at once', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const names = Array.from({ length: 16 }, (_, i) => `t${i}`);
    await Promise.all(names.map((name) => attempt(at.repo, at.base, { name })));
    assert.equal(at.here.git('worktree', 'list').split('\n').length, 17);
  });

  it('lives with spaces, letters of any alphabet and newlines in paths', async () => {
    await using at = await start({ 'ü b/ö\n.txt': 'one\n' }, { name: 'a é\nb' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'ü b/ö\n.txt': 'two\n', 'tab\t"quote"\\.txt': 'x' });
    const result = await taken(at.repo, order);
    assert.deepEqual(result.paths, ['tab\t"quote"\\.txt', 'ü b/ö\n.txt']);
    assert.equal(at.here.show(result.commit!, 'ü b/ö\n.txt'), 'two\n');
  });

  it('warns of hooks that run from the checkout, and runs none when it is made', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.write({ 'hooks/post-checkout': '#!/bin/sh\ntouch "$(git rev-parse --git-common-dir)/ran"\n' });
    at.here.git('config', 'core.hooksPath', join(at.here.root, 'hooks'));
    gitIn(at.here.root, ['update-index', '--chmod=+x', '--add', 'hooks/post-checkout']);
    const order = await attempt(at.repo, at.base);
    assert.match(order.created.warnings.join(), /hooks of the checkout run in every worktree/);
    assert.ok(!has(at.here.root, '.git/ran'));
  });

  it('refuses a name that is a path', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = orderOf(at.repo, at.base, { name: '../x', path: join(at.here.root, 'x') });
    assert.equal(failureOf(await createWorktree(at.repo, order)).kind, 'refused');
  });

  it('does not start from a commit that is not there', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = orderOf(at.repo, '1'.repeat(40));
    assert.equal(failureOf(await createWorktree(at.repo, order)).kind, 'git');
    assert.ok(!has(order.path, '.git'));
    assert.equal(at.here.git('branch', '--list', order.branch), '');
  });

  it('is made beside a dirty checkout on a detached HEAD, both untouched', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.git('checkout', '-q', '--detach');
    at.here.write({ 'a.txt': 'dirty\n' });
    at.here.git('add', 'a.txt');
    await attempt(at.repo, at.base);
    assert.equal(at.here.git('status', '--porcelain'), 'M  a.txt');
  });
});

describe('a former change', function () {
  this.timeout(20_000);

  it('comes along as uncommitted work where it fits', async () => {
    await using at = await start({ 'a.txt': '1\n2\n3\n4\n5\n', 'gone.txt': 'x\n' });
    const first = await attempt(at.repo, at.base);
    writeFiles(first.path, { 'a.txt': '1\n2\n3\n4\nfive\n', 'gone.txt': null, 'new.txt': 'new\n' });
    const result = await taken(at.repo, first);
    const next = at.here.commit({ 'a.txt': 'one\n2\n3\n4\n5\n' });
    const carry = { result: result.commit!, base: at.base };
    const second = await attempt(at.repo, next, { name: 'task-2', carry });
    assert.equal(second.created.carried, 'applied');
    assert.equal(read(second.path, 'a.txt'), 'one\n2\n3\n4\nfive\n');
    assert.equal(gitIn(second.path, ['status', '--porcelain']), 'M a.txt\n D gone.txt\n?? new.txt');
    assert.deepEqual((await taken(at.repo, second)).paths, ['a.txt', 'gone.txt', 'new.txt']);
  });

  it('comes as a patch where it does not, and the worktree is as at the base', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const first = await attempt(at.repo, at.base);
    writeFiles(first.path, { 'a.txt': 'two\n' });
    const result = await taken(at.repo, first);
    const next = at.here.commit({ 'a.txt': 'three\n' });
    const carry = { result: result.commit!, base: at.base };
    const { created, path } = await attempt(at.repo, next, { name: 'task-2', carry });
    assert.ok(created.carried === 'patch');
    assert.match(created.patch, /^\+two$/m);
    assert.equal(gitIn(path, ['status', '--porcelain']), '');
  });

  it('comes alone where its base was rolled back', async () => {
    await using at = await start({ 'a.txt': '1\n2\n3\n' });
    const dropped = at.here.commit({ 'b.txt': 'rolled back\n' });
    const first = await attempt(at.repo, dropped);
    writeFiles(first.path, { 'a.txt': '1\n2\nthree\n' });
    const result = await taken(at.repo, first, {
      integration: { ref: 'refs/heads/main', isKnown: (oid) => oid === dropped },
    });
    const carry = { result: result.commit!, base: dropped };
    const second = await attempt(at.repo, at.base, { name: 'task-2', carry });
    assert.equal(second.created.carried, 'applied');
    assert.ok(!has(second.path, 'b.txt'));
    assert.equal(read(second.path, 'a.txt'), '1\n2\nthree\n');
  });

  it('is cut at 100 kB', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const first = await attempt(at.repo, at.base);
    writeFiles(first.path, { 'a.txt': 'x'.repeat(300_000) });
    const result = await taken(at.repo, first);
    const next = at.here.commit({ 'a.txt': 'three\n' });
    const carry = { result: result.commit!, base: at.base };
    const { created } = await attempt(at.repo, next, { name: 'task-2', carry });
    assert.ok(created.carried === 'patch' && created.patch.length < 100_100);
  });
});
