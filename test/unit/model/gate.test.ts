import { strict as assert } from 'node:assert';
import { type Baseline, compare, type GateRun, isUnusable, UNREAD, type Verdict } from '../../../src/model/gate.ts';
import { at, type Problem } from '../../../src/model/text/problem.ts';

const error = (message: string, more: Partial<Problem> = {}): Problem => ({
  file: 'a.ts',
  range: at(1),
  severity: 'error',
  message,
  ...more,
});
const run = (result: GateRun['result'], more: Partial<GateRun> = {}): GateRun => ({
  gate: 'g',
  result,
  exitCode: 1,
  problems: [],
  tail: '',
  duration: 1,
  ...more,
});
const tests = (total: number, ...failed: string[]): Partial<GateRun> => ({ tests: { total, failed } });
const problems = (...all: Problem[]): Partial<GateRun> => ({ problems: all });

describe('A gate against its base-line is', () => {
  const TABLE: readonly [string, GateRun, Baseline | undefined, Verdict][] = [
    ['passed', run('passed'), run('failed', tests(2, 'a')), 'green'],
    ['without an answer', run('error'), run('failed', tests(2, 'a')), 'error'],
    ['failed without a base-line', run('failed', tests(2, 'a')), undefined, 'red'],
    ['failed on a green base', run('failed', tests(2, 'a')), run('passed', tests(2)), 'red'],
    ['failed in the same tests', run('failed', tests(2, 'a')), run('failed', tests(2, 'a')), 'noWorse'],
    ['failed in fewer tests', run('failed', tests(2, 'a')), run('failed', tests(2, 'a', 'b')), 'noWorse'],
    ['failed in another test', run('failed', tests(2, 'b')), run('failed', tests(2, 'a')), 'red'],
    ['failed in fewer of fewer tests', run('failed', tests(1, 'a')), run('failed', tests(2, 'a', 'b')), 'red'],
    ['failed in a test of the same name again', run('failed', tests(2, 'a', 'a')), run('failed', tests(2, 'a')), 'red'],
    [
      'failed with the same message elsewhere in the file',
      run('failed', problems(error('x', { range: at(9) }))),
      run('failed', problems(error('x'))),
      'noWorse',
    ],
    [
      'failed with two equal messages of three',
      run('failed', problems(error('x'), error('x'))),
      run('failed', problems(error('x'), error('x'), error('x'))),
      'noWorse',
    ],
    [
      'failed with three equal messages instead of two',
      run('failed', problems(error('x'), error('x'), error('x'))),
      run('failed', problems(error('x'), error('x'))),
      'red',
    ],
    [
      'failed with the same message in another file',
      run('failed', problems(error('x', { file: 'b.ts' }))),
      run('failed', problems(error('x'))),
      'red',
    ],
    [
      'failed with more warnings only',
      run('failed', problems(error('x'), error('y', { severity: 'warning' }))),
      run('failed', problems(error('x'))),
      'noWorse',
    ],
    ['failed and silent on both sides', run('failed'), run('failed'), 'red'],
    [
      'failed with the same last words, which name nothing',
      run('failed', problems(error('boom', { code: UNREAD }))),
      run('failed', problems(error('boom', { code: UNREAD }))),
      'red',
    ],
    [
      'failed with more problems than are kept',
      run('failed', problems(error('x'), error('1 more', { code: UNREAD }))),
      run('failed', problems(error('x'))),
      'red',
    ],
  ];
  for (const [name, now, before, expected] of TABLE) {
    it(`${expected} when it ${name}`, () => assert.equal(compare(now, before), expected));
  }
});

describe('A base-line is unusable', () => {
  const TABLE: readonly [string, Baseline, boolean][] = [
    ['when it could not run', run('error'), true],
    ['when it is red and names nothing', run('failed', problems(error('boom', { code: UNREAD }))), true],
    ['but not when it is red and names its tests', run('failed', tests(1, 'a')), false],
    ['but not when it is green', run('passed'), false],
  ];
  for (const [name, baseline, expected] of TABLE) it(name, () => assert.equal(isUnusable(baseline), expected));
});
