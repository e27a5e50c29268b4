import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Children } from '../../rig/children.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { CLI, PLAN, RunRig } from '../../rig/run.ts';
import { CommandLine, journalLines, orchestrate } from './command-line.ts';

const TWO = `  - { id: a, run: "echo a > a.txt", scope: [a.txt] }
  - { id: b, run: "echo b > b.txt", scope: [b.txt], dependencies: [a], wave: 2 }
`;

describe('orchestrate run', () => {
  it('ends with 0 when everything is merged, and says what and where', async () => {
    await using rig = new RunRig({ tasks: TWO });
    const { code, stdout, stderr } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /✔ Merged: An example/);
    assert.match(stdout, /2 tasks as [0-9a-f]{10}; merged untested: no gate ran on the merged tree/);
    assert.match(stdout, /branch +orchestrate\/p at/);
    assert.match(stdout, /take +git merge orchestrate\/p\n/);
    assert.equal(rig.repository.show('orchestrate/p', 'b.txt'), 'b\n');
  });

  it('ends with 1 when a task failed, and names it, why, and its worktree', async () => {
    await using rig = new RunRig({
      tasks: `  - { id: a, run: "echo boom >&2; exit 7", scope: [a.txt] }\n`,
      config: 'agents: { default: shell }\nlimits: { retries: 0 }\n',
    });
    const { code, stdout } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 1, stdout);
    assert.match(stdout, /✘ Failed: An example\n +1 failed: a/);
    assert.match(stdout, /boom/);
    assert.match(stdout, /worktree +\S+\.worktrees\/a-[0-9a-f]{8} \(a\)/);
  });

  it('ends with 3 when only a person can help and none is here, and goes on when told elsewhere', async () => {
    await using rig = new RunRig({ tasks: TWO });
    const waiting = await orchestrate(rig.root, 'run');
    assert.equal(waiting.code, 3, waiting.stderr);
    assert.match(waiting.stdout, /Approve the plan "An example" \(2 tasks\)\n +orchestrate approve/);
    assert.equal((await orchestrate(rig.root, 'approve')).code, 0);
    const resumed = await orchestrate(rig.root, 'resume');
    assert.equal(resumed.code, 0, resumed.stdout + resumed.stderr);
  });

  it('stays with --wait until another process approves', async () => {
    await using rig = new RunRig({ tasks: TWO });
    const run = new CommandLine(rig.root, ['run', '--wait']);
    await run.said(/run p-/);
    const approved = await orchestrate(rig.root, 'approve');
    assert.equal(approved.code, 0, approved.stderr);
    const { code, stdout } = await run.ended;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /the plan is approved/);
  });

  it('ends with 1 when the plan is rejected', async () => {
    await using rig = new RunRig({ tasks: TWO });
    const run = new CommandLine(rig.root, ['run', '--wait']);
    await run.said(/run p-/);
    assert.equal((await orchestrate(rig.root, 'reject', '--comment', 'not like this')).code, 0);
    const { code, stdout } = await run.ended;
    assert.equal(code, 1);
    assert.match(stdout, /✘ Rejected: An example\n +not like this/);
  });

  it('ends with 2 on a bad plan, with the place of every mistake', async () => {
    await using rig = new RunRig({ tasks: `  - { id: a, run: x, dependencies: [b] }\n  - { title: no id }\n` });
    const { code, stderr, stdout } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^docs\/plan\/p\/plan\.yaml:4:\d+: .*"b", which is no task/m);
    assert.match(stderr, /^docs\/plan\/p\/plan\.yaml:5:\d+: Task 2 has no id/m);
  });

  for (const [what, words, says] of [
    ['arguments', ['run', '--mood', 'x'], /no option --mood.*--mode/s],
    ['a plan that is not there', ['run', 'nothing'], /There is no plan "nothing"/],
    ['a number of agents', ['run', '--agents', 'many'], /--agents is a whole number/],
    ['a run', ['status', 'nothing'], /There is no run in this repository yet/],
    ['a command', ['fly'], /there is no command "fly"/],
  ] as const) {
    it(`ends with 2 on bad input: ${what}`, async () => {
      await using rig = new RunRig({ tasks: TWO });
      const { code, stderr } = await orchestrate(rig.root, ...words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /^ +at /m, 'a stack');
    });
  }

  it('ends with 2 where the plan is a pipe, which would never end, or the folder a file', async () => {
    await using rig = new RunRig({ tasks: TWO });
    execFileSync('mkfifo', [join(rig.root, 'pipe.yaml')]);
    const pipe = await orchestrate(rig.root, 'run', 'pipe.yaml', '--yes');
    assert.deepEqual([pipe.code, pipe.stderr], [2, 'orchestrate: pipe.yaml is no file.\n']);
    const nowhere = await orchestrate(rig.root, '-C', 'nowhere', 'status');
    assert.match(nowhere.stderr, /There is no folder ".*nowhere"/);
    const file = await orchestrate(rig.root, '-C', 'README.md', 'status');
    assert.equal(file.code, 2);
    assert.match(file.stderr, /^orchestrate: .*README\.md is not inside a git repository/);
  });

  it('ends with 2 where the plan lies outside the repository, and says so', async () => {
    await using rig = new RunRig({ tasks: TWO });
    const outside = join(rig.repository.folder('elsewhere'), 'plan.yaml');
    copyFileSync(join(rig.root, PLAN), outside);
    const { code, stderr } = await orchestrate(rig.root, 'run', outside, '--yes');
    assert.equal(code, 2);
    assert.match(stderr, /elsewhere.plan\.yaml lies outside the repository .*Copy it to docs/);
  });

  it('ends with 2 where the folder it is called in was deleted', async () => {
    await using rig = new RunRig({ tasks: TWO });
    const line = `mkdir gone && cd gone && rmdir ../gone && exec "${process.execPath}" "${CLI}" status`;
    const { status, stderr } = spawnSync('sh', ['-c', line], { cwd: rig.root, encoding: 'utf8' });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^orchestrate: the folder you are in is not there any more\./);
  });

  it('ends with 2 where there is no repository, or none with a commit', async () => {
    await using repository = TemporaryRepository.empty();
    const empty = await orchestrate(repository.root, 'run');
    assert.equal(empty.code, 2);
    assert.match(empty.stderr, /no commit yet/);
    const nowhere = await orchestrate(repository.folder('nowhere'), 'run');
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /not inside a git repository/);
  });

  it('takes a plan of 10,000 tasks', async () => {
    const line = (at: number): string =>
      `  - { id: t${at}, run: "echo ${at}", scope: [${at}.txt], wave: ${1 + (at >> 8)} }\n`;
    await using rig = new RunRig({ tasks: Array.from({ length: 10_000 }, (_, at) => line(at)).join('') });
    const checked = await orchestrate(rig.root, 'validate', 'p');
    assert.equal(checked.code, 0, checked.stderr);
    const waiting = await orchestrate(rig.root, 'run');
    assert.equal(waiting.code, 3, waiting.stderr);
    assert.match(waiting.stdout, /Approve the plan "An example" \(10000 tasks\)/);
    const cancelled = await orchestrate(rig.root, 'cancel');
    assert.equal(cancelled.code, 0, cancelled.stderr);
  });

  it('ends with 2 in a bare repository', async () => {
    await using repository = TemporaryRepository.with({ 'a.txt': 'one\n' });
    const bare = join(repository.folder('beside'), 'bare.git');
    repository.git('clone', '-q', '--bare', repository.root, bare);
    const { code, stderr } = await orchestrate(bare, 'run');
    assert.equal(code, 2);
    assert.match(stderr, /is a bare repository: open a checkout of it/);
  });

  it('takes a plan by path from a folder below, through a link, by id, and finds the only one', async () => {
    await using rig = new RunRig({ tasks: TWO });
    symlinkSync(rig.root, join(rig.repository.folder('links'), 'here'));
    for (const [cwd, named] of [
      [join(rig.root, 'docs'), 'plan/p/plan.yaml'],
      [join(rig.repository.folder('links'), 'here'), PLAN],
      [rig.root, 'p'],
      [rig.root],
    ] as const) {
      const { code, stderr } = await orchestrate(cwd, 'validate', ...(named === undefined ? [] : [named]));
      assert.equal(code, 0, stderr);
    }
    const away = await orchestrate(rig.repository.folder('away'), 'validate', '-C', rig.root);
    assert.equal(away.code, 0, away.stderr);
    rig.repository.write({ 'docs/plan/q/plan.yaml': 'plan_id: q\n' });
    for (const command of ['run', 'validate']) {
      const two = await orchestrate(rig.root, command);
      assert.equal(two.code, 2);
      assert.match(two.stderr, /There are 2 plans; name one:\n {2}docs\/plan\/p\/plan\.yaml/);
    }
  });

  it('prints the journal and nothing else with --json', async () => {
    await using rig = new RunRig({ tasks: TWO });
    const { code, stdout, stderr } = await orchestrate(rig.root, 'run', '--yes', '--json');
    assert.equal(code, 0, stderr);
    const printed = stdout.trimEnd().split('\n');
    const journal = journalLines(rig.root);
    assert.deepEqual(printed, journal.slice(0, printed.length));
    assert.ok(journal.slice(printed.length).every((line) => line.includes('"writer.released"')));
    assert.ok(printed.some((line) => line.includes('"run.ended"')));
    const log = await orchestrate(rig.root, 'log', '--json');
    assert.deepEqual(log.stdout.trimEnd().split('\n'), journal);
  });

  it('shows nothing that a plan or an agent could do to the terminal', async () => {
    await using rig = new RunRig({
      tasks: `  - { id: a, title: "x\\e[2Jy\\u202ez", run: "printf '\\\\033]0;title\\\\007boo'; exit 1", scope: [a.txt] }\n`,
      config: 'agents: { default: shell }\nlimits: { retries: 0 }\n',
    });
    const { stdout, stderr } = await orchestrate(rig.root, 'run', '--yes');
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.match(stdout, /boo/);
  });
});

