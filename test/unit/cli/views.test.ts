import { strict as assert } from 'node:assert';
import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { answersOf } from '../../../src/cli/asking/answers.ts';
import { block } from '../../../src/cli/shown/block.ts';
import { Keyboard, type Orders } from '../../../src/cli/asking/keyboard.ts';
import { measure } from '../../../src/model/shown/measure.ts';
import { Narrator } from '../../../src/cli/shown/narrator.ts';
import { Painter } from '../../../src/cli/shown/painter.ts';
import { styleFor } from '../../../src/cli/shown/style.ts';
import { summary } from '../../../src/cli/shown/summary.ts';
import { keysIn } from '../../../src/cli/terminal.ts';
import { widthOf } from '../../../src/cli/shown/text.ts';
import type { Happening } from '../../../src/model/run/event.ts';
import type { Report } from '../../../src/model/run/job.ts';
import type { Wish } from '../../../src/model/run/order.ts';
import { begin } from '../../../src/model/run/begin.ts';
import type { RunState } from '../../../src/model/run/state.ts';
import { evolve } from '../../../src/model/run/evolve.ts';
import { attention } from '../../../src/model/run/view.ts';
import { DEFAULT_CONFIG } from '../../../src/model/config/config.ts';
import { gate, Simulation, task } from '../../rig/simulation.ts';

const signs = styleFor({ LANG: 'C.UTF-8' }, false);
const letters = styleFor({ LANG: 'C' }, false);
const colours = styleFor({ LANG: 'C.UTF-8', TERM: 'xterm' }, true);
const world = { columns: 100, now: 5_000, said: new Map<string, string>(), folder: '/x' };

const text = (lines: readonly string[]): string => lines.join('\n');

/** Every state that a simulated run went through. */
function* statesOf({ events }: Simulation): Generator<RunState> {
  const [first, ...others] = events;
  if (first?.type !== 'run.started') throw new Error('no start');
  const state = begin(first);
  yield state;
  for (const event of others) yield evolve(state, event);
}

const retried = (): Simulation =>
  new Simulation(
    [task('a'), task('b'), task('c', { wave: 2, dependencies: ['a', 'b'] })],
    { gates: [gate('test', 'task', 'final')] },
    {
      gate: (_, tasks, attempt) => !(tasks.includes('b') && attempt === 1),
    },
  )
    .approve()
    .run();

