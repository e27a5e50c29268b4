import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { importGraph } from '../../../src/analysis/import-graph.ts';
import { indexFiles } from '../../../src/analysis/repository-files.ts';
import { readScanCache } from '../../../src/analysis/scan-cache.ts';
import { isTest, testsOf } from '../../../src/analysis/tests-of.ts';
import { joined } from '../../../src/analysis/paths.ts';

type Tree = Readonly<Record<string, string>>;

const filesIn = (tree: Tree) => ({ paths: Object.keys(tree), text: (path: string) => tree[path] });

/** Each file that imports something, with what. */
function edges(tree: Tree): Record<string, string[]> {
  const { imports } = importGraph(filesIn(tree));
  return Object.fromEntries(
    [...imports].filter(([, to]) => to.length > 0).map(([from, to]) => [from, [...to].toSorted()]),
  );
}

const TREES: readonly (readonly [string, Tree, Record<string, string[]>])[] = [
  [
    'relative, with and without an ending, a folder, a source behind .js',
    {
      'src/a.ts': `import './b'; import './c.js'; import './d'; import '../e.json'; import 'fs'; import '../../out'`,
      'src/b.tsx': '',
      'src/c.ts': '',
      'src/d/index.ts': `import '..'`,
      'src/index.ts': '',
      'e.json': '{}',
    },
    { 'src/a.ts': ['e.json', 'src/b.tsx', 'src/c.ts', 'src/d/index.ts'], 'src/d/index.ts': ['src/index.ts'] },
  ],
  [
    'paths of tsconfig.json, inherited, with comments and trailing commas',
    {
      'tsconfig.base.json': `{ /* shared */ "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["src/*", "generated/*",], "one": ["src/one"] } } } // end`,
      'tsconfig.json': `{ "extends": "./tsconfig.base" }`,
      'src/a.ts': `import '@app/b'; import '@app/g'; import 'one'; import 'src/c'`,
      'src/b.ts': '',
      'src/c.ts': '',
      'src/one.ts': '',
      'generated/g.ts': '',
    },
    { 'src/a.ts': ['generated/g.ts', 'src/b.ts', 'src/c.ts', 'src/one.ts'] },
  ],
  [
    'workspaces: exports with conditions and patterns, imports, main, a source behind dist',
    {
      'packages/x/package.json': `{ "name": "@s/x", "exports": { ".": { "require": "./x.cjs", "import": "./x.mjs" }, "./lib/*": "./src/*.ts", "./no": null } }`,
      'packages/x/x.cjs': '',
      'packages/x/x.mjs': '',
      'packages/x/src/deep/f.ts': '',
      'packages/y/package.json': `{ "name": "y", "main": "dist/index.js", "imports": { "#in/*": "./src/*.ts" } }`,
      'packages/y/src/index.ts': `import '@s/x'; import '@s/x/lib/deep/f'; import '@s/x/no'; import '#in/own'`,
      'packages/y/src/own.ts': '',
      'packages/z/z.js': `require('@s/x'); require('y'); require('y/src/own')`,
    },
    {
      'packages/y/src/index.ts': ['packages/x/src/deep/f.ts', 'packages/x/x.mjs', 'packages/y/src/own.ts'],
      'packages/z/z.js': ['packages/x/x.cjs', 'packages/y/src/index.ts', 'packages/y/src/own.ts'],
    },
  ],
  [
    'Python: packages, relative, modules as names, src',
    {
      'src/p/__init__.py': '',
      'src/p/a.py': 'from . import b\nfrom .q import c, thing\nfrom ..p.q.c import z\nimport os',
      'src/p/b.py': 'import p.q.c',
      'src/p/q/__init__.py': '',
      'src/p/q/c.py': 'from .. import b',
      'tests/test_a.py': 'from p.a import x\nimport helper',
      'tests/helper.py': '',
    },
    {
      'src/p/a.py': ['src/p/b.py', 'src/p/q/__init__.py', 'src/p/q/c.py'],
      'src/p/b.py': ['src/p/q/c.py'],
      'src/p/q/c.py': ['src/p/b.py'],
      'tests/test_a.py': ['src/p/a.py', 'tests/helper.py'],
    },
  ],
  [
    'Go: a package is its folder, tests apart',
    {
      'go.mod': 'module example.com/m\n',
      'main.go': 'package main\nimport (\n "fmt"\n "example.com/m/lib"\n "example.com/other"\n)',
      'lib/a.go': 'package lib',
      'lib/b.go': 'package lib',
      'lib/a_test.go': 'package lib\nimport "example.com/m/lib/sub"',
      'lib/sub/c.go': 'package sub',
    },
    { 'main.go': ['lib/a.go', 'lib/b.go'], 'lib/a_test.go': ['lib/sub/c.go'] },
  ],
  [
    'Rust: mod, crate, super, another crate',
    {
      'one/Cargo.toml': '[package]\nname = "one-x"\n',
      'one/src/lib.rs': 'mod a; pub mod b;',
      'one/src/a.rs': 'use crate::b::c::Thing; use std::io; mod inner;',
      'one/src/a/inner.rs': 'use super::super::b::f;',
      'one/src/b/mod.rs': 'pub mod c;',
      'one/src/b/c.rs': '',
      'two/Cargo.toml': '[package]\nname = "two"\n',
      'two/src/main.rs': 'use one_x::b::c; use one_x::Something;',
    },
    {
      'one/src/lib.rs': ['one/src/a.rs', 'one/src/b/mod.rs'],
      'one/src/a.rs': ['one/src/a/inner.rs', 'one/src/b/c.rs'],
      'one/src/a/inner.rs': ['one/src/b/mod.rs'],
      'one/src/b/mod.rs': ['one/src/b/c.rs'],
      'two/src/main.rs': ['one/src/b/c.rs', 'one/src/lib.rs'],
    },
  ],
  [
    'Java: classes, inner classes, whole packages',
    {
      'app/src/main/java/c/e/A.java': 'package c.e; import c.e.f.B; import c.e.f.B.Inner; import java.util.List;',
      'app/src/main/java/c/e/f/B.java': 'package c.e.f; import static c.e.A.x;',
      'app/src/test/java/c/e/ATest.java': 'package c.e; import c.e.f.*;',
    },
    {
      'app/src/main/java/c/e/A.java': ['app/src/main/java/c/e/f/B.java'],
      'app/src/main/java/c/e/f/B.java': ['app/src/main/java/c/e/A.java'],
      'app/src/test/java/c/e/ATest.java': ['app/src/main/java/c/e/f/B.java'],
    },
  ],
];

