import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { reportPage } from '../../../../src/model/report/page.ts';
import type { Order } from '../../../../src/model/run/order.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';
import { textIn, tokensOf } from '../../../rig/markdown.ts';
import { clocks, reported, sectionOf } from '../../../rig/reported.ts';

const page = (run: Simulation): string => reportPage(reported(run), clocks);

const order = (given: Order): { type: 'order.accepted'; order: Order } => ({ type: 'order.accepted', order: given });

const once = { ...DEFAULT_CONFIG.limits, retries: 0 };
const test = gate('test', 'task');
/** Red on the first attempts of these. */
const redAtFirst = (...ids: readonly string[]): Oracle => ({
  gate: (_, tasks, attempt) => !(attempt === 1 && tasks.some((id) => ids.includes(id))),
});

describe('the report of a run that is over', () => {
  const tasks = [
    task('a', { covers: ['R1'], title: 'The price' }),
    task('b', { dependencies: ['a'], wave: 2, covers: ['R2'] }),
    task('c'),
  ];

  it('ends the reasons for another try with one stop, also where an agent has its own', () => {
    const agent: Oracle['agent'] = (_, number) =>
      number === 1
        ? { kind: 'failed', type: 'fixable', message: 'It broke.', summary: '' }
        : { kind: 'succeeded', summary: '' };
    const said = page(new Simulation([task('a')], {}, { agent }).approve().run());
    assert.equal(sectionOf(said, 'Where the time went')[1], 'Tried again because: It broke.');
  });

  it('says outcome, requirement to task to commit to gate, decisions, and where the time went', () => {
    const run = new Simulation(tasks, { gates: [test] }, { ...redAtFirst('c'), takes: () => 1000, foresees: () => [] });
    run.now += 5000;
    run.approve().run();
    const said = page(run);
    assert.match(said, /^# o\n\n\*\*Merged\*\* at at \d+ after \d+ ms: 3 of 3 tasks done\. The result is `c\d+` on `/);
    assert.deepEqual(sectionOf(said, 'Requirements').slice(2), [
      `| R1 | met | a \`${commitOf(run, 'a')}\` test ✓ |`,
      `| R2 | met | b \`${commitOf(run, 'b')}\` test ✓ |`,
    ]);
    const rows = sectionOf(said, 'Tasks');
    assert.match(rows[2]!, /^\| 1 \| a: The price \| done \| 1 \| \d+ ms \| `c\d+` \| test ✓ \| {2}\|$/);
    assert.match(rows[4]!, /^\| 1 \| c \| done \| 2 \| .* \| gate test failed \|$/);
    assert.deepEqual(sectionOf(said, 'What people decided').slice(2), ['| at 6000 | approved the plan | 5000 ms |']);
    const time = sectionOf(said, 'Where the time went');
    assert.match(
      time[0]!,
      /^\d+ ms for 0 ms of agents and 4 ms of gates\. At most 2 of 4 agents were at work at once\.$/,
    );
    assert.equal(time[1], 'Tried again because: gate test failed.');
    assert.match(time.at(-2)!, /^\| 1 \| 2 \| .* \| 3 \| 1 \|$/);
    for (const title of ['Waits for a person', 'At work', 'What comes next', 'Next time'])
      assert.deepEqual(sectionOf(said, title), [], title);
  });

  it('says what failed with its cause, what waits for it, what is not met, and what was let pass', () => {
    const world: Oracle = { gate: (_, [id]) => id !== 'a' };
    const run = new Simulation([...tasks, task('d')], { limits: once, gates: [test] }, world).approve();
    run.tell(order({ id: '1', type: 'skip', task: 'd', comment: 'not now' })).run();
    const said = page(run);
    assert.match(said, /\*\*Failed\*\* .*: 1 of 4 tasks done, 1 failed, 1 blocked, 1 skipped\./);
    const left = sectionOf(said, 'Unresolved');
    assert.equal(left[0], '- a failed after 1 attempt: gate "test" is red');
    assert.ok(left.includes('  - 1 task waits for it: b.'));
    assert.ok(left.some((line) => line.startsWith('  - Advised: try again')));
    assert.ok(left.includes('- d was skipped.'));
    assert.ok(left.includes('  - Not met without it: R1, R2.'));
    assert.ok(left.includes('- Merged untested: no gate ran on the merged tree.'));
    assert.ok(sectionOf(said, 'What people decided').some((line) => line.includes('| skipped d | not now |')));
  });

  it('says why a run was ended by a person', () => {
    const run = new Simulation([task('a')]).approve().run(1000, 1005);
    run.tell(order({ id: '1', type: 'cancel' })).run();
    assert.match(page(run), /\*\*Cancelled\*\* .*Nothing was merged\. It ended because: /);
    assert.match(page(run), /- a was not done when the run ended\./);
  });

  const lessons = (tasks_: Parameters<typeof task>[], config: object, world: Oracle): readonly string[] =>
    reported(
      new Simulation(
        tasks_.map((one) => task(...one)),
        config,
        { foresees: () => [], ...world },
      )
        .approve()
        .run(),
    ).lessons;

  for (const [what, red, told] of [
    ['two of three', ['a', 'b'], 1],
    ['one of three', ['a'], 0],
    ['none', [], 0],
  ] as const)
    it(`tells of a gate that failed ${what} first attempts: ${told === 1 ? 'yes' : 'no'}`, () => {
      const said = lessons([['a'], ['b'], ['c']], { gates: [test] }, redAtFirst(...red));
      assert.equal(said.length, told);
      if (told === 1) assert.match(said[0]!, /^Gate test failed 2 of 3 first attempts:/);
    });

  for (const [what, took, told] of [
    ['twice and a minute longer', 600_000, 1],
    ['much longer by share, but no minute', 40_000, 0],
    ['as the others', 10_000, 0],
  ] as const)
    it(`tells of an estimate that was off: ${what}: ${told === 1 ? 'yes' : 'no'}`, () => {
      const takes = (id: string): number => (id === 'd' ? took : 10_000);
      const said = lessons([['a'], ['b'], ['c'], ['d'], ['e']], {}, { takes });
      assert.equal(said.length, told, said.join('\n'));
      if (told === 1)
        assert.match(
          said[0]!,
          /^Estimates were off: d \(medium\) took 60\d+ ms, beside the others 10\d+ ms were to be expected\.$/,
        );
    });

  it('tells of results that did not merge, with whom and where', () => {
    let times = 0;
    const said = lessons(
      [['a'], ['b']],
      {},
      {
        conflicts: (members) => (members.some((one) => one.task === 'b') && times++ === 0 ? 'b' : undefined),
      },
    );
    assert.match(said[0]!, /^Results did not merge: b with .* in f\./);
  });

  it('tells of the time for which something waited for a person', () => {
    const run = new Simulation([task('a', { leave: 'production' }), task('b')], {}, { foresees: () => [] });
    run.approve().run();
    const [question] = run.state.questions.keys();
    run.now += 120_000;
    run.tell(order({ id: '1', type: 'answer', question: question!, choice: 'accept' })).run();
    const { lessons: said, decisions } = reported(run);
    assert.match(said[0]!, /^For 120\d+ ms of 120\d+ ms something waited for a person\.$/);
    assert.match(decisions[1]!.words, /^answered “.*production.*”: /);
    assert.ok(decisions[1]!.waited! >= 120_000);
  });
});

const commitOf = ({ state }: Simulation, id: string): string => {
  const settled = state.tasks.get(id)?.settled;
  return settled?.kind === 'done' ? (settled.commit ?? '') : assert.fail(`${id} is not done`);
};

describe('the report of a run that goes on', () => {
  it('says what waits for whom, what is at work, and what comes next', () => {
    const run = new Simulation([task('a'), task('b', { dependencies: ['a'] }), task('c', { leave: 'its cost' })]);
    run.approve().run(1000, 1005);
    run.now = 3000;
    const said = page(run);
    assert.match(said, /\*\*Not over\*\* at at 3000: 0 of 3 tasks done\./);
    assert.match(sectionOf(said, 'Waits for a person')[0]!, /^- for \d+ ms: .*its cost.* \(.+ \/ .+\)$/);
    assert.match(sectionOf(said, 'At work')[0]!, /^- a, shell: at work for \d+ ms$/);
    assert.match(
      sectionOf(said, 'What comes next').join('\n'),
      /1 of 4 agents at work[^]*Most waits for a: b cannot begin/,
    );
    assert.deepEqual(sectionOf(said, 'Unresolved so far'), []);
  });

  it('says that its plan waits to be approved, and nothing of work or time', () => {
    const said = page(new Simulation([task('a')]));
    assert.match(said, /## Waits for a person\n\n- for 0 ms: Approve the plan "o" \(1 tasks\) \(Approve \/ Reject\)/);
    for (const title of ['At work', 'What comes next', 'Where the time went', 'What people decided'])
      assert.deepEqual(sectionOf(said, title), [], title);
  });

  it('tells edits of the plan and their answers, each with what waited for it', () => {
    const run = new Simulation([task('a'), task('b', { wave: 2 })]).approve().run(1000, 1003);
    run.edit([task('a'), task('b', { wave: 2, title: 'Other' })], 'h2');
    run.now += 500;
    run.tell(order({ id: '2', type: 'approve', planHash: 'h2', comment: 'better' })).run();
    assert.deepEqual(
      reported(run).decisions.map(({ words, comment, waited }) => ({ words, comment, waited })),
      [
        { words: 'approved the plan', comment: undefined, waited: 0 },
        { words: 'edited the plan: 1 task (1 changed)', comment: undefined, waited: undefined },
        { words: 'approved the edit of the plan', comment: 'better', waited: 500 },
      ],
    );
  });
});

describe('a report of a hostile plan', () => {
  const EVIL = '# <script>x</script> [a](command:evil) | ![p](http://p) **b** `c`\n\n## More\n- https://a.b';

  it('has its own headings, links and HTML only, and as many cells as columns', () => {
    const tasks = [task('a', { title: EVIL, covers: [EVIL] }), task('b', { title: EVIL, leave: EVIL })];
    const failing: Oracle = {
      agent: () => ({ kind: 'failed', type: 'fixable', message: EVIL, summary: '' }),
    };
    const run = new Simulation(tasks, { limits: once }, failing).approve().run();
    const report = reported(run);
    const said = reportPage({ ...report, plan: { id: EVIL, objective: EVIL, file: EVIL } }, clocks);
    const tokens = tokensOf(said);
    const foreign = tokens.filter(({ type }) => /^(?:link|image|html|fence|strong_open$)/.test(type));
    const strong = foreign.filter(({ type }) => type === 'strong_open').length;
    assert.deepEqual(
      foreign.filter(({ type }) => type !== 'strong_open'),
      [],
    );
    assert.ok(strong <= 4, said);
    const titles = said.split('\n').filter((line) => line.startsWith('#'));
    assert.equal(tokens.filter(({ type }) => type === 'heading_open').length, titles.length);
    assert.ok(!titles.includes('## More'));
    assert.ok(textIn(said).includes('<script>x</script> [a](command:evil)'));
  });

  it('diagnoses of many failures only the first, and says how many there are', () => {
    const tasks = Array.from({ length: 40 }, (_, index) => task(`t${index}`));
    const failing: Oracle = { agent: () => ({ kind: 'failed', type: 'fixable', message: 'no', summary: '' }) };
    const { unresolved } = reported(new Simulation(tasks, { limits: once }, failing).approve().run());
    assert.equal(unresolved.filter(({ text }) => text.includes('failed after 1 attempt')).length, 30);
    assert.ok(unresolved.some(({ text }) => text.startsWith('10 more failed')));
  });

  it('tells of a thousand tasks only the first, and how many there are', () => {
    const tasks = Array.from({ length: 1000 }, (_, index) => task(`t${index}`));
    const said = page(new Simulation(tasks));
    assert.ok(said.split('\n').length < 150);
    assert.match(said, /And 900 more\./);
  });
});