describe('the live block', () => {
  it('never leaves the width and height of the terminal, whatever the plan holds', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 60 }).map((title) => `\u001b[31m${title}漢\u202e`);
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 4, max: 140 }),
        fc.integer({ min: 1, max: 50 }),
        (titles, columns, rows) => {
          const tasks = titles.map((title, index) => task(`t${index}`, { title, wave: 1 + (index % 4) }));
          const simulation = new Simulation(tasks, { limits: { ...DEFAULT_CONFIG.limits, agents: 3 } });
          for (const state of [simulation.state, simulation.approve().run().state]) {
            for (const style of [signs, letters]) {
              const lines = block(state, { ...world, columns, rows, prompt: [] }, style);
              assert.ok(lines.length <= rows, `${lines.length} lines in ${rows} rows`);
              for (const line of lines) assert.ok(widthOf(line) <= columns, `${widthOf(line)} > ${columns}: ${line}`);
            }
          }
        },
      ),
      {
        numRuns: 60,
        // What is hidden was told in a line of its own that did not fit.
        examples: [[Array.from({ length: 10 }, (_, index) => `task ${index}`), 12, 3]],
      },
    );
  });

  it('tells each task by what it is at, on the way and at the end', () => {
    const seen = new Set<string>();
    for (const state of statesOf(retried())) {
      for (const line of block(state, world, signs)) {
        const row = /^ {2}(\S) b +(\w+(?: \w+)*)/.exec(line);
        if (row) seen.add(`${row[1]} ${row[2]}`);
      }
    }
    const steps = [
      '○ ready',
      '● running',
      '◐ verifying',
      '↻ tries again',
      '● running',
      '◐ verifying',
      '◆ merging',
      '✔ done',
    ];
    assert.deepEqual([...seen], [...new Set(steps)]);
  });

  it('shows what the agent said last, the attempt and what was wrong before', () => {
    const simulation = retried();
    const jobs = simulation.events.flatMap((event) => (event.type === 'job.intended' ? [event.intent] : []));
    const said = new Map(jobs.map((job) => [job, 'I have \u001b[2Jan idea']));
    const drawn = new Set<string>();
    for (const state of statesOf(simulation)) drawn.add(text(block(state, { ...world, said }, signs)));
    assert.ok([...drawn].some((one) => /● a +running +\d.* {2}I have an idea/.test(one)));
    assert.match(text(block(simulation.state, world, signs)), /b +done +attempt 2.*passed after a red test/);
  });

  it('says what a result waits for where a gate looks at the whole wave', () => {
    const gates = [gate('all', 'wave')];
    const takes = (id: string): number => (id === 'b' ? 10_000 : 10);
    const simulation = new Simulation([task('a'), task('b')], { gates }, { takes }).approve().run();
    const drawn: string[] = [];
    for (const state of statesOf(simulation)) drawn.push(text(block(state, world, signs)));
    assert.ok(drawn.some((one) => /◆ a +merging.*waits for the rest of its wave\n.*● b +running/.test(one)));
    assert.ok(drawn.some((one) => /◆ a +merging.*in the merge queue/.test(one)));
  });

  it('folds what is over and what is to come when there is little room', () => {
    const simulation = new Simulation(
      Array.from({ length: 40 }, (_, i) => task(`t${i}`, { wave: 1 + Math.floor(i / 10) })),
    )
      .approve()
      .run();
    const lines = block(simulation.state, { ...world, rows: 8 }, signs);
    assert.match(text(lines), /Wave 1 · 10 of 10 done\n Wave 2 · 10 of 10 done/);
  });

  it('shows how far an agent is, what it spends, and all that it asks leave for', () => {
    const simulation = new Simulation([task('a'), task('b')]).approve();
    const intended = { task: 'a', attempt: 1, name: 'a-1', branch: 'b', base: 'base' };
    const says = (line: number, report: Report): Happening => ({ type: 'job.reported', job: 'i2', line, report });
    const permission = { id: 'p', tool: 'execute', title: 'cd src', detail: 'cd src\nrm *', paths: [], options: [] };
    simulation
      .tell({ type: 'worktree.intended', intent: 'i1', ...intended })
      .tell({ type: 'worktree.created', intent: 'i1', path: '/w', carried: 'none', warnings: [] })
      .tell({ type: 'job.intended', intent: 'i2', purpose: { kind: 'agent', task: 'a', attempt: 1 } })
      .tell(says(1, { type: 'progress', state: 'working', percent: 40, text: 'core' }))
      .tell(says(2, { type: 'usage', usage: { inputTokens: 12_000, outputTokens: 345, cost: 0.42 } }))
      .tell(says(3, { type: 'permissionAsked', permission }))
      .run(100, 0);
    const lines = text(block(simulation.state, world, signs));
    assert.match(lines, /a +waits for you +.* {2}40 %, core · \$0\.42, 12\.3k tokens\n/);
    assert.match(lines, /spent \$0\.42, 12\.3k tokens\n/);
    const [head = '', a = '', b = ''] = text(summary(simulation.state, world, signs))
      .split('\n')
      .slice(3);
    assert.equal(a.indexOf('$0.42, 12.3k tokens'), head.indexOf('spent'), `${head}\n${a}`);
    assert.equal(b.length <= head.length, true, b);
    assert.match(lines, /"a" asks leave: cd src \(and 1 more line\)\n +cd src\n +rm \*\n/);
  });

  it('says what waits and how to answer it', () => {
    assert.match(
      text(block(new Simulation([task('a')]).state, world, signs)),
      /Waits for you[^]*Approve the plan[^]*orchestrate approve/,
    );
  });

  it('draws with letters alone where nothing else can be shown, and without colours where none are wanted', () => {
    const drawn = text(block(retried().state, world, letters)) + text(summary(retried().state, world, letters));
    // oxlint-disable-next-line no-control-regex -- plain ASCII is what this is about
    assert.match(drawn, /^[\n -~]*$/);
    assert.equal(styleFor({ NO_COLOR: '1', TERM: 'xterm' }, true).paint('red', 'x'), 'x');
    assert.equal(styleFor({ NO_COLOR: '', TERM: 'xterm' }, true).paint('red', 'x'), '\u001b[31mx\u001b[0m');
    assert.equal(
      stripVTControlCharacters(text(block(retried().state, world, colours))),
      text(block(retried().state, world, signs)),
    );
  });
});

