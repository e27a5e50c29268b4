import { strict as assert } from 'node:assert';
import { BUNDLED } from '../../../src/gates/bundled.ts';
import { matchLines } from '../../../src/gates/matchers.ts';
import type { ProblemMatcher } from '../../../src/model/gate.ts';
import { MATCHER_NAMES, type MatcherName } from '../../../src/model/config/matcher-names.ts';
import type { Problem } from '../../../src/model/text/problem.ts';

const root = '/tree';

/** `file:line:column severity [code] message` for short tables. */
const short = (problem: Problem): string =>
  [
    `${problem.file ?? '?'}:${problem.range.line}:${problem.range.column}`,
    problem.severity,
    ...(problem.code ? [`[${problem.code}]`] : []),
    problem.message,
  ].join(' ');

function read(matcher: ProblemMatcher | MatcherName, output: string): string[] {
  const one = typeof matcher === 'string' ? BUNDLED[matcher] : matcher;
  const found: Problem[] = [];
  if (typeof one === 'function') found.push(...one(output.split('\n'), root));
  else matchLines(output.split('\n'), one, root, found);
  return found.map(short);
}

const TABLE: readonly { matcher: MatcherName; output: string; expected: readonly string[] }[] = [
  {
    matcher: '$tsc',
    output: "src/a.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
    expected: ["src/a.ts:3:7 error [TS2322] Type 'string' is not assignable to type 'number'."],
  },
  {
    matcher: '$tsc-watch',
    output: 'src/a.ts:3:7 - error TS2304: Cannot find name.',
    expected: ['src/a.ts:3:7 error [TS2304] Cannot find name.'],
  },
  {
    matcher: '$eslint-stylish',
    output: [
      '',
      '/tree/src/a.js',
      "  1:7   error    'x' is assigned a value but never used  no-unused-vars",
      '  9:20  warning  Missing semicolon                       semi',
      '',
      '/tree/src/b.js',
      '  2:1  error  Parsing error: Unexpected token',
      '',
      '✖ 3 problems (2 errors, 1 warning)',
    ].join('\n'),
    expected: [
      "src/a.js:1:7 error [no-unused-vars] 'x' is assigned a value but never used",
      'src/a.js:9:20 warning [semi] Missing semicolon',
      'src/b.js:2:1 error Parsing error: Unexpected token',
    ],
  },
  {
    matcher: '$eslint-compact',
    output: "/tree/a.js: line 1, col 7, Error - 'x' is never used. (no-unused-vars)",
    expected: ["a.js:1:7 error [no-unused-vars] 'x' is never used."],
  },
  {
    matcher: '$jshint',
    output: 'lib/a.js: line 4, col 12, Missing semicolon. (W033)',
    expected: ['lib/a.js:4:12 warning [033] Missing semicolon.'],
  },
  {
    matcher: '$jshint-stylish',
    output: 'lib/a.js\n  line 4  col 12  Missing semicolon. (E033)\n',
    expected: ['lib/a.js:4:12 error [033] Missing semicolon.'],
  },
  {
    matcher: '$gcc',
    output:
      'a.c: In function ‘main’:\na.c:1:20: error: ‘x’ undeclared\nb.h:3: fatal error: y.h: No such file or directory',
    expected: ['a.c:1:20 error ‘x’ undeclared', 'b.h:3:1 error y.h: No such file or directory'],
  },
  {
    matcher: '$go',
    output: '# example.com/m\n./main.go:5:2: undefined: x\nvet: ./b.go:7:1: expected declaration',
    expected: ['main.go:5:2 error undefined: x', 'b.go:7:1 error expected declaration'],
  },
  {
    matcher: '$rustc',
    output:
      'error[E0308]: mismatched types\n --> src/main.rs:2:18\n  |\nwarning: unused variable: `x`\n   --> src/lib.rs:9:9',
    expected: ['src/main.rs:2:18 error [E0308] mismatched types', 'src/lib.rs:9:9 warning unused variable: `x`'],
  },
  {
    matcher: '$msCompile',
    output:
      String.raw`  1>C:\other\a.cpp(3): error C2065: 'x': undeclared` +
      '\nsrc/Program.cs(5,9,5,12): error CS0103: no x',
    expected: ["?:1:1 error [C2065] 'x': undeclared", 'src/Program.cs:5:9 error [CS0103] no x'],
  },
  {
    matcher: '$lessCompile',
    output: 'Unrecognised input in file css/a.less line no. 3',
    expected: ['css/a.less:3:1 error Unrecognised input'],
  },
  {
    matcher: '$lessc',
    output: 'ParseError: Unrecognised input in /tree/css/a.less on line 3, column 4:',
    expected: ['css/a.less:3:4 error ParseError: Unrecognised input'],
  },
  {
    matcher: '$gulp-tsc',
    output: 'src/a.ts(1,2,1,9): 2304 Cannot find name.',
    expected: ['src/a.ts:1:2 error [2304] Cannot find name.'],
  },
  {
    matcher: '$pytest',
    output: [
      '=================================== FAILURES ===================================',
      '__________________________________ test_adds ___________________________________',
      '',
      '    def test_adds():',
      '>       assert helper(1) == 3',
      'E       assert 2 == 3',
      '',
      'tests/test_a.py:5: AssertionError',
      '=========================== short test summary info ============================',
      'FAILED tests/test_a.py::test_adds - assert 2 == 3',
    ].join('\n'),
    expected: ['tests/test_a.py:5:1 error test_adds: assert 2 == 3'],
  },
  {
    matcher: '$pytest',
    output: 'FAILED tests/test_a.py::TestA::test_adds - assert 2 == 3\n1 failed in 0.02s',
    expected: ['tests/test_a.py:1:1 error TestA::test_adds: assert 2 == 3'],
  },
  {
    matcher: '$jest',
    output: [
      'FAIL test/a.test.js',
      '  ● suite › adds',
      '',
      '    expect(received).toBe(expected)',
      '',
      '      at toBe (node_modules/expect/build/index.js:1:2)',
      '      at Object.<anonymous> (test/a.test.js:3:17)',
      '',
    ].join('\n'),
    expected: ['test/a.test.js:3:17 error suite > adds: expect(received).toBe(expected)'],
  },
];

