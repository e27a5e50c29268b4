import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { inTree } from '../../../src/gates/place.ts';
import { readGateRun } from '../../../src/gates/read.ts';
import { type Gate, type GateRun, isUnusable, UNREAD } from '../../../src/model/gate.ts';
import type { JobExit } from '../../../src/model/run/job.ts';

const ended: JobExit = { code: 1, signal: null, startedAt: 1_000, endedAt: 1_250, strays: 0, bytes: 0, dropped: 0 };
const plainGate: Gate = { name: 'test', command: { line: 'npm test' }, on: ['task'], problems: [] };

const run = (output: string, gate: Partial<Gate> = {}, exit: Partial<JobExit> = {}): Promise<GateRun> =>
  readGateRun({ ...plainGate, ...gate }, { exit: { ...ended, ...exit }, output, root: '/tree' });

const fixture = (name: string): Promise<string> =>
  readFile(new URL(`../../fixtures/gates/${name}`, import.meta.url), 'utf8');

const placed = ({ problems }: GateRun): string[] =>
  problems.map((p) => `${p.file ?? '?'}:${p.range.line} ${p.severity} ${p.message}`);

describe('A gate’s end', () => {
  const TABLE: readonly [Partial<JobExit>, GateRun['result'], string][] = [
    [{ code: 0 }, 'passed', 'exit 0'],
    [{ code: 1 }, 'failed', 'exit 1'],
    [{ code: 126 }, 'error', 'a line that may not be executed'],
    [{ code: 127 }, 'error', 'a line whose command was not found'],
    [{ code: null, signal: 'SIGKILL' }, 'error', 'a signal'],
    [{ code: null, signal: 'SIGTERM', stopped: 'timedOut' }, 'error', 'the time limit'],
    [{ code: 0, stopped: 'cancelled' }, 'error', 'a cancel, even with exit 0'],
    [{ code: null, spawnError: 'ENOENT' }, 'error', 'no start at all'],
  ];
  for (const [exit, result, name] of TABLE) {
    it(`is ${result} after ${name}`, async () => assert.equal((await run('', {}, exit)).result, result));
  }

  it('takes exit 127 of a program of its own as its word', async () => {
    assert.equal((await run('', { command: { argv: ['x'] } }, { code: 127 })).result, 'failed');
  });

  it('says how long it took', async () => assert.equal((await run('')).duration, 250));
});

describe('What real tools print', () => {
  const TABLE: readonly [string, Partial<Gate>, string[], GateRun['tests']?][] = [
    ['tsc.txt', { problems: ['$tsc'] }, ["bad.ts:1 error Type 'string' is not assignable to type 'number'."]],
    ['tsc.pretty.txt', { problems: ['$tsc'] }, ["bad.ts:1 error Type 'string' is not assignable to type 'number'."]],
    [
      'mocha.txt',
      { problems: ['$mocha'] },
      ['test/m.cjs:2 error suite > adds: AssertionError [ERR_ASSERTION]: 2 == 3'],
    ],
    [
      'node-test.spec.txt',
      { problems: ['$node-test'] },
      ['test/a.test.mjs:3 error adds: AssertionError [ERR_ASSERTION]: 2 == 3'],
    ],
    ['node-test.tap', { problems: ['$node-test'] }, ['test/a.test.mjs:3 error suite > adds: 2 == 3']],
    [
      'python.txt',
      { problems: ['$python'] },
      [
        't.py:3 error json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)',
      ],
    ],
    [
      'node-test.tap',
      { report: { format: 'tap' } },
      ['test/a.test.mjs:3 error suite > adds: 2 == 3'],
      { total: 2, failed: ['suite > adds'] },
    ],
    [
      'node-test.junit.xml',
      { report: { format: 'junit' } },
      ['test/a.test.mjs:3 error suite > adds: 2 == 3'],
      { total: 2, failed: ['suite > adds'] },
    ],
    [
      'mocha.xunit.xml',
      { report: { format: 'junit' } },
      ['test/m.cjs:2 error Mocha Tests > suite > adds: 2 == 3'],
      { total: 2, failed: ['Mocha Tests > suite > adds'] },
    ],
  ];
  for (const [name, gate, expected, tests] of TABLE) {
    it(`${name} is read by ${gate.report?.format ?? JSON.stringify(gate.problems)}`, async () => {
      const found = await run(await fixture(name), gate);
      assert.deepEqual(placed(found), expected);
      assert.deepEqual(found.tests, tests);
    });
  }
});

