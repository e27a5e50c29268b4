import assert from 'node:assert/strict';
import { join } from 'node:path';
import { publishBranch } from '../../../src/git/branch.ts';
import type { Repository } from '../../../src/git/repository.ts';
import { takeBranch } from '../../../src/git/take.ts';
import { undoTaking } from '../../../src/git/untake.ts';
import { has, makeExecutable, read } from '../../rig/repository.ts';
import { failureOf, must, start } from './rig.ts';

const publish = async (repo: Repository, commit: string, planId = 'My Plan'): Promise<string> =>
  must(await publishBranch(repo, { planId, commit, run: 'r' })).branch;

describe('the branch of a result', function () {
  this.timeout(20_000);

  it('is made, stays where it is and moves along', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    assert.equal(await publish(at.repo, at.base), 'orchestrate/my-plan');
    assert.equal(await publish(at.repo, at.base), 'orchestrate/my-plan');
    const next = at.here.commit({ 'a.txt': 'two\n' });
    assert.equal(await publish(at.repo, next), 'orchestrate/my-plan');
    assert.equal(at.here.git('rev-parse', 'orchestrate/my-plan'), next);
  });

  it('takes another name than one that is somebody else’s, or has been moved since', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.git('branch', 'orchestrate/my-plan');
    assert.equal(await publish(at.repo, at.base), 'orchestrate/my-plan-2');
    const next = at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('branch', '-f', 'orchestrate/my-plan-2', next);
    assert.equal(await publish(at.repo, at.base), 'orchestrate/my-plan-3');
    assert.equal(at.here.git('rev-parse', 'orchestrate/my-plan-2'), next);
    assert.equal(await publish(at.repo, at.base, 'my plan'), 'orchestrate/my-plan-4');
  });

  it('is not moved while it is checked out or rebased', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const branch = await publish(at.repo, at.base);
    const next = at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('worktree', 'add', '-q', join(at.here.folder('side'), 'w'), branch);
    assert.equal(await publish(at.repo, next), `${branch}-2`);
    at.here.git('worktree', 'remove', join(at.here.folder('side'), 'w'));
    at.here.write({ '.git/rebase-merge/head-name': `refs/heads/${branch}\n` });
    const later = at.here.commit({ 'b.txt': '3\n' });
    assert.equal(await publish(at.repo, later), `${branch}-2`);
    assert.equal(at.here.git('rev-parse', branch), at.base);
  });

  it('finds a name beside a branch called orchestrate, or one below its own', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.git('branch', 'orchestrate/below/it');
    assert.equal(await publish(at.repo, at.base, 'below'), 'orchestrate/below-2');
    await using other = await start({ 'a.txt': 'one\n' });
    other.here.git('branch', 'orchestrate');
    assert.equal(await publish(other.repo, other.base), 'orchestrate-my-plan');
    assert.equal(await publish(other.repo, other.base), 'orchestrate-my-plan');
  });

  it('is made again where somebody deleted it', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.git('branch', '-D', await publish(at.repo, at.base));
    assert.equal(await publish(at.repo, at.base), 'orchestrate/my-plan');
  });
});

