import assert from 'node:assert/strict';
import { array, assert as check, asyncProperty, constantFrom, integer, record, uniqueArray } from 'fast-check';
import { buildCandidate, type Candidate, type CandidateOrder } from '../../../src/git/merge.ts';
import type { Repository } from '../../../src/git/repository.ts';
import type { TemporaryRepository, Files } from '../../rig/repository.ts';
import { author, DATE, failureOf, must, once, start, takeAway } from './rig.ts';

const REF = 'refs/orchestrate/runs/r/candidate';

const orderOf = (onto: string, members: CandidateOrder['members']): CandidateOrder => ({
  onto,
  members,
  message: (of) => `Merge ${of.map(({ task }) => task).join(', ')}`,
  author,
  date: DATE,
  ref: REF,
});

const build = async (repo: Repository, onto: string, members: CandidateOrder['members']): Promise<Candidate> =>
  must(await buildCandidate(repo, orderOf(onto, members)));

/** A commit of these files on `base`, as `takeResult` would make it; the checkout is left on main. */
function result(here: TemporaryRepository, base: string, files: Files, task = 'task') {
  here.git('checkout', '-q', '--detach', base);
  const commit = here.commit(files, task);
  here.git('checkout', '-q', '-f', 'main');
  here.git('clean', '-qfd');
  return { task, commit };
}

/** What git itself makes of merging them one after the other; undefined where it stops. */
function mergedByGit(here: TemporaryRepository, onto: string, commits: readonly string[]): string | undefined {
  here.git('checkout', '-q', '--detach', onto);
  try {
    for (const commit of commits)
      here.git('-c', 'merge.directoryRenames=false', 'merge', '-q', '--no-ff', '-m', 'm', commit);
    return here.tree('HEAD');
  } catch {
    here.git('reset', '-q', '--hard');
    return undefined;
  } finally {
    here.git('checkout', '-q', '-f', 'main');
  }
}

const treeOf = (here: TemporaryRepository, candidate: Candidate): string | undefined =>
  candidate.kind === 'built' ? here.tree(candidate.commit) : undefined;