describe('Who imports whom', () => {
  for (const [name, tree, wanted] of TREES) it(name, () => assert.deepEqual(edges(tree), wanted));

  it('reads a broken configuration as none', () => {
    const tree = {
      'tsconfig.json': '{ "extends": "./tsconfig.json", "compilerOptions": { "paths": ',
      'package.json': '[]',
      'a.ts': `import './b'; import '#x'`,
      'b.ts': '',
    };
    assert.deepEqual(edges(tree), { 'a.ts': ['b.ts'] });
  });

  it('ends where configurations extend each other', () => {
    const tree = {
      'tsconfig.json': '{ "extends": "./other.json" }',
      'other.json': '{ "extends": "./tsconfig.json" }',
      'a.ts': `import 'x'`,
    };
    assert.deepEqual(edges(tree), {});
  });

  it('is remembered by content: a file with a known name is not read', () => {
    const tree: Tree = { 'a.ts': `import './b'`, 'b.ts': '' };
    const blob = (path: string) => `of-${path}`;
    const first = readScanCache(undefined);
    const files = filesIn(tree);
    assert.equal(importGraph({ ...files, blob }, first).scanned, 2);
    assert.ok(first.isChanged());
    const second = readScanCache(first.write());
    const again = importGraph({ paths: files.paths, blob, text: () => assert.fail('read') }, second);
    assert.deepEqual([again.scanned, again.remembered, second.isChanged()], [0, 2, false]);
    assert.deepEqual([...(again.imports.get('a.ts') ?? [])], ['b.ts']);
  });

  for (const text of ['', '{', '[]', '{"format":0,"scans":{}}', '{"format":1,"scans":{"a":[{}]}}', 'null'])
    it(`begins anew from a cache that says ${text}`, () =>
      assert.equal(readScanCache(text).get('a', 'typescript'), undefined));

  it('never throws, whatever files there are', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-c./]{1,8}\.(ts|py|rs|go|java|json)$/), fc.string()), (tree) => {
        importGraph(
          filesIn({ ...tree, 'package.json': tree['a.json'] ?? '{', 'tsconfig.json': tree['b.json'] ?? '{}' }),
        );
      }),
    ));
});

describe('The tests of a file', () => {
  const tree: Tree = {
    'src/a.ts': '',
    'src/a.test.ts': '',
    'test/unit/a.test.ts': '',
    'test/other.test.ts': `import '../src/a.ts'`,
    'src/user.ts': `import './a.ts'`,
    'p/m.py': '',
    'tests/test_m.py': '',
    'x/A.java': '',
    'x/ATest.java': '',
  };
  const index = indexFiles(filesIn(tree));
  const graph = importGraph(filesIn(tree));
  it('carry its name or import it, the nearest first', () => {
    assert.deepEqual(testsOf('src/a.ts', index, graph), ['src/a.test.ts', 'test/unit/a.test.ts', 'test/other.test.ts']);
    assert.deepEqual(testsOf('p/m.py', index, graph), ['tests/test_m.py']);
    assert.deepEqual(testsOf('x/A.java', index, graph), ['x/ATest.java']);
    assert.deepEqual(testsOf('src/user.ts', index, graph), []);
    assert.deepEqual(testsOf('src/a.test.ts', index, graph), []);
  });
  it('are told by their names and folders', () => {
    for (const path of ['a_test.go', 'test_x.py', 'a/__tests__/b.js', 'a.spec.tsx', 'ThingIT.java'])
      assert.ok(isTest(path), path);
    for (const path of ['latest.ts', 'src/contest.py', 'docs/test/a.md']) assert.ok(!isTest(path), path);
  });
});

describe('A relative path', () => {
  it('never leads out of the repository', () => {
    assert.equal(joined('a/b', '../c'), 'a/c');
    assert.equal(joined('a', '../..'), undefined);
    assert.equal(joined('', './'), '');
  });
});
