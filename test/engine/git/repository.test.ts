import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileAt, isAncestor, openRepository, readAuthor, readHead } from '../../../src/git/repository.ts';
import { deleteRefs, listRefs, moveRef, readRef } from '../../../src/git/refs.ts';
import { git } from '../../../src/git/run.ts';
import { describe as describeFailure } from '../../../src/model/failure.ts';
import { gitIn, TemporaryRepository } from '../../rig/repository.ts';
import { failureOf, must, open, start } from './rig.ts';

describe('a repository', function () {
  this.timeout(20_000);

  it('is opened from any folder in it, and gets a private folder for our state', async () => {
    await using here = TemporaryRepository.with({ 'sub/a.txt': 'one\n' }, { name: 'with a\nnewline ü' });
    const repo = await open(join(here.root, 'sub'));
    assert.equal(repo.root, here.root);
    assert.equal(repo.state, join(here.root, '.git', 'orchestrate'));
    assert.equal(statSync(repo.state).mode & 0o777, 0o700);
    assert.ok(repo.version[0] >= 2);
  });

  it('is refused where there is none, no commit or no checkout', async () => {
    await using here = TemporaryRepository.empty();
    assert.equal(failureOf(await openRepository(here.root)).kind, 'noCommits');
    assert.equal(failureOf(await openRepository(here.folder('none'))).kind, 'notARepository');
    assert.equal(failureOf(await openRepository(join(here.root, 'missing'))).kind, 'notARepository');
    gitIn(here.folder('bare'), ['init', '-q', '--bare']);
    assert.equal(failureOf(await openRepository(here.folder('bare'))).kind, 'bareRepository');
  });

  it('is not opened without git, or with one that is too old', async () => {
    await using here = TemporaryRepository.with({
      'a.txt': 'one\n',
      'bin/git': '#!/bin/sh\necho git version 2.37.1\n',
    });
    const path = process.env['PATH'];
    here.atEnd(() => (process.env['PATH'] = path));
    process.env['PATH'] = here.folder('empty');
    assert.equal(failureOf(await openRepository(here.root)).kind, 'gitMissing');
    const { chmodSync } = await import('node:fs');
    chmodSync(join(here.root, 'bin/git'), 0o755);
    process.env['PATH'] = `${join(here.root, 'bin')}:/bin:/usr/bin`;
    const failure = failureOf(await openRepository(here.root));
    assert.deepEqual(failure, { kind: 'gitTooOld', found: '2.37.1', needed: '2.38' });
  });

  it('says so where it belongs to somebody else', async () => {
    await using here = TemporaryRepository.with({ 'a.txt': 'one\n' });
    const { PATH: path = '' } = process.env;
    here.atEnd(() => (process.env['PATH'] = path));
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    // Git's own switch for its own tests of this.
    const foreign = `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec ${real} "$@"\n`;
    const bin = here.folder('bin');
    writeFileSync(join(bin, 'git'), foreign, { mode: 0o755 });
    process.env['PATH'] = `${bin}:${path}`;
    const failure = failureOf(await openRepository(here.root));
    assert.match(describeFailure(failure), /belongs to another user.*safe\.directory/);
  });

  it('tells its HEAD, on a branch or detached', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    assert.deepEqual(must(await readHead(at.repo)), { commit: at.base, branch: 'main' });
    at.here.git('checkout', '-q', '--detach');
    assert.deepEqual(must(await readHead(at.repo)), { commit: at.base });
  });

  it('tells its author, and has one where nobody is configured', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    assert.deepEqual(await readAuthor(at.repo), { name: 'Ada', email: 'ada@example.org' });
    at.here.git('config', 'user.name', '');
    assert.equal((await readAuthor(at.repo)).name, 'Orchestrate');
  });

  it('tells files of commits and ancestry', async () => {
    await using at = await start({ 'ä b.txt': 'one\n' });
    const next = at.here.commit({ 'ä b.txt': 'two\n' });
    assert.equal(must(await fileAt(at.repo, at.base, 'ä b.txt')), 'one\n');
    assert.equal(must(await fileAt(at.repo, at.base, 'none')), null);
    assert.equal(failureOf(await fileAt(at.repo, '1'.repeat(40), 'a')).kind, 'git');
    assert.equal(must(await isAncestor(at.repo, at.base, next)), true);
    assert.equal(must(await isAncestor(at.repo, next, at.base)), false);
    assert.equal(failureOf(await isAncestor(at.repo, '1'.repeat(40), next)).kind, 'git');
  });

  it('is not led astray by variables of git in the environment', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    await using other = TemporaryRepository.with({ 'b.txt': 'other\n' });
    process.env['GIT_DIR'] = join(other.root, '.git');
    process.env['GIT_INDEX_FILE'] = '/nowhere';
    at.here.atEnd(() => {
      delete process.env['GIT_DIR'];
      delete process.env['GIT_INDEX_FILE'];
    });
    assert.equal((await open(at.here.root)).root, at.here.root);
  });
});

describe('a ref', function () {
  this.timeout(20_000);

  it('is moved by compare-and-swap and by nothing else', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const next = at.here.commit({ 'a.txt': 'two\n' });
    const ref = 'refs/orchestrate/runs/x/integration';
    must(await moveRef(at.repo, { ref, old: null, new: at.base }));
    const again = failureOf(await moveRef(at.repo, { ref, old: null, new: next }));
    assert.deepEqual(again, { kind: 'refMoved', ref, expected: '', found: at.base });
    must(await moveRef(at.repo, { ref, old: at.base, new: next }));
    const late = failureOf(await moveRef(at.repo, { ref, old: at.base, new: at.base }));
    assert.deepEqual(late, { kind: 'refMoved', ref, expected: at.base, found: next });
    assert.equal(must(await readRef(at.repo, ref)), next);
    const gone = failureOf(await moveRef(at.repo, { ref: `${ref}2`, old: at.base, new: next }));
    assert.deepEqual(gone, { kind: 'refMoved', ref: `${ref}2`, expected: at.base, found: '' });
  });

  it('is moved by one of many who try at once', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const commits = ['x', 'y', 'z', 'w'].map((text) => at.here.commit({ 'a.txt': text }));
    const ref = 'refs/orchestrate/runs/x/integration';
    const moves = await Promise.all(commits.map((commit) => moveRef(at.repo, { ref, old: null, new: commit })));
    assert.equal(moves.filter((move) => move.ok).length, 1);
    assert.ok(moves.every((move) => move.ok || move.failure.kind === 'refMoved'));
  });

  it('goes with all below its prefix', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    for (const ref of ['x/a', 'x/b/c', 'xy/a'])
      must(await moveRef(at.repo, { ref: `refs/orchestrate/runs/${ref}`, old: null, new: at.base }));
    must(await deleteRefs(at.repo, 'refs/orchestrate/runs/x'));
    assert.deepEqual(
      [...must(await listRefs(at.repo, 'refs/orchestrate/runs')).keys()],
      ['refs/orchestrate/runs/r/integration', 'refs/orchestrate/runs/xy/a'],
    );
  });
});

describe('running git', function () {
  it('says that the folder is missing, not git', async () => {
    const failure = failureOf(await git(['version'], { cwd: '/nowhere/at/all' }));
    assert.ok(failure.kind === 'io' && failure.code === 'ENOENT');
    const noFolder = failureOf(await git(['version'], { cwd: process.execPath }));
    assert.ok(noFolder.kind === 'io' && noFolder.code === 'ENOTDIR');
  });
});
