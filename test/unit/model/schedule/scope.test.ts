import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { coverage, overlaps, scopeFault } from '../../../../src/model/schedule/scope.ts';

describe('A scope covers', () => {
  const TABLE: readonly [readonly string[], string, boolean][] = [
    [['src'], 'src/a/b.ts', true],
    [['src/'], 'src/a.ts', true],
    [['./src'], 'src/a.ts', true],
    [['src'], 'src2/a.ts', false],
    [['src/a.ts'], 'src/a.ts', true],
    [['src/*.ts'], 'src/a.ts', true],
    [['src/*.ts'], 'src/x/a.ts', false],
    [['src/**/*.ts'], 'src/a.ts', true],
    [['**/*.test.ts'], 'a/b/.c/x.test.ts', true],
    [['src/{a,b}/*.ts'], 'src/b/x.ts', true],
    [['app/[id]/page.tsx'], 'app/[id]/page.tsx', true],
    [['app/(group)'], 'app/(group)/page.tsx', true],
    [['src', '!src/generated'], 'src/generated/x.ts', false],
    [['!docs'], 'src/x.ts', true],
    [[], 'src/x.ts', false],
    [['Src'], 'src/x.ts', false],
  ];
  for (const [scope, path, expected] of TABLE) {
    it(`${expected ? '' : 'not '}${path} with [${scope.join(', ')}]`, () =>
      assert.equal(coverage(scope)(path), expected));
  }
});

describe('Two scopes', () => {
  const TABLE: readonly [string, string, boolean][] = [
    ['src/a.ts', 'src/a.ts', true],
    ['src/a.ts', 'src/b.ts', false],
    ['src', 'src/a/b.ts', true],
    ['src/a', 'src/ab', false],
    ['src/**', 'src/a/b.ts', true],
    ['src/*.ts', 'src/*.md', false],
    ['src/**/*.ts', 'test/**/*.ts', false],
    ['**/*.ts', 'src', true],
    ['**/*.ts', 'src/a.md', true],
    ['packages/*/src', 'packages/a', true],
    ['packages/*/src/x.ts', 'packages/a/test/**', false],
    ['src/{a,b}.ts', 'src/c.ts', false],
    ['src/{a,b/c}.ts', 'src/b/c.ts', true],
    ['Src/a.ts', 'src/A.ts', true],
    ['app/[id]', 'app/[id]/page.tsx', true],
    ['a/*/c', 'a/b/*', true],
    ['a*.ts', 'b*.ts', false],
    ['a/!(a)/**/!(a)', '*/b', true],
  ];
  for (const [a, b, expected] of TABLE) {
    it(`${a} and ${b} ${expected ? 'may meet' : 'never meet'}`, () => {
      assert.equal(overlaps([a], [b]), expected);
      assert.equal(overlaps([b], [a]), expected);
    });
  }

  const segment = fc.constantFrom(
    'a',
    'b',
    'ab',
    '*',
    '**',
    'a*',
    '*b',
    '?',
    '{a,b}',
    '[ab]',
    '*.ts',
    'a.ts',
    '{a,b/a}',
    '@(a|b)',
    'a**',
    '!(a)',
    'A',
    '*.{ts,b}',
    '+(a)',
    '(a)',
    '[!a]',
    '.a',
  );
  const glob = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'a.ts', 'b.ts', 'A', '.a', '[ab]', '(a)'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  it('that both cover a path are never said to be apart', () => {
    fc.assert(
      fc.property(
        fc.array(glob, { minLength: 1, maxLength: 2 }),
        fc.array(glob, { minLength: 1, maxLength: 2 }),
        fc.array(path, { minLength: 20, maxLength: 60 }),
        (a, b, paths) => {
          if (paths.some((one) => coverage(a)(one) && coverage(b)(one))) assert.equal(overlaps(a, b), true);
        },
      ),
      { numRuns: 1_500 },
    );
  }).timeout(20_000);
});

describe('A scope that is none', () => {
  for (const glob of ['', ' ', '/etc', 'C:/x', 'c:x', '..', '../x', 'a/../../x', 'a\\b', '~/x', '!/etc', '{..,a}/x']) {
    it(`"${glob}" is refused with a reason`, () => assert.equal(typeof scopeFault(glob), 'string'));
  }
  for (const glob of ['src', 'src/**', '.', '..a', 'a..b/c', '!src', '**', 'ä/ö']) {
    it(`but "${glob}" is taken`, () => assert.equal(scopeFault(glob), undefined));
  }
});
