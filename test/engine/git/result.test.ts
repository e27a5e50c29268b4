import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { openRepository } from '../../../src/git/repository.ts';
import { takeResult } from '../../../src/git/result.ts';
import { gitIn, read, TemporaryRepository, writeFiles } from '../../rig/repository.ts';
import {
  asOwner,
  attempt,
  failureOf,
  INTEGRATION,
  kinds,
  must,
  once,
  resultOrder,
  start,
  takeAway,
  taken,
} from './rig.ts';

const MARKERS = '<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> other\n';
const agentCommits = (path: string, ...more: string[]): string =>
  gitIn(path, ['-c', 'user.name=Agent', '-c', 'user.email=agent@example.org', 'commit', '-qam', 'mine', ...more]);

describe('a result', () => {
  it('is one commit on the base with what lies in the worktree, and the same commit again', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'b.txt': 'gone\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'two\n', 'b.txt': null, 'c/d.txt': 'new\n' });
    const first = await taken(at.repo, order);
    assert.deepEqual(first.paths, ['a.txt', 'b.txt', 'c/d.txt']);
    assert.equal(first.lines, 4, 'one replaced, one gone, one new');
    assert.deepEqual(first.findings, []);
    assert.deepEqual(at.here.files(first.commit!), { 'a.txt': 'two\n', 'c/d.txt': 'new\n' });
    assert.equal(at.here.git('rev-parse', `${first.commit}^`), at.base);
    assert.equal(at.here.git('rev-parse', resultOrder(order).ref), first.commit);
    assert.equal((await taken(at.repo, order)).commit, first.commit);
    assert.equal(
      at.here.git('log', '-1', '--format=%an %ae %at %cn %ct', first.commit!),
      'Ada ada@example.org 1893456000 Ada 1893456000',
    );
  });

  for (const name of [':c/d.txt', ':c', '^{tree}']) {
    it(`is taken again where a \`git gc --prune=now\` took ${name} of it before it had a ref`, async () => {
      await using at = await start({ 'a.txt': 'one\n' });
      const order = await attempt(at.repo, at.base);
      writeFiles(order.path, { 'c/d.txt': 'new\n' });
      const { commit } = await taken(at.repo, order);
      const { ref, ...rest } = resultOrder(order);
      const prune = once(() => takeAway(at.here, `${commit}${name}`));
      at.here.git('update-ref', '-d', ref);
      const again = must(
        await takeResult(at.repo, {
          ...rest,
          get ref() {
            prune();
            return ref;
          },
        }),
      );
      assert.equal(again.commit, commit);
      assert.equal(at.here.git('fsck', '--connectivity-only', '--no-dangling'), '');
    });
  }

  it('of an agent that did nothing is none', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    assert.deepEqual(await taken(at.repo, order), { commit: null, paths: [], findings: [] });
  });

  it('holds the work whether the agent committed it, staged it or neither; its commits stay readable', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'two\n' });
    agentCommits(order.path);
    writeFiles(order.path, { 'b.txt': 'staged\n', 'c.txt': 'neither\n' });
    gitIn(order.path, ['add', 'b.txt']);
    const result = await taken(at.repo, order);
    assert.deepEqual(result.findings, []);
    assert.deepEqual(result.paths, ['a.txt', 'b.txt', 'c.txt']);
    assert.equal(at.here.git('log', '-1', '--format=%s', resultOrder(order).headRef), 'mine');
  });

  it('never holds the plan file', async () => {
    await using at = await start({ 'docs/plan/p/plan.yaml': 'plan\n', 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'docs/plan/p/plan.yaml': 'status: completed\n' });
    assert.equal((await taken(at.repo, order)).commit, null);
    writeFiles(order.path, { 'a.txt': 'two\n', 'docs/plan/p/plan.yaml': null });
    assert.deepEqual((await taken(at.repo, order)).paths, ['a.txt']);
  });

  it('keeps the executable bit and links within the tree', async () => {
    await using at = await start({ 'run.sh': '#!/bin/sh\n' });
    const order = await attempt(at.repo, at.base);
    chmodSync(join(order.path, 'run.sh'), 0o755);
    writeFiles(order.path, { link: { link: 'run.sh' }, 'sub/up': { link: '../run.sh' } });
    const result = await taken(at.repo, order);
    assert.deepEqual(result.findings, []);
    assert.match(at.here.git('ls-tree', result.commit!, 'run.sh'), /^100755/);
  });

  it('of a worktree that is gone is a failure that says so', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    rmSync(order.path, { recursive: true });
    assert.equal(failureOf(await takeResult(at.repo, resultOrder(order))).kind, 'notFound');
  });

  it('is taken whole from a large change', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    const many = Object.fromEntries(
      Array.from({ length: 2000 }, (_, i) => [`many/${i}-${'x'.repeat(60)}.txt`, `${i}\n`]),
    );
    writeFiles(order.path, { ...many, 'zz.txt': `${'long line '.repeat(200_000)}\n${MARKERS}` });
    const result = await taken(at.repo, order);
    assert.equal(result.paths.length, 2001);
    assert.deepEqual(
      result.findings.map(({ kind, paths }) => [kind, paths]),
      [['conflictMarkers', ['zz.txt']]],
    );
  });
});

