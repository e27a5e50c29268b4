import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { START, startsIn } from '../../rig/starts.ts';
import { approve, assertEnded, CLI, order, PLAN, RunRig, settled, taskOf, worktrees } from '../../rig/run.ts';

/** Three agents at `a`, each with a line of its own; `b` stands on what was taken. */
const plan = ([first, second, third]: readonly string[], more = ''): string => {
  const run = `${START}; case $ORCHESTRATE_TASK in a@shell) ${first};; a@shell-2) ${second};; *) ${third};; esac`;
  return (
    `  - { id: a, title: Greet, status: pending, agents: [shell, shell, shell], scope: [a.txt, more.txt], run: ${JSON.stringify(run)}${more} }\n` +
    `  - { id: b, title: Build, status: pending, agent: shell, scope: [b.txt], dependencies: [a], run: ${JSON.stringify(`${START}; cat a.txt > b.txt`)} }\n`
  );
};

const CONFIG = 'agents: { default: shell }\ngates: { good: { run: "! grep -qx bad a.txt", on: task } }\n';

const kinds = (rig: { state: Parameters<typeof taskOf>[0] }): (string | undefined)[] =>
  ['a@shell', 'a@shell-2', 'a@shell-3'].map((id) => taskOf(rig.state, id).settled?.kind);

describe('a task of several agents', () => {
  it('is done by each in a worktree of its own, the one that passes is merged, and what the others made is kept', async () => {
    await using rig = new RunRig({ tasks: plan(['echo bad > a.txt', 'echo two > a.txt', 'exit 1']), config: CONFIG });
    const session = await rig.run();
    assertEnded(session, 'merged');
    assert.deepEqual(kinds(session), ['skipped', 'done', 'skipped']);
    assert.equal(rig.merged(session, 'b.txt'), 'two\n');
    assert.deepEqual(startsIn(rig.root), { 'a@shell': 1, 'a@shell-2': 1, 'a@shell-3': 1, b: 1 });
    const lost = taskOf(session.state, 'a@shell').attempts[0]?.result?.commit ?? '';
    assert.equal(rig.repository.show(lost, 'a.txt'), 'bad\n');
    assert.notEqual(
      rig.repository.git('for-each-ref', '--contains', lost),
      '',
      'a commit without a ref may be collected',
    );
    assert.deepEqual(worktrees(rig.root), []);
    await session.dispose();
    const written = readFileSync(join(rig.root, PLAN), 'utf8');
    assert.deepEqual(written.match(/status: \w+/g), ['status: completed', 'status: completed']);
  });

  it('is asked of a person where the plan says so, and the others’ results stay to be looked at', async () => {
    const lines = ['echo one > a.txt', 'echo bad > a.txt', 'echo three > a.txt; echo more > more.txt'];
    await using rig = new RunRig({ tasks: plan(lines, ', pick: person'), config: CONFIG });
    const session = await rig.run();
    const [question] = session.state.questions.values();
    assert.equal(question?.text, '2 results of "a" pass their gates: which one is taken?');
    assert.equal(question.detail, 'a@shell: a.txt\na@shell-3: a.txt, more.txt');
    const cli = async (...words: string[]): Promise<string> =>
      (await promisify(execFile)(process.execPath, [CLI, ...words], { cwd: rig.root })).stdout;
    assert.match(await cli('status'), /2 results of "a" pass their gates[\s\S]*orchestrate answer pick:a:1-1 a@shell/);
    await cli('answer', question.id, 'a@shell-3');
    await settled(session, ({ ended }) => ended);
    assertEnded(session, 'merged');
    assert.deepEqual(kinds(session), ['skipped', 'skipped', 'done']);
    assert.equal(rig.merged(session, 'b.txt'), 'three\n');
    const other = taskOf(session.state, 'a@shell').attempts[0]?.result?.commit ?? '';
    assert.equal(rig.repository.show(other, 'a.txt'), 'one\n');
  });

  it('goes back to the last of them with the evidence where none passes', async () => {
    const bad = 'if [ -n "$ORCHESTRATE_FEEDBACK_FILE" ]; then echo mended > a.txt; else echo bad > a.txt; fi';
    await using rig = new RunRig({ tasks: plan([bad, bad, bad]), config: CONFIG });
    const session = await rig.run();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'b.txt'), 'mended\n');
    const attempts = ['a@shell', 'a@shell-2', 'a@shell-3'].map((id) => taskOf(session.state, id).attempts.length);
    assert.deepEqual(
      attempts.toSorted((a, b) => a - b),
      [1, 1, 2],
    );
  });

  it('is known to be waited for by whoever drives the run next', async () => {
    const lines = ['echo one > a.txt', 'echo two > a.txt', 'echo bad > a.txt'];
    await using rig = new RunRig({ tasks: plan(lines, ', pick: person'), config: CONFIG });
    const first = await rig.run();
    await first.dispose();
    const next = await rig.open(first.ref);
    await next.atRest();
    const [question] = next.state.questions.values();
    await order(next, { type: 'answer', question: question?.id ?? '', choice: 'a@shell-2' });
    await next.atRest();
    assertEnded(next, 'merged');
    assert.equal(rig.merged(next, 'b.txt'), 'two\n');
    assert.deepEqual(startsIn(rig.root), { 'a@shell': 1, 'a@shell-2': 1, 'a@shell-3': 1, b: 1 });
  });

  it('may be edited before it is approved: then others are at it', async () => {
    await using rig = new RunRig({ tasks: plan(['echo one > a.txt', 'echo two > a.txt', 'false']), config: CONFIG });
    const session = await rig.open();
    const text = readFileSync(join(rig.root, PLAN), 'utf8');
    rig.repository.write({ [PLAN]: text.replace('[shell, shell, shell]', '[shell, shell]') });
    await settled(session, ({ tasks }) => (tasks.size === 3 ? true : undefined));
    await approve(session);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.deepEqual(startsIn(rig.root), { 'a@shell': 1, 'a@shell-2': 1, b: 1 });
  });
});