describe('a candidate', function () {
  this.timeout(60_000);

  it('of one result on the tip is that result', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const one = result(at.here, at.base, { 'a.txt': 'two\n' });
    assert.deepEqual(await build(at.repo, at.base, [one]), { kind: 'built', commit: one.commit });
    assert.equal(at.here.git('rev-parse', REF), one.commit);
  });

  it('of nobody is the tip', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    assert.deepEqual(await build(at.repo, at.base, []), { kind: 'built', commit: at.base });
  });

  it('of results that touch nothing in common is one commit with all of them as parents', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'd/x': 'x\n', 'gone/y': 'y\n' });
    const members = [
      result(at.here, at.base, { 'a.txt': 'two\n' }, 'A'),
      result(at.here, at.base, { 'd/x': null, 'd/z/"ü\n\\': 'z\n' }, 'B'),
      result(at.here, at.base, { 'gone/y': null, link: { link: 'a.txt' } }, 'C'),
    ];
    const built = await build(at.repo, at.base, members);
    assert.ok(built.kind === 'built');
    const parents = [at.base, ...members.map(({ commit }) => commit)].join(' ');
    assert.equal(
      at.here.git('log', '-1', '--format=%P|%s|%an|%ct', built.commit),
      `${parents}|Merge A, B, C|Ada|1893456000`,
    );
    assert.deepEqual(at.here.files(built.commit), { 'a.txt': 'two\n', 'd/z/"ü\n\\': 'z\n', link: 'a.txt' });
    assert.deepEqual(await build(at.repo, at.base, members), built);
    assert.equal(
      treeOf(at.here, built),
      mergedByGit(
        at.here,
        at.base,
        members.map(({ commit }) => commit),
      ),
    );
    assert.equal(at.here.git('fsck', '--no-dangling', '--strict'), '');
  });

  it('of results in the same file at different places is merged one by one', async () => {
    await using at = await start({ 'a.txt': '1\n2\n3\n4\n5\n6\n7\n8\n9\n' });
    const members = [
      result(at.here, at.base, { 'a.txt': 'one\n2\n3\n4\n5\n6\n7\n8\n9\n' }, 'A'),
      result(at.here, at.base, { 'a.txt': '1\n2\n3\n4\n5\n6\n7\n8\nnine\n' }, 'B'),
    ];
    const built = await build(at.repo, at.base, members);
    assert.ok(built.kind === 'built');
    assert.equal(at.here.show(built.commit, 'a.txt'), 'one\n2\n3\n4\n5\n6\n7\n8\nnine\n');
    assert.equal(
      at.here.git('log', '-1', '--format=%P|%s', built.commit),
      `${members[0]!.commit} ${members[1]!.commit}|Merge B`,
    );
    assert.deepEqual(await build(at.repo, at.base, members), built);
  });

  it('is built again where a `git gc --prune=now` took a tree of it before it had a ref', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const members = ['b', 'c'].map((name) => result(at.here, at.base, { [`${name}.txt`]: name }, name));
    const first = await build(at.repo, at.base, members);
    assert.ok(first.kind === 'built');
    at.here.git('update-ref', '-d', REF);
    const prune = once(() => takeAway(at.here, `${first.commit}^{tree}`));
    const again = await buildCandidate(at.repo, {
      ...orderOf(at.base, members),
      get ref() {
        prune();
        return REF;
      },
    });
    assert.deepEqual(again, { ok: true, value: first });
    assert.equal(at.here.git('fsck', '--connectivity-only', '--no-dangling'), '');
  });

  it('names the task at which it stopped, the paths, and the earlier tasks that touched them', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
    const members = [
      result(at.here, at.base, { 'b.txt': 'bee\n' }, 'A'),
      result(at.here, at.base, { 'a.txt': 'two\n' }, 'B'),
      result(at.here, at.base, { 'a.txt': 'three\n' }, 'C'),
    ];
    assert.deepEqual(await build(at.repo, at.base, members), {
      kind: 'conflicted',
      task: 'C',
      paths: ['a.txt'],
      with: ['B'],
    });
    assert.equal(at.here.git('for-each-ref', REF), '');
  });

  it('conflicts with the tip where that went on since the base', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const one = result(at.here, at.base, { 'a.txt': 'two\n' }, 'A');
    const tip = at.here.commit({ 'a.txt': 'three\n' });
    assert.deepEqual(await build(at.repo, tip, [one]), { kind: 'conflicted', task: 'A', paths: ['a.txt'], with: [] });
  });

  it('holds what the tip got since the base', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
    const one = result(at.here, at.base, { 'a.txt': 'two\n' }, 'A');
    const tip = at.here.commit({ 'b.txt': 'bee\n' });
    const built = await build(at.repo, tip, [one]);
    assert.ok(built.kind === 'built');
    assert.deepEqual(at.here.files(built.commit), { 'a.txt': 'two\n', 'b.txt': 'bee\n' });
  });

  it('takes a file against a folder of the same name for a conflict', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const members = [result(at.here, at.base, { x: 'file\n' }, 'A'), result(at.here, at.base, { 'x/y': 'in\n' }, 'B')];
    const built = await build(at.repo, at.base, members);
    assert.ok(built.kind === 'conflicted' && built.task === 'B');
    assert.deepEqual(built.with, ['A']);
  });

  it('follows a renamed file but never a renamed folder', async () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('');
    await using at = await start({ 'old/a.txt': text, 'old/b.txt': `${text}b` });
    const members = [
      result(
        at.here,
        at.base,
        { 'old/a.txt': null, 'old/b.txt': null, 'new/a.txt': text, 'new/b.txt': `${text}b` },
        'A',
      ),
      result(at.here, at.base, { 'old/a.txt': `${text}more\n`, 'old/c.txt': 'c\n' }, 'B'),
    ];
    const built = await build(at.repo, at.base, members);
    assert.ok(built.kind === 'built');
    assert.deepEqual(Object.keys(at.here.files(built.commit)).toSorted(), ['new/a.txt', 'new/b.txt', 'old/c.txt']);
    assert.equal(at.here.show(built.commit, 'new/a.txt'), `${text}more\n`);
  });

  for (const place of ['.gitattributes', '.git/info/attributes'] as const) {
    it(`is not talked out of a conflict by merge=union in ${place}`, async () => {
      await using at = await start({ 'a.txt': 'one\n' });
      const members = [
        result(at.here, at.base, { 'a.txt': 'two\n' }, 'A'),
        result(at.here, at.base, { 'a.txt': 'three\n' }, 'B'),
      ];
      at.here.write({ [place]: '*.txt merge=union\n' });
      assert.equal((await build(at.repo, at.base, members)).kind, 'conflicted');
    });
  }

  it('runs no hook and no driver of the repository', async () => {
    await using at = await start({ 'a.txt': 'one\n', '.gitattributes': '*.txt merge=evil\n' });
    at.here.git('config', 'merge.evil.driver', `touch ${at.here.root}/pwned`);
    at.here.write({ '.git/hooks/reference-transaction': `#!/bin/sh\ntouch ${at.here.root}/pwned\n` });
    const { chmodSync, existsSync } = await import('node:fs');
    const members = [
      result(at.here, at.base, { 'a.txt': 'two\n' }, 'A'),
      result(at.here, at.base, { 'a.txt': 'three\n' }, 'B'),
    ];
    chmodSync(`${at.here.root}/.git/hooks/reference-transaction`, 0o755);
    await build(at.repo, at.base, members);
    await build(at.repo, at.base, members.slice(1));
    assert.ok(!existsSync(`${at.here.root}/pwned`));
  });

  it('refuses a member that is not one commit on one base', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    assert.equal(
      failureOf(await buildCandidate(at.repo, orderOf(at.base, [{ task: 'A', commit: at.base }]))).kind,
      'refused',
    );
  });

  it('is built in a shallow repository and with SHA-256', async () => {
    await using deep = await start({ 'a.txt': 'one\n' });
    deep.here.commit({ 'a.txt': 'two\n', 'b.txt': 'b\n' });
    await using at = await start({ 'x.txt': 'x' }, { init: ['--object-format=sha256'] });
    for (const here of [at.here]) {
      const base = here.head();
      const members = [result(here, base, { 'y.txt': 'y' }, 'A'), result(here, base, { 'z.txt': 'z' }, 'B')];
      assert.equal((await build(at.repo, base, members)).kind, 'built');
    }
    const shallow = deep.here.folder('shallow');
    deep.here.git('clone', '-q', '--depth=1', `file://${deep.here.root}`, shallow);
    const { openRepository } = await import('../../../src/git/repository.ts');
    const repo = must(await openRepository(shallow));
    const { gitIn } = await import('../../rig/repository.ts');
    const tip = gitIn(shallow, ['rev-parse', 'HEAD']);
    const commit = (content: string): string => {
      const blob = gitIn(shallow, ['hash-object', '-w', '--', content]);
      gitIn(shallow, ['read-tree', tip]);
      gitIn(shallow, ['update-index', '--cacheinfo', `100644,${blob},b.txt`]);
      const tree = gitIn(shallow, ['write-tree']);
      return gitIn(shallow, [
        '-c',
        'user.name=a',
        '-c',
        'user.email=a@b',
        'commit-tree',
        tree,
        '-p',
        tip,
        '-m',
        content,
      ]);
    };
    const members = ['a.txt', '.git/HEAD'].map((file) => ({ task: file, commit: commit(file) }));
    assert.deepEqual(await build(repo, tip, members), {
      kind: 'conflicted',
      task: '.git/HEAD',
      paths: ['b.txt'],
      with: ['a.txt'],
    });
  });

  it('has the tree that merging one by one in a checkout gives, whatever the edits', async () => {
    const base: Record<string, string> = {};
    for (const name of ['a', 'b', 'd/a', 'd/b', 'd/e/f'])
      base[name] = Array.from({ length: 9 }, (_, i) => `${name} ${i}\n`).join('');
    await using at = await start(base);
    const paths = [...Object.keys(base), 'new', 'd/new', 'a/below', 'd/e'];
    const edit = record({
      path: constantFrom(...paths),
      line: integer({ min: 0, max: 8 }),
      how: constantFrom('change', 'change', 'change', 'remove'),
    });
    const member = uniqueArray(edit, { minLength: 1, maxLength: 2, selector: ({ path }) => path });
    const members = array(member, { minLength: 2, maxLength: 4 });
    await check(
      asyncProperty(members, async (all) => {
        const commits = all.map((edits, i) => result(at.here, at.base, filesOf(base, edits, i), `T${i}`));
        const byGit = mergedByGit(
          at.here,
          at.base,
          commits.map(({ commit }) => commit),
        );
        assert.equal(treeOf(at.here, await build(at.repo, at.base, commits)), byGit);
      }),
      { numRuns: 25 },
    );
  });
});

interface Edit {
  path: string;
  line: number;
  how: string;
}

/** Edits as files; where a file and a folder of its name would both be, the later wins. */
function filesOf(base: Record<string, string>, edits: readonly Edit[], member: number): Files {
  const files: Record<string, string | null> = {};
  for (const { path, line, how } of edits) {
    const overlapping = [...Object.keys(base), ...Object.keys(files)].filter(
      (other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
    );
    for (const other of overlapping) files[other] = null;
    const lines = base[path]?.split('\n') ?? ['new'];
    lines[line % lines.length] = `member ${member}`;
    files[path] = how === 'remove' ? null : lines.join('\n');
  }
  const gone = Object.entries(files).filter(([, content]) => content === null);
  const kept = Object.entries(files).filter(([, content]) => content !== null);
  return Object.fromEntries([...gone, ...kept]);
}