describe('Bundled matchers', () => {
  for (const { matcher, output, expected } of TABLE) {
    it(`${matcher} reads ${expected[0]}`, () => assert.deepEqual(read(matcher, output), expected));
  }

  it('find nothing in prose', () => {
    for (const name of MATCHER_NAMES) {
      assert.deepEqual(read(name, 'All is well.\n\n> npm test\n  12 passing (3s)\nDone in 1.2s.\n'), [], name);
    }
  });
});

describe('The matcher engine', () => {
  it('takes file, line, column and the whole text where a single pattern says nothing', () => {
    assert.deepEqual(read({ pattern: { regexp: String.raw`^(\S+):(\d+):(\d+): .*$` } }, 'a.x:3:4: oh'), [
      'a.x:3:4 error a.x:3:4: oh',
    ]);
  });

  it('reads every form of a location', () => {
    const matcher: ProblemMatcher = {
      pattern: { regexp: String.raw`^(\S+) (\S+) (.*)$`, file: 1, location: 2, message: 3 },
    };
    const found: Problem[] = [];
    matchLines(['a (3) m', 'a (3,4) m', 'a (3,4,5,6) m', 'a 3,4 m'], matcher, root, found);
    const ranges = found.map(({ range }) => [range.line, range.column, range.endLine, range.endColumn].join());
    assert.deepEqual(ranges, ['3,1,3,2', '3,4,3,5', '3,4,5,6', '3,4,3,5']);
  });

  it('takes a pattern of kind file as a problem of the whole file', () => {
    const matcher: ProblemMatcher = {
      pattern: { regexp: String.raw`^not formatted: (.*)$`, kind: 'file', file: 1, message: 0 },
    };
    assert.deepEqual(read(matcher, 'not formatted: src/a.ts'), ['src/a.ts:1:1 error not formatted: src/a.ts']);
  });

  it('uses the matcher’s severity where the output has none, and the output’s where it has one', () => {
    const pattern = { regexp: String.raw`^(\S+):(\d+) (?:(\w+) )?- (.*)$`, file: 1, line: 2, severity: 3, message: 4 };
    assert.deepEqual(read({ severity: 'warning', pattern }, 'a:1 - x\na:2 error - y'), [
      'a:1:1 warning x',
      'a:2:1 error y',
    ]);
  });

  it('starts a relative path at the folder of fileLocation', () => {
    const pattern = { regexp: String.raw`^(\S+):(\d+) (.*)$`, file: 1, line: 2, message: 3 };
    const inPackage: ProblemMatcher = { fileLocation: ['relative', '${workspaceFolder}/packages/a'], pattern };
    assert.deepEqual(read(inPackage, 'src/x.ts:1 oh'), ['packages/a/src/x.ts:1:1 error oh']);
  });

  it('keeps a problem outside the tree without its file', () => {
    assert.deepEqual(read('$tsc', '../other/a.ts(3,7): error TS1: x'), ['?:1:1 error [TS1] x']);
    assert.deepEqual(read('$tsc', '/treehouse/a.ts(3,7): error TS1: x'), ['?:1:1 error [TS1] x']);
  });

  it('joins the messages of several lines', () => {
    const matcher: ProblemMatcher = {
      pattern: [
        { regexp: String.raw`^(\S+):(\d+): (.*)$`, file: 1, line: 2, message: 3 },
        { regexp: String.raw`^ {2}(.*)$`, message: 1 },
      ],
    };
    assert.deepEqual(read(matcher, 'a:1: one\n  two\na:2: alone'), ['a:1:1 error one\ntwo']);
  });

  it('passes over lines that no compiler writes', () => {
    assert.deepEqual(read('$tsc', `src/a.ts(3,7): error TS1: ${'x'.repeat(3_000)}`), []);
  });
});