describe('Ctrl+C without a terminal', () => {
  it('stops the agents of a run that is driven here, and ends with 130', async () => {
    await using rig = new RunRig({ tasks: '' });
    const { run, child } = await atWork(rig);
    run.signal('SIGINT');
    const { code, stdout } = await run.ended;
    assert.equal(code, 130, stdout);
    assert.match(stdout, /✘ Cancelled/);
    assert.equal(await child.isAlive(), false);
  });

  for (const [signal, words] of [
    ['SIGINT', ['--on-interrupt', 'leave']],
    ['SIGTERM', []],
  ] as const) {
    it(`leaves them running on ${signal} ${words.join(' ')}, and a later session finds them`, async () => {
      await using rig = new RunRig({ tasks: '' });
      const { run, child, children } = await atWork(rig, words);
      run.signal(signal);
      const { code, stderr } = await run.ended;
      assert.equal(code, 130, stderr);
      assert.match(stderr, /orchestrate resume p-/);
      assert.equal(await child.isAlive(), true);
      const resumed = new CommandLine(rig.root, ['resume']);
      await resumed.said(/run p-/);
      await child.exit(0);
      const end = await resumed.ended;
      assert.equal(end.code, 0, end.stdout + end.stderr);
      assert.equal(children.count, 1, 'the agent ran once');
    });
  }
});