describe('taking a result', function () {
  this.timeout(20_000);

  it('merges it into a checkout with a dirty plan file, with the user’s hooks', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'plan.yaml': 'pending\n', 'b.txt': 'b\n' });
    at.here.git('checkout', '-q', '-b', 'result');
    at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('checkout', '-q', 'main');
    at.here.commit({ 'b.txt': 'bee\n' });
    at.here.write({ 'plan.yaml': 'completed\n', '.git/hooks/post-merge': '#!/bin/sh\ntouch .git/hooked\n' });
    makeExecutable(at.here.root, '.git/hooks/post-merge');
    const done = must(await takeBranch(at.repo, { branch: 'result', how: 'merge' }));
    assert.deepEqual(done, { kind: 'taken', commit: at.here.head() });
    assert.equal(read(at.here.root, 'a.txt'), 'two\n');
    assert.equal(at.here.git('status', '--porcelain'), 'M plan.yaml');
    assert.ok(has(at.here.root, '.git/hooked'));
  });

  it('gives a conflicting merge up and leaves the checkout as it was', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'plan.yaml': 'pending\n' });
    at.here.git('checkout', '-q', '-b', 'result');
    at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('checkout', '-q', 'main');
    const head = at.here.commit({ 'a.txt': 'three\n' });
    at.here.write({ 'plan.yaml': 'completed\n' });
    assert.deepEqual(must(await takeBranch(at.repo, { branch: 'result', how: 'merge' })), {
      kind: 'conflicted',
      paths: ['a.txt'],
    });
    assert.equal(at.here.head(), head);
    assert.equal(at.here.git('status', '--porcelain'), 'M plan.yaml');
    assert.ok(!has(at.here.root, '.git/MERGE_HEAD'));
  });

  it('gives a merge up that a hook of the user refuses', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
    at.here.git('checkout', '-q', '-b', 'result');
    at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('checkout', '-q', 'main');
    const head = at.here.commit({ 'b.txt': 'bee\n' });
    at.here.write({ '.git/hooks/commit-msg': '#!/bin/sh\necho no ticket >&2\nexit 1\n' });
    makeExecutable(at.here.root, '.git/hooks/commit-msg');
    const failure = failureOf(await takeBranch(at.repo, { branch: 'result', how: 'merge' }));
    assert.ok(failure.kind === 'refused' && failure.reason.includes('no ticket'));
    assert.equal(at.here.head(), head);
    assert.equal(at.here.git('status', '--porcelain'), '');
  });

  it('checks it out, and refuses where local changes would be lost', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.git('checkout', '-q', '-b', 'result');
    const commit = at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('checkout', '-q', 'main');
    at.here.write({ 'a.txt': 'mine\n' });
    assert.equal(failureOf(await takeBranch(at.repo, { branch: 'result', how: 'checkout' })).kind, 'refused');
    assert.equal(failureOf(await takeBranch(at.repo, { branch: 'result', how: 'merge' })).kind, 'refused');
    assert.equal(read(at.here.root, 'a.txt'), 'mine\n');
    at.here.git('checkout', '-q', 'a.txt');
    assert.deepEqual(must(await takeBranch(at.repo, { branch: 'result', how: 'checkout' })), { kind: 'taken', commit });
    assert.equal(at.here.git('symbolic-ref', '--short', 'HEAD'), 'result');
    assert.equal(failureOf(await takeBranch(at.repo, { branch: 'none', how: 'merge' })).kind, 'notFound');
  });

  it('is undone as long as the checkout is as that left it, local changes included', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'plan.yaml': 'pending\n' });
    const before = at.here.head();
    at.here.git('checkout', '-q', '-b', 'result');
    at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('checkout', '-q', 'main');
    assert.match(reasonOf(await undoTaking(at.repo)), /No result was taken/);
    must(await takeBranch(at.repo, { branch: 'result', how: 'merge' }));
    at.here.write({ 'plan.yaml': 'completed\n', 'a.txt': 'mine\n' });
    assert.equal(failureOf(await undoTaking(at.repo)).kind, 'git', 'a change of the same file is in the way');
    assert.equal(read(at.here.root, 'a.txt'), 'mine\n');
    at.here.git('checkout', '-q', 'a.txt');
    must(await undoTaking(at.repo));
    assert.deepEqual([at.here.head(), read(at.here.root, 'a.txt')], [before, 'one\n']);
    assert.equal(read(at.here.root, 'plan.yaml'), 'completed\n');
    assert.match(reasonOf(await undoTaking(at.repo)), /No result was taken/);
  });

  it('is not undone where something was done since, or it was pushed; a branch that was checked out is left again', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    at.here.git('checkout', '-q', '-b', 'result');
    at.here.commit({ 'a.txt': 'two\n' });
    at.here.git('checkout', '-q', 'main');
    must(await takeBranch(at.repo, { branch: 'result', how: 'merge' }));
    at.here.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    assert.match(reasonOf(await undoTaking(at.repo)), /on origin\/main already/);
    at.here.git('update-ref', '-d', 'refs/remotes/origin/main');
    const mine = at.here.commit({ 'b.txt': 'b\n' });
    assert.match(reasonOf(await undoTaking(at.repo)), /not where taking result left it/);
    assert.equal(at.here.head(), mine);
    must(await takeBranch(at.repo, { branch: 'result', how: 'checkout' }));
    must(await undoTaking(at.repo));
    assert.equal(at.here.git('symbolic-ref', '--short', 'HEAD'), 'main');
  });
});

function reasonOf(result: Parameters<typeof failureOf>[0]): string {
  const failure = failureOf(result);
  return failure.kind === 'refused' ? failure.reason : failure.kind;
}