describe('the summary', () => {
  it('has every task with its attempts, gates and commit, the chart and what was tested', () => {
    const lines = text(summary(retried().state, world, signs));
    assert.match(lines, /✔ Merged: o/);
    assert.match(lines, /✔ b +done +2 .* test ✘, then test ✔/);
    assert.match(lines, /wave 1 +a/);
    assert.match(lines, /test green on the merged tree/);
    assert.match(lines, /branch +orchestrate\/p/);
  });

  it('measures how much faster the run was than one task after the other, without the time of people', () => {
    const exit = { code: 0, signal: null, startedAt: 0, endedAt: 100, strays: 0, bytes: 0, dropped: 0 };
    const simulation = new Simulation(
      [task('a'), task('b'), task('hand', { agent: 'manual' })],
      {},
      {
        takes: () => 100,
        closing: (intent) =>
          intent.type === 'job.intended'
            ? {
                type: 'job.ended',
                end: { kind: 'exited', exit: { ...exit, agent: { kind: 'succeeded', summary: '' } } },
              }
            : undefined,
      },
    );
    simulation.approve().run();
    const { wall, agents, speedUp } = measure(simulation.state, simulation.now);
    assert.equal(agents, 200);
    assert.equal(speedUp, 200 / wall);
    assert.match(
      text(summary(simulation.state, { ...world, now: simulation.now }, signs)),
      /for agents 0\.2 s: speed-up 1\.\d/,
    );
  });

  it('says so when nobody tested the whole', () => {
    const untested = new Simulation([task('a')], { gates: [gate('test', 'task')] }).approve().run();
    assert.match(text(summary(untested.state, world, signs)), /merged untested: no gate ran on the merged tree/);
  });

  it('names what failed and why, and where its worktree is', () => {
    const failed = new Simulation(
      [task('a'), task('b', { wave: 2, dependencies: ['a'] })],
      {},
      {
        agent: (_, attempt) => ({
          kind: 'failed',
          type: 'fixable',
          message: `no ${['clue', 'plan', 'hope', 'idea'][attempt - 1]}`,
          summary: '',
        }),
      },
    );
    const lines = text(summary(failed.approve().run().state, world, signs));
    assert.match(lines, /✘ Failed: o\n {3}1 failed: a; 1 blocked: b/);
    assert.match(lines, /✘ a +failed +4 .* ✘ 4 times: no idea/);
    assert.match(lines, /worktree +\/w\/a-[0-9a-f]{8} \(a\)/);
  });
});

describe('the plain lines', () => {
  it('tell a run with its retries, in words', () => {
    const simulation = retried();
    const narrator = new Narrator();
    const told = [...statesOf(simulation)].map((state, index) => narrator.tell(simulation.events[index]!, state));
    const lines = told.filter((line) => line !== undefined);
    assert.ok(lines.includes('b: attempt 1 failed, retry 1/3: gate "test" is red'));
    assert.ok(lines.includes('b: shell is at work, attempt 2'));
    assert.ok(lines.some((line) => /^merged c as c\d+ \(test green\)$/.test(line)));
    assert.equal(lines.at(-1), 'merged: all tasks are done');
  });
});

const asked = (state: RunState): { keyboard: Keyboard; given: (Wish | string)[] } => {
  const given: (Wish | string)[] = [];
  const say = (word: string) => () => void given.push(word);
  const orders: Orders = {
    give: (wish) => void given.push(wish),
    interrupt: say('^C'),
    stop: say('stop'),
    leave: say('leave'),
    goOn: say('go on'),
  };
  return { keyboard: new Keyboard(() => state, orders), given };
};

