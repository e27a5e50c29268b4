import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Children } from '../../rig/children.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { RunRig } from '../../rig/run.ts';
import { CommandLine, orchestrate } from './command-line.ts';

const statusSchema = z.object({
  run: z.string(),
  state: z.string(),
  outcome: z.string().optional(),
  tasks: z.array(
    z.object({ id: z.string(), status: z.string(), attempts: z.number(), worktree: z.string().optional() }),
  ),
  attention: z.array(z.object({ id: z.string(), commands: z.array(z.string()) })),
});

async function statusOf(root: string): Promise<z.infer<typeof statusSchema>> {
  const { stdout, stderr } = await orchestrate(root, 'status', '--json');
  assert.ok(stdout, stderr);
  return statusSchema.parse(JSON.parse(stdout));
}

const told = async (root: string, ...words: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await orchestrate(root, ...words);
  assert.equal(code, 0, stderr);
  return stdout;
};

const childLine = (children: Children, before: string): string =>
  JSON.stringify(`${before}; ${children.line.replaceAll('\n', ' ')}`);

describe('a second terminal', () => {
  it('sees a run that the first one drives, and skips a task of it', async () => {
    const children = await Children.open();
    await using rig = new RunRig({
      tasks: `  - { id: a, scope: [a.txt], run: ${childLine(children, 'echo a > a.txt')} }
  - { id: b, scope: [b.txt], run: "echo b > b.txt", wave: 2 }
`,
    });
    rig.repository.atEnd(() => children.close());
    const run = new CommandLine(rig.root, ['run', '--yes']);
    const child = await children.next();
    const seen = await statusOf(rig.root);
    assert.deepEqual(
      seen.tasks.map(({ status }) => status),
      ['running', 'pending'],
    );
    assert.match(await told(rig.root, 'status'), /● a +running/);
    const second = new CommandLine(rig.root, ['run', '--yes']);
    await second.said(/run p-/);
    assert.match(await told(rig.root, 'skip', 'b', '-m', 'not needed'), /skip b: noted/);
    await child.exit(0);
    const ends = await Promise.all([run.ended, second.ended]);
    assert.deepEqual(
      ends.map(({ code }) => code),
      [0, 0],
      ends.map(({ stderr }) => stderr).join('\n'),
    );
    assert.equal(children.count, 1, 'the agent ran once');
    assert.deepEqual(
      (await statusOf(rig.root)).tasks.map(({ status }) => status),
      ['done', 'skipped'],
    );
  });

  it('has it begin more agents at once, and is told what stays as the run began', async () => {
    const children = await Children.open();
    await using rig = new RunRig({
      tasks: `  - { id: a, scope: [a.txt], run: ${childLine(children, 'echo a > a.txt')} }
  - { id: b, scope: [b.txt], run: ${childLine(children, 'echo b > b.txt')} }
`,
      config: 'agents: { default: shell }\nlimits: { agents: 1 }\n',
    });
    rig.repository.atEnd(() => children.close());
    const run = new CommandLine(rig.root, ['run', '--yes']);
    const first = await children.next();
    const second = new CommandLine(rig.root, ['run', '--agents', '2', '--mode', 'continuous', '--scope', 'warn']);
    await (await children.next()).exit(0);
    await first.exit(0);
    const { code, stderr } = await second.ended;
    assert.deepEqual([code, (await run.ended).code], [0, 0], stderr);
    assert.match(stderr, /^Warning: run p-\S+ goes on as it began: --mode continuous is not applied\.$/m);
    assert.match(stderr, /cancel this one first: orchestrate cancel p-/);
    assert.match(stderr, /^Up to 2 agents at once from now on in run p-\S+; before: 1\.$/m);
    assert.match(await told(rig.root, 'log'), /up to 2 agents at once from now on/);
  });

  it('takes it up with another number of agents', async () => {
    await using rig = new RunRig({ tasks: `  - { id: a, run: "echo a > a.txt" }\n` });
    assert.equal((await orchestrate(rig.root, 'run')).code, 3);
    assert.match((await orchestrate(rig.root, 'resume', '--agents', 'no')).stderr, /--agents is a whole number/);
    const resumed = await orchestrate(rig.root, 'resume', '--agents', '7', '--yes');
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, /Up to 7 agents at once/);
  });

  it('pauses, resumes and cancels it', async () => {
    const children = await Children.open();
    await using rig = new RunRig({
      tasks: `  - { id: a, scope: [a.txt], run: ${childLine(children, 'echo a > a.txt')} }
  - { id: b, scope: [b.txt], run: ${childLine(children, 'echo b > b.txt')}, wave: 2 }
`,
    });
    rig.repository.atEnd(() => children.close());
    const run = new CommandLine(rig.root, ['run', '--yes', '--wait']);
    const first = await children.next();
    await told(rig.root, 'pause');
    await first.exit(0);
    await run.said(/merged a as/);
    assert.equal((await statusOf(rig.root)).state, 'waiting');
    const resumed = new CommandLine(rig.root, ['resume']);
    await children.next();
    await told(rig.root, 'cancel');
    assert.deepEqual([(await run.ended).code, (await resumed.ended).code], [130, 130]);
    const refused = await orchestrate(rig.root, 'cancel');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /the run has ended/);
  });

  it('cancels it where nobody drives any more: its agents are stopped all the same', async () => {
    const children = await Children.open();
    await using rig = new RunRig({ tasks: `  - { id: a, scope: [a.txt], run: ${childLine(children, 'true')} }\n` });
    rig.repository.atEnd(() => children.close());
    const run = new CommandLine(rig.root, ['run', '--yes', '--on-interrupt', 'leave']);
    const agent = await children.next();
    run.signal('SIGINT');
    await run.ended;
    const { stdout } = await orchestrate(rig.root, 'status');
    assert.match(stdout, /nobody drives now: orchestrate resume/);
    assert.equal(
      (await orchestrate(rig.root, 'pause')).stderr,
      `Nobody drives the run now. Take it up: orchestrate resume p-f50c43ef-1\n`,
    );
    const cancelled = await orchestrate(rig.root, 'cancel');
    assert.equal(cancelled.stdout, `cancel: noted in run p-f50c43ef-1\nno agent is at work any more\n`);
    assert.equal(await agent.isAlive(), false);
  });

  it('retries what failed, with a word to the agent, and the run goes on when it is resumed', async () => {
    await using rig = new RunRig({
      tasks: `  - { id: a, scope: [a.txt], run: 'grep -q "use the force" "$ORCHESTRATE_PROMPT_FILE" && echo a > a.txt' }\n`,
      config: 'agents: { default: shell }\nlimits: { retries: 0 }\n',
    });
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 1);
    const wrong = await orchestrate(rig.root, 'retry', 'aa');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /There is no task "aa"\. Did you mean "a"\?/);
    await told(rig.root, 'retry', 'a', '--comment', 'use the force');
    const { code, stdout } = await orchestrate(rig.root, 'resume');
    assert.equal(code, 0, stdout);
  });

  it('says that a manual task is done', async () => {
    await using rig = new RunRig({ tasks: `  - { id: a, agent: manual, scope: [a.txt] }\n` });
    const { code, stdout } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 3, stdout);
    assert.match(stdout, /orchestrate done a/);
    const [task] = (await statusOf(rig.root)).tasks;
    assert.equal(task?.status, 'waiting');
    rig.repository.write({ [join('.worktrees', (task?.worktree ?? '').split('/').at(-1) ?? '', 'a.txt')]: 'mine\n' });
    await told(rig.root, 'done', 'a');
    assert.equal((await orchestrate(rig.root, 'resume')).code, 0);
    assert.equal(rig.repository.show('orchestrate/p', 'a.txt'), 'mine\n');
  });

  it('names what is asked where an answer is to nothing, and accepts a red base with --baseline also later', async () => {
    await using rig = new RunRig({
      tasks: '  - { id: a, scope: [a.txt], run: "echo a > a.txt" }\n',
      config: 'agents: { default: shell }\ngates: { broken: { run: exit 1, on: [task] } }\n',
    });
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 3);
    const wrong = await orchestrate(rig.root, 'answer', 'broken', 'accept');
    assert.deepEqual([wrong.code, wrong.stderr], [2, 'orchestrate: Nothing that waits is called "broken": baseline\n']);
    const again = await orchestrate(rig.root, 'run', '--baseline');
    assert.equal(again.code, 0, again.stdout + again.stderr);
  });

  it('approves and rejects what a task asks', async () => {
    await using rig = new RunRig({
      tasks: `  - { id: a, run: "echo 'gates: {}' > orchestrate.yaml" }\n  - { id: b, run: "echo 'mode: waves' > orchestrate.yaml", conflicts_with: [a] }\n`,
      config: 'agents: { default: shell }\nlimits: { retries: 0 }\n',
    });
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 3);
    const [question] = (await statusOf(rig.root)).attention;
    assert.match(question?.id ?? '', /^gateDefining:a:1$/);
    assert.match(await told(rig.root, 'approve', 'a'), /answer: noted/);
    assert.equal((await orchestrate(rig.root, 'resume')).code, 3);
    await told(rig.root, 'reject', 'gateDefining:b:1', '--comment', 'leave it');
    const mended = await orchestrate(rig.root, 'resume');
    assert.equal(mended.code, 3, mended.stdout);
    assert.match(mended.stdout, /b: shell is at work, attempt 2/, 'it is mended, which spends no retry');
    assert.match(await told(rig.root, 'log'), /leave it/);
    await told(rig.root, 'skip', 'b');
    assert.equal((await orchestrate(rig.root, 'resume')).code, 0);
    assert.deepEqual(
      (await statusOf(rig.root)).tasks.map(({ status }) => status),
      ['done', 'skipped'],
    );
  });

  it('finds runs by the beginning of their id and by their plan', async () => {
    await using rig = new RunRig({ tasks: `  - { id: a, run: "echo a > a.txt" }\n` });
    await orchestrate(rig.root, 'run', '--yes');
    for (const name of ['p', 'p-', (await statusOf(rig.root)).run]) await told(rig.root, 'status', name);
    const unknown = await orchestrate(rig.root, 'status', 'q');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /There is no run "q"/);
  });
});

