import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSession } from '../../../src/engine/session.ts';
import { Children } from '../../rig/children.ts';
import { gitIn, TemporaryRepository } from '../../rig/repository.ts';
import { approve, assertEnded, PLAN, RunRig, taskOf, worktrees } from '../../rig/run.ts';

const task = (id: string, line: string, more = ''): string =>
  `  - { id: ${JSON.stringify(id)}, title: T, run: ${JSON.stringify(line)}${more} }\n`;
const TASKS = task('a', 'echo a > a.txt') + task('b', 'cat a.txt > b.txt', ', dependencies: [a]');

/** A hook that, fired, leaves a mark and would hang. */
function plantHook(rig: RunRig, name: string): string {
  const mark = join(rig.root, '..', `fired-${name}`);
  const file = join(rig.root, '.git', 'hooks', name);
  mkdirSync(join(rig.root, '.git', 'hooks'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho x > '${mark}'\nexec sleep 1000\n`);
  chmodSync(file, 0o755);
  return mark;
}

/** The run is started in `root`, another checkout than the main one where it is given. */
async function merges(rig: RunRig, root?: string): Promise<RunSession> {
  const session = await rig.run(root);
  assertEnded(session, 'merged');
  assert.equal(rig.merged(session, 'b.txt'), 'a\n');
  assert.equal(rig.repository.git('rev-parse', session.state.branch ?? ''), session.state.integration);
  assert.deepEqual(worktrees(rig.root), []);
  return session;
}

/** Resolves when a folder has so many entries. */
function entries(folder: string, many: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (readdirSync(folder).length < many) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(folder, look);
    look();
  });
}

describe('a run ends well', () => {
  let children: Children;
  beforeEach(async () => {
    children = await Children.open();
  });
  afterEach(() => children.close());

  it('in a dirty checkout, and leaves the dirt as it was', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    rig.repository.write({ 'README.md': 'mine\n', 'a.txt': 'also mine\n' });
    rig.repository.git('add', 'README.md');
    await merges(rig);
    assert.equal(readFileSync(join(rig.root, 'a.txt'), 'utf8'), 'also mine\n');
    assert.match(rig.repository.git('status', '--porcelain'), /^M {2}README\.md/m);
  });

  it('on a detached HEAD', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    rig.repository.git('checkout', '--quiet', '--detach');
    await merges(rig);
  });

  it('beside a branch that is called orchestrate', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    rig.repository.git('branch', 'orchestrate');
    await merges(rig);
  });

  it('beside a branch of the name of its result, even one that is checked out', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    rig.repository.git('checkout', '--quiet', '-b', 'orchestrate/p');
    const before = rig.repository.head();
    await merges(rig);
    assert.equal(rig.repository.head(), before);
  });

  it('in a checkout that is a linked worktree itself, and leaves the main one alone', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    const linked = join(rig.root, '..', 'linked');
    rig.repository.git('worktree', 'add', '-q', '-b', 'side', linked);
    await merges(rig, linked);
    assert.deepEqual(worktrees(linked), []);
    assert.equal(rig.repository.git('status', '--porcelain'), '');
    assert.match(gitIn(linked, ['status', '--porcelain']), /^M docs\/plan\/p\/plan\.yaml$/);
  });

  it('with a submodule, which stays at its commit', async () => {
    await using other = TemporaryRepository.with({ 'lib.txt': 'library\n' });
    await using rig = new RunRig({ tasks: TASKS });
    rig.repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.root, 'lib');
    rig.repository.git('commit', '-q', '-m', 'a library');
    const session = await merges(rig);
    assert.match(rig.repository.git('ls-tree', session.state.integration, 'lib'), new RegExp(`commit ${other.head()}`));
    assert.equal(rig.repository.git('submodule', 'status').trim().split(' ')[0], other.head());
  });

  it('with 64 tasks at work at once', async () => {
    const ids = Array.from({ length: 64 }, (_, index) => `t${index}`);
    // Each says that it began, then waits at a pipe that the test opens when all have.
    const line = (id: string): string => `: > ../../../began/${id}; read go < ../../../go; echo ${id} > ${id}.txt`;
    const tasks = ids.map((id) => task(id, line(id), `, scope: [${id}.txt]`)).join('');
    await using rig = new RunRig({ tasks, config: 'agents: { default: shell }\nlimits: { agents: 64 }\n' });
    const began = rig.repository.folder('began');
    execFileSync('mkfifo', [join(began, '..', 'go')]);
    await using go = await open(join(began, '..', 'go'), 'r+');
    const session = await rig.open();
    await approve(session);
    await entries(began, ids.length);
    await go.write('\n'.repeat(ids.length));
    await session.atRest();
    assertEnded(session, 'merged');
    for (const id of ids) assert.equal(rig.merged(session, `${id}.txt`), `${id}\n`);
    assert.ok([...session.state.tasks.values()].every(({ attempts }) => attempts.length === 1));
    assert.deepEqual(worktrees(rig.root), []);
  }).timeout(120_000);

  it('with hooks that would fire or hang', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    const marks = ['reference-transaction', 'post-checkout', 'post-index-change', 'pre-commit'].map((name) =>
      plantHook(rig, name),
    );
    await merges(rig);
    assert.deepEqual(
      marks.filter((mark) => existsSync(mark)),
      [],
    );
  });

  it('with a hostile .gitattributes', async () => {
    const files = { '.gitattributes': '* text eol=crlf filter=evil merge=evil diff=evil ident\n' };
    await using rig = new RunRig({ tasks: TASKS, files });
    rig.repository.git('config', 'merge.evil.driver', 'false');
    await merges(rig);
  });

  it('with ids of every kind', async () => {
    const ids = ['a/b', '..', 'with space', 'ünï-cödé', '测试', 'x'.repeat(300), '-rf', 'a.lock', '$(touch pwned)'];
    const tasks = ids.map((id, index) => task(id, `echo ${index} > f${index}.txt`)).join('');
    await using rig = new RunRig({ tasks });
    const session = await rig.run();
    assertEnded(session, 'merged');
    for (const index of ids.keys()) assert.equal(rig.merged(session, `f${index}.txt`), `${index}\n`);
    assert.deepEqual(worktrees(rig.root), []);
  });

  it('beside a run of the same plan in another repository, whose agents are none of its own', async () => {
    const tasks = task('a', `${children.line} && echo a > a.txt`);
    await using rig = new RunRig({ tasks });
    await using other = new RunRig({ tasks });
    const session = await rig.open();
    await approve(session);
    const first = await children.next();
    const beside = await other.open();
    await approve(beside);
    const second = await children.next();
    await first.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
    await second.exit(0);
    await beside.atRest();
    assertEnded(beside, 'merged');
    assert.equal(children.count, 2);
  });

  it('beside a run of another plan, whose states are no stray writes', async () => {
    await using rig = new RunRig({ tasks: task('a', `${children.line} && echo a > a.txt`) });
    const other = 'docs/plan/q/plan.yaml';
    const lines = `plan_id: q\nobjective: Another\ntasks:\n${task('z', 'echo z > z.txt')}${task('y', 'exit 3')}`;
    rig.repository.commit({
      [other]: lines,
      'orchestrate.yaml': `agents: { default: shell }\nlimits: { retries: 0 }\n`,
    });
    const session = await rig.open();
    await approve(session);
    const child = await children.next();
    const beside = await rig.open(await rig.create(rig.root, other));
    await approve(beside);
    await beside.atRest();
    await beside.dispose();
    assert.match(readFileSync(join(rig.root, other), 'utf8'), /status: completed/);
    assert.equal(readdirSync(join(rig.root, 'docs/plan/q/logs')).length, 1);
    rig.repository.write({ 'mine.txt': 'x\n' });
    await child.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
    const { result } = taskOf(session.state, 'a').attempts[0] ?? {};
    assert.deepEqual(
      result?.findings.map(({ kind, paths }) => [kind, paths]),
      [['strayWrites', ['mine.txt']]],
    );
  });

  it('while the user commits, changes branch and edits the plan; that is said once and nothing is lost', async () => {
    await using rig = new RunRig({
      tasks: task('a', `${children.line} && echo a > a.txt`) + task('b', 'cat a.txt > b.txt', ', dependencies: [a]'),
    });
    const session = await rig.open();
    await approve(session);
    const child = await children.next();
    rig.repository.commit({ 'mine.txt': 'x\n' }, 'mine');
    rig.repository.git('checkout', '--quiet', '-b', 'elsewhere');
    const edited = `${readFileSync(join(rig.root, PLAN), 'utf8')}# mine\n`;
    writeFileSync(join(rig.root, PLAN), edited);
    await child.exit(0);
    await session.atRest();
    await session.dispose();
    assertEnded(session, 'merged');
    assert.equal(readFileSync(join(rig.root, PLAN), 'utf8'), edited);
    assert.equal(session.findings.filter((finding) => finding.includes('not written back')).length, 1);
    assert.equal(rig.repository.git('branch', '--show-current'), 'elsewhere');
  });

  it('while the user is on another branch for a while, and its states are written when they are back', async () => {
    await using rig = new RunRig({
      tasks:
        task('a', `${children.line} && echo a > a.txt`) +
        task('b', `${children.line} && echo b > b.txt`, ', dependencies: [a]'),
    });
    const session = await rig.open();
    await approve(session);
    const first = await children.next();
    rig.repository.git('stash', '--quiet', '--include-untracked');
    rig.repository.git('checkout', '--quiet', '-b', 'elsewhere');
    await first.exit(0);
    const second = await children.next();
    rig.repository.git('checkout', '--quiet', '-');
    rig.repository.git('stash', 'pop', '--quiet');
    await second.exit(0);
    await session.atRest();
    await session.dispose();
    assertEnded(session, 'merged');
    assert.match(readFileSync(join(rig.root, PLAN), 'utf8'), /status: completed[\s\S]*status: completed/);
  });
});