describe('the keyboard', () => {
  it('approves with y, and rejects with n, a reason and Enter', () => {
    const { keyboard, given } = asked(new Simulation([task('a')]).state);
    for (const key of ['x', 'y', 'n', 'b', 'a', 'x', '\u007f', 'd', '\u001b[A', '\r']) keyboard.press(key);
    assert.deepEqual(given, [
      { type: 'approve', planHash: 'h' },
      { type: 'reject', planHash: 'h', comment: 'bad' },
    ]);
  });

  it('asks what Ctrl+C means', () => {
    const { keyboard, given } = asked(new Simulation([task('a')]).state);
    for (const choice of ['s', 'l', '\r']) {
      keyboard.press('\u0003');
      keyboard.askInterrupt();
      assert.match(text(keyboard.prompt(signs) ?? []), /Stop\?/);
      keyboard.press(choice);
    }
    assert.deepEqual(given, ['^C', 'stop', '^C', 'leave', '^C', 'go on']);
  });

  it('offers digits where there are more than two choices', () => {
    const simulation = new Simulation(
      [task('a')],
      {},
      { agent: () => ({ kind: 'failed', type: 'escalate', message: 'no', summary: '' }) },
    );
    const [item] = attention(simulation.approve().run().state);
    assert.deepEqual(item && answersOf(item).map(({ key }) => key), ['1', '2', '3']);
  });

  it('asks for what the block marks as asked: decisions before work by hand', () => {
    const simulation = new Simulation(
      [task('hand', { agent: 'manual' }), task('a')],
      {},
      {
        agent: () => ({ kind: 'failed', type: 'escalate', message: 'no', summary: '' }),
      },
    );
    const { state } = simulation.approve().run();
    const { keyboard, given } = asked(state);
    const prompt = keyboard.prompt(signs) ?? [];
    assert.match(
      text(block(state, { ...world, prompt }, signs)),
      /\? "a": no\n +at the keyboard below\n +\? "hand" is yours/,
    );
    keyboard.press('2');
    assert.deepEqual(given, [{ type: 'answer', question: 'escalated:a:1', choice: 'skip' }]);
  });

  it('types an answer of one’s own to what an agent asks, and takes an option by its digit', () => {
    const questions = [{ id: 'where', question: 'Where?', options: ['In a file', 'In SQLite'] }];
    const report = JSON.stringify({ extra: { questions } });
    const agents = { a: { role: 'planner' } };
    const simulation = new Simulation(
      [task('a')],
      {},
      { agent: () => ({ kind: 'succeeded', summary: report }) },
      agents,
    );
    const { keyboard, given } = asked(simulation.approve().run().state);
    assert.match(text(keyboard.prompt(signs) ?? []), /\[1\] In a file +\[2\] In SQLite +\[3\] Another answer/);
    keyboard.press('3');
    keyboard.press('X');
    assert.match(text(keyboard.prompt(signs) ?? []), /Your answer: X/);
    for (const key of ['\r', '2']) keyboard.press(key);
    assert.deepEqual(given, [
      { type: 'answer', question: 'asks:a:where', choice: 'own', comment: 'X' },
      { type: 'answer', question: 'asks:a:where', choice: 'in-sqlite' },
    ]);
  });

  it('takes an escape sequence for one key', () => {
    assert.deepEqual(keysIn('a\u001b[1;5A\u001bOPé\u001b'), ['a', '\u001b[1;5A', '\u001bOP', 'é', '\u001b']);
  });
});

describe('the painter', () => {
  it('writes only when something changed, in one piece, and gives the cursor back', () => {
    const written: string[] = [];
    const painter = new Painter(
      (one) => void written.push(one),
      () => ({ columns: 10, rows: 10 }),
    );
    painter.draw(['one', 'two']);
    painter.draw(['one', 'two']);
    painter.draw(['one']);
    painter.clear();
    painter.clear();
    assert.equal(written.length, 3);
    assert.match(written[0] ?? '', /\[\?25l/);
    assert.match(written[1] ?? '', /\[2A/);
    assert.match(written[2] ?? '', /\[1A.*\[J.*\[\?25h/);
  });

  it('goes back over lines that a narrower terminal broke', () => {
    const written: string[] = [];
    const size = { columns: 10, rows: 10 };
    const painter = new Painter(
      (one) => void written.push(one),
      () => size,
    );
    painter.draw(['12345678']);
    size.columns = 4;
    painter.draw(['1234']);
    assert.match(written[1] ?? '', /\[2A/);
  });
});