describe('orchestrate init', () => {
  it('writes a plan that runs as it is, and never over what is there', async () => {
    await using repository = TemporaryRepository.with({ 'README.md': 'x\n' });
    assert.match(await told(repository.root, 'init'), /wrote orchestrate\.yaml\nwrote docs\/plan\/example\/plan\.yaml/);
    assert.match(await told(repository.root, 'validate'), /3 tasks in 2 waves, ready to run/);
    const before = readFileSync(join(repository.root, 'orchestrate.yaml'), 'utf8');
    assert.match(await told(repository.root, 'init'), /is there already and was left as it is/);
    assert.equal(readFileSync(join(repository.root, 'orchestrate.yaml'), 'utf8'), before);
    const { code, stdout, stderr } = await orchestrate(repository.root, 'run', '--yes');
    assert.equal(code, 0, stdout + stderr);
    assert.equal(repository.show('orchestrate/example', 'hello/index.txt'), 'hello\nhallo\n');
  });
});

describe('orchestrate trash', () => {
  it('lists what a skipped task left, restores it and empties itself', async () => {
    const children = await Children.open();
    await using rig = new RunRig({
      tasks: `  - { id: a, run: ${childLine(children, 'echo a > a.log')} }\n  - { id: b, run: "echo b > b.txt" }\n`,
      files: { '.gitignore': '*.log\n' },
    });
    rig.repository.atEnd(() => children.close());
    assert.match(await told(rig.root, 'trash'), /The trash is empty/);
    const run = new CommandLine(rig.root, ['run', '--yes']);
    await children.next();
    await told(rig.root, 'skip', 'a');
    assert.equal((await run.ended).code, 0);
    const [id = ''] = (await told(rig.root, 'trash', 'list')).split(' ');
    assert.match(id, /^a-[0-9a-f]{8}-/);
    const [, path = ''] = /restored to (\S+)/.exec(await told(rig.root, 'trash', 'restore', id)) ?? [];
    assert.ok(existsSync(join(path, 'a.log')));
    assert.match(await told(rig.root, 'trash', 'empty'), /deleted 0 entries/);
    assert.equal((await orchestrate(rig.root, 'trash', 'burn')).code, 2);
  });
});