describe('output that nobody takes', () => {
  it('leaves a run that is attended, which is not merged by that: its agents go on', async () => {
    await using rig = new RunRig({ tasks: '' });
    const { run, child } = await atWork(rig);
    run.closeOutput();
    assert.equal((await orchestrate(rig.root, 'pause')).code, 0);
    assert.equal((await run.ended).code, 130);
    assert.equal(await child.isAlive(), true);
    const resumed = new CommandLine(rig.root, ['resume']);
    await resumed.said(/run p-/);
    await child.exit(0);
    assert.equal((await resumed.ended).code, 0);
  });

  it('for want of room is said in words, and is a failure', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'help'], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    assert.deepEqual(
      [status, stderr.toString()],
      [1, 'orchestrate: cannot write the output: ENOSPC: no space left on device, write\n'],
    );
  });
});

/** A run with one agent, which is at work. */
async function atWork(rig: RunRig, words: readonly string[] = []) {
  const children = await Children.open();
  rig.repository.atEnd(() => children.close());
  rig.repository.write({ [PLAN]: childPlan(children) });
  const run = new CommandLine(rig.root, ['run', '--yes', ...words]);
  return { run, children, child: await children.next() };
}

/** One task whose agent does what the test says, after it changed something. */
const childPlan = (children: Children): string =>
  `plan_id: p\nobjective: An example\ntasks:\n  - id: a\n    scope: [a.txt]\n    agent: shell\n    run: ${JSON.stringify(`echo a > a.txt; ${children.line.replaceAll('\n', ' ')}`)}\n`;
