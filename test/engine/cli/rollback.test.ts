import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Children } from '../../rig/children.ts';
import { PLAN, processesOf, RunRig, worktrees } from '../../rig/run.ts';
import { START, startsIn } from '../../rig/starts.ts';
import { CommandLine, orchestrate } from './command-line.ts';

const line = (id: string, run: string, more = ''): string =>
  `  - { id: ${id}, title: ${id}, scope: [${id}.txt], run: ${JSON.stringify(`${START}; ${run}`)}${more} }\n`;
/** `a` and `b` are merged together; `c` stands on `a`; `d` comes after both without needing either. */
const TASKS =
  line('a', 'echo a > a.txt') +
  line('b', 'echo b > b.txt') +
  line('c', 'cat a.txt > c.txt', ', dependencies: [a], wave: 2') +
  line('d', 'ls *.txt > d.txt', ', wave: 2');
const CONFIG = 'agents: { default: shell }\ngates: { there: { run: "test -e README.md", on: [wave] } }\n';
const RUN = 'p-f50c43ef-1';

async function told(root: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await orchestrate(root, ...words);
  assert.equal(code, 0, stderr);
  return stdout;
}

const statesIn = (root: string): string[] =>
  [...readFileSync(join(root, PLAN), 'utf8').matchAll(/status: (\w+)/g)].map(([, word = '']) => word);

describe('orchestrate rollback', () => {
  it('takes back a task and what stands on it, says so beforehand, and keeps the rest', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG });
    const { repository, root } = rig;
    await told(root, 'run', '--yes');
    const before = repository.git('rev-parse', 'orchestrate/p').trim();
    const dry = await told(root, 'rollback', 'a', '--dry-run');
    assert.match(
      dry,
      /from the start: a, c\n.*as it is: b\n.*gates alone: d\n.*refs\/orchestrate\/runs\/p-\S+\/undone\/1/,
    );
    const unsaid = await orchestrate(root, 'rollback', 'a');
    assert.equal(unsaid.code, 3);
    assert.match(unsaid.stderr, /Nothing is taken back\. Say yes with --yes/);
    assert.equal(repository.git('rev-parse', 'orchestrate/p').trim(), before);

    const done = await told(root, 'rollback', 'a', '--yes', '-m', 'in capitals');
    assert.match(done, /Do it again with: orchestrate resume/);
    assert.deepEqual(repository.git('ls-tree', '--name-only', 'orchestrate/p').match(/\b\w\.txt/g), null);
    assert.equal(repository.git('rev-parse', `refs/orchestrate/runs/${RUN}/undone/1`).trim(), before);
    assert.deepEqual(statesIn(root), ['pending', 'in_progress', 'pending', 'pending']);
    assert.match(await told(root, 'status'), /taken back by a person: a/);

    await told(root, 'resume');
    assert.deepEqual(startsIn(root), { a: 2, b: 1, c: 2, d: 1 }, 'what stays needs no agent');
    assert.deepEqual(repository.git('ls-tree', '--name-only', 'orchestrate/p').match(/\b\w\.txt/g), [
      'a.txt',
      'b.txt',
      'c.txt',
      'd.txt',
    ]);
    assert.deepEqual(statesIn(root), ['completed', 'completed', 'completed', 'completed']);
    assert.deepEqual(worktrees(root), []);
  });

  it('takes back a wave, and refuses what is not there', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG });
    await told(rig.root, 'run', '--yes');
    for (const [words, why] of [
      [['x'], /no task "x"/],
      [['wave'], /There are 1, 2/],
      [['wave', '7'], /There are 1, 2/],
    ] as const) {
      const { code, stderr } = await orchestrate(rig.root, 'rollback', ...words);
      assert.equal(code, 2);
      assert.match(stderr, why);
    }
    await told(rig.root, 'rollback', 'wave', '2', '--yes');
    assert.deepEqual(rig.repository.git('ls-tree', '--name-only', 'orchestrate/p').match(/\b\w\.txt/g), [
      'a.txt',
      'b.txt',
    ]);
  });

  it('with cancel stops everything, leaves the base and no worktree, and keeps what was at work in the trash', async () => {
    const children = await Children.open();
    const tasks =
      line('a', 'echo a > a.txt') + line('b', `echo half > b.txt; ${children.line.replaceAll('\n', ' ')}`, ', wave: 2');
    await using rig = new RunRig({ tasks, config: CONFIG });
    rig.repository.atEnd(() => children.close());
    const run = new CommandLine(rig.root, ['run', '--yes']);
    await children.next();
    await told(rig.root, 'cancel', '--rollback');
    const { code, stdout } = await run.ended;
    assert.equal(code, 130);
    assert.match(stdout, /cancelled by a person, and rolled back/);
    const base = rig.repository.git('rev-parse', 'HEAD').trim();
    assert.equal(rig.repository.git('rev-parse', `refs/orchestrate/runs/${RUN}/integration`).trim(), base);
    assert.deepEqual(worktrees(rig.root), []);
    assert.deepEqual(await processesOf([RUN]), []);
    const report = readFileSync(join(rig.root, 'docs/plan/p/logs', `rollback-${RUN}-1.md`), 'utf8');
    assert.match(report, /undone\/1/);
    assert.match(report, /`a` .*[0-9a-f]{10}/);
    assert.match(report, /`b` .*results\//);
  });
});