describe('Reports', () => {
  it('are read from the file that the gate names', async () => {
    const report =
      '<testsuite name="a"><testcase name="b" file="t/x.rb" line="7"><failure message="no"/></testcase></testsuite>';
    const found = await readGateRun(
      { ...plainGate, report: { format: 'junit', file: 'out/r.xml' } },
      {
        exit: ended,
        output: '',
        root: '/tree',
        readFile: async (path) => (path === 'out/r.xml' ? report : undefined),
      },
    );
    assert.deepEqual(placed(found), ['t/x.rb:7 error a > b: no']);
  });

  it('count nested suites, and neither skipped nor expected failures as failed', async () => {
    const xml =
      '<testsuites><testsuite name="a"><testsuite name="b"><testcase name="c"/><testcase name="d"><skipped/></testcase><testcase name="e"><error>boom</error></testcase></testsuite></testsuite></testsuites>';
    assert.deepEqual((await run(xml, { report: { format: 'junit' } })).tests, { total: 3, failed: ['a > b > e'] });
    const tap = 'TAP version 13\nok 1 - a\nnot ok 2 - b # TODO later\nnot ok 3 - c\n1..3\n';
    assert.deepEqual((await run(tap, { report: { format: 'tap' } })).tests, { total: 3, failed: ['c'] });
  });

  it('are counted in the lines that an LLM-native plan asks for', async () => {
    const said = `noise [GATE: not a line
[GATE: unit-tests] Service: AUTH - PASSED (45/45 tests)
  [GATE: unit-tests] Service: LOG - FAILED (2/30 tests failed)
[GATE: lint] passed
[gate: e2e] FAILED
`;
    const { tests, problems, result } = await run(said, { report: { format: 'lines' } }, { code: 1 });
    assert.deepEqual(tests, { total: 45 + 30 + 1 + 1, failed: ['LOG', 'e2e'] });
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['LOG: 2 of 30 tests failed', 'e2e: 1 of 1 tests failed'],
    );
    assert.equal(result, 'failed');
  });

  it('that are missing or broken leave the exit code to speak', async () => {
    for (const output of ['', '<testsuite', '<testsuites><testsuite></a></testsuites>', 'no tap']) {
      for (const format of ['junit', 'tap', 'lines'] as const) {
        const found = await run(output, { report: { format } });
        assert.equal(found.result, 'failed');
        assert.equal(found.tests, undefined);
      }
    }
  });
});

describe('A gate that only says no', () => {
  it('has one problem with its most telling line, and is no measure for others', async () => {
    const found = await run('compiling\nError: cannot find x\nnpm notice bye\n');
    assert.deepEqual(placed(found), ['?:1 error Error: cannot find x']);
    assert.equal(found.problems[0]?.code, UNREAD);
    assert.equal(isUnusable(found), true);
  });

  it('has words even when it printed nothing', async () => {
    assert.deepEqual(placed(await run('')), ['?:1 error It failed and printed nothing.']);
  });
});

describe('Output of any kind', () => {
  it('loses its control sequences and all but the last 4,000 characters of its tail', async () => {
    const found = await run(`${'x'.repeat(5_000)}\n\u001b[31mred\u001b[0m\r\n10%\r99%\r\ndone\u0007\n`);
    assert.equal(found.tail.endsWith('red\n99%\ndone'), true);
    assert.equal(found.tail.length <= 4_000, true);
  });

  it('keeps 200 problems and says how many more there were', async () => {
    const output = Array.from({ length: 500 }, (_, i) => `a.ts(${i + 1},1): error TS1: x`).join('\n');
    const { problems } = await run(output, { problems: ['$tsc'] });
    assert.equal(problems.length, 200);
    assert.equal(problems.at(-1)?.message, '301 more problems are not listed.');
  });

  it('cannot hold a run up with a regular expression that takes for ever', async () => {
    const pattern = { regexp: '^(a+)+$', file: 1, line: 1, message: 1 };
    const output = `${'a'.repeat(1_900)}!`;
    const gate = { ...plainGate, problems: [{ pattern }] };
    const found = await readGateRun(gate, { exit: ended, output, root: '/tree', budget: 50 });
    assert.match(found.problems[0]?.message ?? '', /took more than 0.05 s/);
  });

  it('never makes the reader throw', async () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'not ok 1 - a',
        '  ---',
        '  at: {file: x}',
        '<testsuite>',
        '  1) a',
        '1 failing',
        'TAP version 13',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.constantFrom('junit', 'tap', 'lines'),
        async (lines, format) => {
          const found = await run(lines.join('\n'), {
            report: { format },
            problems: ['$mocha', '$node-test', '$python', '$pytest', '$rustc', '$eslint-stylish'],
          });
          assert.equal(found.problems.length > 0, true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('Paths in output', () => {
  const TABLE: readonly [string, string | undefined][] = [
    ['a.ts', 'a.ts'],
    ['./src/../a.ts', 'a.ts'],
    ['/tree/src/a.ts', 'src/a.ts'],
    ['file:///tree/src/a.ts', 'src/a.ts'],
    ['src\\a.ts', 'src/a.ts'],
    ['/tree', undefined],
    ['/trees/a.ts', undefined],
    ['../a.ts', undefined],
    ['C:\\tree\\a.ts', undefined],
    ['', undefined],
  ];
  for (const [path, expected] of TABLE) {
    it(`"${path}" is ${expected ?? 'outside the tree'}`, () => assert.equal(inTree(path, '/tree'), expected));
  }

  it('start at the folder the gate ran in, and drives fold case', () => {
    assert.equal(inTree('c:\\Tree\\A.ts', 'C:\\tree'), 'A.ts');
  });
});