describe('an agent that is not to be believed', () => {
  it('is found out when it leaves conflict markers, but not for quoting some', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'old.txt': MARKERS });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, {
      'a.txt': `x\n${MARKERS}`,
      'old.txt': `${MARKERS}more\n`,
      'half.txt': '<<<<<<< a\n>>>>>>> b\n',
    });
    writeFiles(order.path, { 'crlf.txt': MARKERS.replaceAll('\n', '\r\n'), 'docs/merging.md': MARKERS });
    const result = await taken(at.repo, order, { exempt: ['docs/**'] });
    assert.deepEqual(
      result.findings.map(({ kind, paths }) => [kind, paths]),
      [['conflictMarkers', ['a.txt', 'crlf.txt']]],
    );
  });

  it('cannot hide markers behind attributes', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': MARKERS, '.gitattributes': '* -diff -text binary merge=union\n' });
    assert.deepEqual(kinds(await taken(at.repo, order)), ['conflictMarkers', 'gateDefining']);
  });

  it('cannot hide a change behind assume-unchanged, skip-worktree or the time of the file', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'b.txt': 'one\n', 'c.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'two\n', 'b.txt': 'two\n' });
    gitIn(order.path, ['update-index', '--assume-unchanged', 'a.txt']);
    gitIn(order.path, ['update-index', '--skip-worktree', 'b.txt']);
    const { atimeMs, mtimeMs } = statSync(join(order.path, 'c.txt'));
    writeFiles(order.path, { 'c.txt': 'two\n' });
    utimesSync(join(order.path, 'c.txt'), atimeMs / 1000, mtimeMs / 1000);
    assert.deepEqual((await taken(at.repo, order)).paths, ['a.txt', 'b.txt', 'c.txt']);
  });

  it('is found out when it pulls, merges or takes commits of others', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    at.here.commit({ 'theirs.txt': 'x\n' });
    gitIn(order.path, ['merge', '-q', '--ff-only', 'main']);
    assert.deepEqual(kinds(await taken(at.repo, order)), ['foreignCommits']);

    const merging = await attempt(at.repo, at.base, { name: 'task-2' });
    writeFiles(merging.path, { 'b.txt': 'mine\n' });
    gitIn(merging.path, ['add', '-A']);
    agentCommits(merging.path);
    gitIn(merging.path, ['-c', 'user.name=A', '-c', 'user.email=a@b', 'merge', '-q', '--no-edit', 'main']);
    const result = await taken(at.repo, merging);
    assert.deepEqual(kinds(result), ['foreignCommits']);
    assert.match(result.findings[0]!.detail, /is a merge/);
  });

  it('is found out when its commits are older than it is', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'two\n' });
    agentCommits(order.path);
    assert.deepEqual(kinds(await taken(at.repo, order, { startedAt: Date.now() + 60_000 })), ['foreignCommits']);
  });

  it('is found out when it amends the base, switches the branch, detaches or starts an orphan', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const tamper = async (name: string, ...args: string[]) => {
      const order = await attempt(at.repo, at.base, { name });
      writeFiles(order.path, { 'a.txt': `${name}\n` });
      gitIn(order.path, ['-c', 'user.name=A', '-c', 'user.email=a@b', ...args]);
      return taken(at.repo, order);
    };
    assert.deepEqual(kinds(await tamper('amend', 'commit', '-qa', '--amend', '-m', 'rewritten')), ['headMoved']);
    assert.deepEqual(kinds(await tamper('switch', 'switch', '-qc', 'elsewhere')), ['headMoved']);
    assert.deepEqual(kinds(await tamper('detach', 'checkout', '-q', '--detach')), ['headMoved']);
    const orphan = await tamper('orphan', 'checkout', '-q', '--orphan', 'fresh');
    assert.deepEqual(kinds(orphan), ['headMoved']);
    assert.deepEqual(orphan.paths, ['a.txt']);
  });

  it('is found out when it leaves a repository inside, with or without a commit', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'src/x.ts': '' });
    const order = await attempt(at.repo, at.base);
    for (const folder of ['empty', 'src/full', 'deep/er/empty']) {
      writeFiles(join(order.path, folder), { 'f.txt': 'f\n' });
      gitIn(join(order.path, folder), ['init', '-q']);
    }
    const full = join(order.path, 'src/full');
    gitIn(full, ['add', '-A']);
    agentCommits(full);
    gitIn(join(order.path, 'src'), ['init', '-q']);
    writeFiles(order.path, { 'b.txt': 'work\n', 'src/x.ts': 'changed\n' });
    const result = await taken(at.repo, order);
    assert.ok(result.paths.includes('b.txt'));
    const found = result.findings.filter(({ kind }) => kind === 'nestedRepository').flatMap(({ paths }) => paths);
    assert.deepEqual(found.toSorted(), ['deep/er/empty', 'empty', 'src', 'src/full']);
  });

  it('is found out when it works inside a submodule, whether that was filled or not', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const library = at.here.folder('library');
    gitIn(library, ['init', '-q']);
    writeFiles(library, { 'lib.txt': 'lib\n' });
    gitIn(library, ['add', '-A']);
    agentCommits(library);
    at.here.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor/lib');
    const base = at.here.commit({}, 'with a submodule');
    const order = await attempt(at.repo, base);
    const inside = async () => (await taken(at.repo, order, { integration })).findings;
    const integration = { ref: INTEGRATION, isKnown: () => true };
    assert.deepEqual(await inside(), []);
    writeFiles(order.path, { 'vendor/lib/new.txt': 'work\n', 'a.txt': 'two\n' });
    assert.deepEqual(
      (await inside()).map(({ kind, paths }) => [kind, paths]),
      [['unreadable', ['vendor/lib']]],
    );
    rmSync(join(order.path, 'vendor/lib/new.txt'));
    gitIn(order.path, ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update']);
    assert.deepEqual(await inside(), []);
    writeFiles(order.path, { 'vendor/lib/lib.txt': 'changed\n' });
    assert.deepEqual(
      (await inside()).map(({ kind, paths }) => [kind, paths]),
      [['unreadable', ['vendor/lib']]],
    );
  });

  it('is found out when a link leads out, by its text or by way of another', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'a/b/c/x': '' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, {
      absolute: { link: '/etc/passwd' },
      'a/up': { link: '../../..' },
      git: { link: '.git' },
      'a/b/c/top': { link: '../../..' },
      sly: { link: 'a/b/c/top/..' },
      fine: { link: 'a/b' },
      loop: { link: 'loop' },
    });
    const result = await taken(at.repo, order);
    assert.deepEqual(
      result.findings.map(({ kind, paths }) => [kind, paths]),
      [['symlinkOutside', ['a/up', 'absolute', 'git', 'sly']]],
    );
  });

  it('is found out when git cannot take what lies there, and is taken whole whatever its line ends', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    for (const setting of ['core.autocrlf', 'core.safecrlf']) at.here.git('config', setting, 'true');
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'two\n', 'b.txt': 'mixed\r\nends\n' });
    assert.deepEqual((await taken(at.repo, order)).paths, ['a.txt', 'b.txt']);
    writeFiles(order.path, { '.gitattributes': '*.txt text working-tree-encoding=UTF-16\n' });
    const { commit, findings } = await taken(at.repo, order);
    assert.equal(commit, null);
    assert.deepEqual(
      findings.map(({ kind }) => kind),
      ['unreadable'],
    );
    assert.match(findings[0]?.detail ?? '', /^Git cannot take what lies in the worktree: .*a\.txt/);
  });

  it('is found out when it leaves what may not be read, a file or a folder', async () => {
    await using at = await start({ 'a.txt': 'one\n', 'kept/b.txt': 'one\n' });
    await asOwner(at.here, async () => {
      const order = await attempt(at.repo, at.base);
      writeFiles(order.path, { 'kept/new.txt': 'work\n' });
      chmodSync(join(order.path, 'kept'), 0);
      const folder = await taken(at.repo, order);
      assert.deepEqual([kinds(folder), folder.findings[0]?.paths], [['unreadable'], ['kept']]);
      chmodSync(join(order.path, 'kept'), 0o755);
      chmodSync(join(order.path, 'a.txt'), 0);
      assert.deepEqual(kinds(await taken(at.repo, order)), ['unreadable']);
    });
  });

  it('is not blamed for a repository into which nothing can be written', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    await asOwner(at.here, async () => {
      const order = await attempt(at.repo, at.base);
      writeFiles(order.path, { 'a.txt': 'two\n' });
      const objects = join(at.repo.commonDir, 'objects');
      // Another object would find its folder there; that of `two` has none.
      for (let n = 0; n < 256; n += 1)
        if (n !== 0xf7) mkdirSync(join(objects, n.toString(16).padStart(2, '0')), { recursive: true });
      chmodSync(objects, 0o500);
      const failure = failureOf(await takeResult(at.repo, resultOrder(order)));
      chmodSync(objects, 0o755);
      assert.equal(failure.kind, 'git');
    });
  });

  it('is found out when it makes the tests say yes', async () => {
    const before = JSON.stringify({ scripts: { test: 'mocha' }, version: '1' });
    await using at = await start({ 'package.json': before, 'lib/package.json': '{}', 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'package.json': JSON.stringify({ scripts: { test: 'mocha' }, version: '2' }) });
    assert.deepEqual(kinds(await taken(at.repo, order)), []);
    writeFiles(order.path, { 'package.json': JSON.stringify({ scripts: { test: 'true' } }) });
    assert.deepEqual(kinds(await taken(at.repo, order)), ['gateDefining']);
    assert.deepEqual(kinds(await taken(at.repo, order, { scope: ['package.json'] })), []);
  });

  for (const path of [
    'orchestrate.yaml',
    '.gitattributes',
    'sub/.gitattributes',
    '.gitmodules',
    '.github/workflows/ci.yml',
    '.gitlab-ci.yml',
    '.circleci/config.yml',
    'jest.config.ts',
    'packages/x/vitest.config.mts',
    '.mocharc.json',
    'pytest.ini',
    'tox.ini',
    '.husky/pre-commit',
    'Makefile',
  ]) {
    it(`is found out when it changes ${path}`, async () => {
      await using at = await start({ 'a.txt': 'one\n' });
      const order = await attempt(at.repo, at.base);
      writeFiles(order.path, { [path]: '\n' });
      assert.deepEqual(kinds(await taken(at.repo, order)), ['gateDefining']);
    });
  }

  it('is found out when it writes outside its scope', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'src/a/x.ts': '', 'src/.hidden': '', 'lib/b.ts': '', 'lib/b.js': '', 'docs[1]/x': '' });
    const result = await taken(at.repo, order, { scope: ['src', 'lib/*.ts', 'docs[1]'] });
    assert.deepEqual(
      result.findings.map(({ kind, paths }) => [kind, paths]),
      [['outsideScope', ['lib/b.js']]],
    );
    const without = await taken(at.repo, order, { scope: ['src', '!src/a', 'lib', 'docs[1]'] });
    assert.deepEqual(
      without.findings.map(({ kind, paths }) => [kind, paths]),
      [['outsideScope', ['src/a/x.ts']]],
    );
  });

  it('is found out when it moves integration', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    const next = at.here.commit({ 'x.txt': 'x' });
    gitIn(order.path, ['update-ref', INTEGRATION, next]);
    assert.deepEqual(kinds(await taken(at.repo, order)), ['refsMoved']);
    gitIn(order.path, ['update-ref', '-d', INTEGRATION]);
    assert.deepEqual(kinds(await taken(at.repo, order)), ['refsMoved']);
  });

  const steering: [string, string, (root: string, path: string) => void][] = [
    ['core.hooksPath', 'configChanged', (_, path) => gitIn(path, ['config', 'core.hooksPath', '/tmp/evil'])],
    ['a filter', 'configChanged', (_, path) => gitIn(path, ['config', 'filter.x.clean', 'touch pwned; cat'])],
    [
      'a section after a branch on one line',
      'configChanged',
      (root) => append(root, '.git/config', '[branch "x"] [core]\n\thooksPath = /tmp/evil\n'),
    ],
    ['info/attributes', 'configChanged', (root) => append(root, '.git/info/attributes', '* merge=union\n')],
    ['info/exclude', 'configChanged', (root) => append(root, '.git/info/exclude', '*.ts\n')],
    ['info/grafts', 'configChanged', (root) => append(root, '.git/info/grafts', '0'.repeat(40))],
    ['the .git of its worktree', 'configChanged', (_, path) => append(path, '.git', 'x')],
    ['a hook', 'hooksChanged', (root) => append(root, '.git/hooks/pre-commit', '#!/bin/sh\n')],
  ];
  for (const [what, kind, tamper] of steering) {
    it(`is found out when it changes ${what}, and git is not run on what it left`, async () => {
      await using at = await start({ 'a.txt': 'one\n' });
      const order = await attempt(at.repo, at.base);
      writeFiles(order.path, { 'a.txt': 'two\n', '.gitattributes': '* filter=x\n' });
      tamper(at.here.root, order.path);
      const result = await taken(at.repo, order);
      assert.deepEqual([result.commit, kinds(result)], [null, [kind]]);
    });
  }

  it("is found out when it changes git's sample of a hook beside one that may use it, and not where there is none", async () => {
    const withHook = async (hook: boolean): Promise<string[]> => {
      await using at = await start({ 'a.txt': 'one\n' });
      if (hook) append(at.here.root, '.git/hooks/pre-commit', '. .git/hooks/x.sample\n');
      append(at.here.root, '.git/hooks/x.sample', 'true\n');
      const order = await attempt(at.repo, at.base);
      writeFiles(order.path, { 'a.txt': 'two\n' });
      append(at.here.root, '.git/hooks/x.sample', 'false\n');
      return kinds(await taken(at.repo, order));
    };
    assert.deepEqual([await withHook(true), await withHook(false)], [['hooksChanged'], []]);
  });

  it('is not accused when an editor or a push writes about branches and remotes', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    gitIn(order.path, ['config', 'branch.main.vscode-merge-base', 'origin/main']);
    gitIn(order.path, ['remote', 'add', 'origin', 'https://example.org/x.git']);
    await attempt(at.repo, at.base, { name: 'another', path: join(at.here.root, '.worktrees', 'another') });
    assert.deepEqual(kinds(await taken(at.repo, order)), []);
  });

  it('is not accused of what git writes as it tidies up', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    gitIn(at.here.root, ['gc', '--quiet']);
    append(at.here.root, '.git/info/refs_WtVKpO', 'as long as it is being written\n');
    assert.deepEqual(kinds(await taken(at.repo, order)), []);
  });

  it('cannot lead git into a repository of its own', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    rmSync(join(order.path, '.git'));
    gitIn(order.path, ['init', '-q']);
    assert.deepEqual(kinds(await taken(at.repo, order)), ['configChanged']);
  });

  it('cannot make us run without its record: a broken HEAD is a finding', async () => {
    await using at = await start({ 'a.txt': 'one\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(join(at.here.root, '.git/worktrees/task-1'), { HEAD: 'nonsense' });
    writeFiles(order.path, { 'a.txt': 'two\n' });
    const result = await taken(at.repo, order);
    assert.deepEqual([kinds(result), result.paths], [['headMoved'], ['a.txt']]);
  });
});

describe('a result in a repository of its own kind', () => {
  it('with SHA-256', async () => {
    await using at = await start({ 'a.txt': 'one\n' }, { init: ['--object-format=sha256'] });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'a.txt': 'two\n' });
    assert.equal((await taken(at.repo, order)).commit?.length, 64);
  });

  it('opened in a linked worktree', async () => {
    await using here = TemporaryRepository.with({ 'a.txt': 'one\n' });
    const side = join(here.root, '..', 'side');
    here.git('worktree', 'add', '-q', side, '-b', 'side');
    const repo = await openRepository(side);
    assert.ok(repo.ok && repo.value.root === side && repo.value.commonDir === join(here.root, '.git'));
    here.git('update-ref', INTEGRATION, here.head());
    const order = await attempt(repo.value, here.head());
    writeFiles(order.path, { 'a.txt': 'two\n' });
    assert.deepEqual((await taken(repo.value, order)).paths, ['a.txt']);
    assert.equal(gitIn(side, ['status', '--porcelain']), '');
  });
});

function append(root: string, path: string, text: string): void {
  writeFiles(root, { [path]: (existsSync(join(root, path)) ? read(root, path) : '') + text });
}
