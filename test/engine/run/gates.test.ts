import { strict as assert } from 'node:assert';
import { approve, assertEnded, failureOf, order, RunRig, taskOf } from '../../rig/run.ts';

const task = (id: string, more: string): string => `  - { id: ${id}, title: ${id}, agent: shell, ${more} }\n`;

/** A gate that says `file:line:column: error: message` for each line with the word "bug". */
const BUGS = `agents: { default: shell }
gates:
  bugs:
    run: "! grep -rn bug --include=*.txt . | sed -E 's#^./([^:]+):([0-9]+):.*#\\\\1:\\\\2:1: error: a bug#' | grep ."
    on: [task, wave]
    problems: ["$gcc"]
`;

describe('gates', () => {
  it('send a task back with the evidence and take it when it is mended', async () => {
    const run =
      'if [ -n \\"$ORCHESTRATE_FEEDBACK_FILE\\" ]; then grep -q \\"a bug\\" \\"$ORCHESTRATE_FEEDBACK_FILE\\" && echo fine > a.txt; else echo a bug > a.txt; fi';
    await using rig = new RunRig({ tasks: task('a', `run: "${run}", scope: [a.txt]`), config: BUGS });
    const session = await rig.run();
    assertEnded(session, 'merged');
    const { attempts, retries } = taskOf(session.state, 'a');
    assert.equal(attempts.length, 2);
    assert.equal(retries, 1);
    assert.equal(attempts[1]?.carried, 'applied');
    const [problem] = attempts[0]?.gates[0]?.problems ?? [];
    assert.equal(problem?.file, 'a.txt');
    assert.equal(problem?.range.line, 1);
    assert.equal(rig.merged(session, 'a.txt'), 'fine\n');
  });

  it('on a wave find the two that are red only together, name them and merge the rest', async () => {
    const both = 'test ! -e t2.txt || test ! -e t6.txt';
    const tasks = Array.from({ length: 8 }, (_, index) =>
      task(`t${index}`, `run: "echo ${index} > t${index}.txt", scope: [t${index}.txt]`),
    ).join('');
    const config = `agents: { default: shell }\nlimits: { agents: 8, retries: 0, conflicts: 0 }\ngates:\n  both: { run: "${both}", on: wave }\n`;
    await using rig = new RunRig({ tasks, config });
    const session = await rig.run();
    assertEnded(session, 'failed');
    assert.match(
      failureOf(session.state, 't6') ?? '',
      /^together: green alone, but gate "both" is red together with "t2"/,
    );
    const merged = session.state.merges.flatMap(({ members }) => members.map((member) => member.task));
    assert.deepEqual(merged, ['t0', 't1', 't2', 't3', 't4', 't5', 't7']);
    assert.throws(() => rig.merged(session, 't6.txt'));
  });

  it('do not blame a task for what was red before it, once a person accepted that', async () => {
    const tap =
      'echo TAP version 13; echo 1..2; echo not ok 1 - old; if test -e bad.txt; then echo not ok 2 - new; else echo ok 2 - new; fi; exit 1';
    const config = `agents: { default: shell }\nlimits: { retries: 0 }\ngates:\n  tests: { run: "${tap}", on: task, report: { format: tap } }\n`;
    const tasks =
      task('good', 'run: "echo x > good.txt", scope: [good.txt]') +
      task('bad', 'run: "echo x > bad.txt", scope: [bad.txt]');
    await using rig = new RunRig({ tasks, config });
    const session = await rig.open();
    await approve(session);
    await session.atRest();
    const [question] = session.state.questions.values();
    assert.equal(question?.kind, 'baseline');
    assert.match(question?.text ?? '', /1 of 2 tests fail/);
    await order(session, { type: 'answer', question: 'baseline', choice: 'accept' });
    await session.atRest();
    assertEnded(session, 'failed');
    assert.equal(taskOf(session.state, 'good').settled?.kind, 'done');
    assert.match(failureOf(session.state, 'bad') ?? '', /^gate:/);
  });

  it('that are final and red leave integration at the last green tip', async () => {
    const config =
      'agents: { default: shell }\nlimits: { retries: 0 }\ngates:\n  all: { run: "test ! -e b.txt", on: [final] }\n';
    const tasks =
      task('a', 'run: "echo a > a.txt", scope: [a.txt]') +
      task('b', 'run: "echo b > b.txt", scope: [b.txt], dependencies: [a]');
    await using rig = new RunRig({ tasks, config });
    const session = await rig.run();
    assertEnded(session, 'failed');
    assert.equal(rig.merged(session, 'a.txt'), 'a\n');
    assert.throws(() => rig.merged(session, 'b.txt'));
    assert.equal(rig.repository.git('rev-parse', session.state.branch ?? ''), session.state.integration);
  });

  it('whose report is a pipe are read without it, and nothing waits for its end', async () => {
    const config = `agents: { default: shell }\nlimits: { retries: 0 }\ngates:\n  pipe: { run: "test ! -e a.txt || { mkfifo out.xml; exit 1; }", on: task, report: { format: junit, file: out.xml } }\n`;
    await using rig = new RunRig({ tasks: task('a', 'run: "echo a > a.txt", scope: [a.txt]'), config });
    const session = await rig.run();
    assertEnded(session, 'failed');
    assert.match(failureOf(session.state, 'a') ?? '', /^gate: gate "pipe" is red/);
  });

  it('that cannot run are told from gates that say no', async () => {
    const config = 'agents: { default: shell }\ngates:\n  missing: { run: [no-such-program-here], on: task }\n';
    await using rig = new RunRig({ tasks: task('a', 'run: "echo a > a.txt", scope: [a.txt]'), config });
    const session = await rig.run();
    const [question] = session.state.questions.values();
    assert.match(
      question?.text ?? '',
      /^Gate "missing" could not run on the base commit \(.*no-such-program-here.*\): it will/,
    );
  });
});

describe('the gate "approval"', () => {
  it('is there for a task that names it: what a person sends back is mended, and nothing that stands on it begins before', async () => {
    const tasks =
      task('design', 'run: "echo more >> design.txt", gates: [approval], scope: [design.txt]') +
      task('build', 'run: "cat design.txt > built.txt", dependencies: [design], scope: [built.txt]');
    await using rig = new RunRig({ tasks });
    const session = await rig.run();
    const asked = (): string => [...session.state.questions.keys()].join();
    assert.equal(asked(), 'look:design:1:approval');
    await order(session, { type: 'answer', question: asked(), choice: 'reject', comment: 'More of it.' });
    await session.atRest();
    assert.equal(asked(), 'look:design:2:approval');
    assert.equal(taskOf(session.state, 'build').attempts.length, 0);
    assert.equal(failureOf(session.state, 'design'), 'rejected: More of it.');
    await order(session, { type: 'answer', question: asked(), choice: 'accept' });
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'built.txt'), 'more\nmore\n', 'the second began with what the first had made');
  });
});
