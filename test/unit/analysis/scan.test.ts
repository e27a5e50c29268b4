import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { type Language, languageOf, scanImports } from '../../../src/analysis/scan/language.ts';

const names = (language: Language, text: string): string[] =>
  scanImports(text, language).map(({ specifier, names: taken }) =>
    taken ? `${specifier}:${taken.join('+')}` : specifier,
  );

const LANGUAGES: readonly Language[] = ['typescript', 'javascript', 'python', 'go', 'rust', 'java'];

const TABLE: Readonly<Record<Language, readonly (readonly [string, readonly string[]])[]>> = {
  typescript: [
    [`import a from 'a'; import * as b from "b"; import { c as d, type e } from 'c';`, ['a', 'b', 'c']],
    [`import 'side'; import type { T } from './t.ts'; import x, { y } from 'z'`, ['side', './t.ts', 'z']],
    [
      `export * from 'a'; export * as n from 'b'; export { c } from 'c'; export type { D } from 'd'`,
      ['a', 'b', 'c', 'd'],
    ],
    [`export * as "name" from 'a'; import { "x-y" as z } from 'b'`, ['a', 'b']],
    [`import a = require('a'); type T = import('b').B; const c = await import(\`c\`)`, ['a', 'b', 'c']],
    [`import/*1*/{a}/*2*/from/*3*/'a';import{b}from"b"`, ['a', 'b']],
    [`import defer * as a from 'a'; import.defer('b'); import.meta.url`, ['a', 'b']],
    [`import from from 'a'; import type from 'b'; import type type from 'c'`, ['a', 'b', 'c']],
    [
      `// import 'a'\n/* import 'b' */ const s = "import 'c'"; const t = \`import 'd' \${import('e')} import 'f'\``,
      ['e'],
    ],
    [`const r = /import 'a'/; const d = x / y; import('b'); if (z) /"/.test(w); import('c')`, ['b', 'c']],
    [`o.import('a'); o.require('b'); const from = 'c'; export const d = 'e'; [...import('f')]`, ['f']],
    [`import('a' + b); import(c); require('d', e); f({ import: 'g' })`, ['d']],
    [`const x = <p>don't \`tick</p>\nimport('a')`, ['a']],
    [`const x = <p>a/*</p>\nimport('a')`, ['a']],
    [`const a = <b>x</b>; const y = "'"; import('c')`, ['c']],
    [`export class A { m() { return 1 } }\nimport { b } from 'b'`, ['b']],
    [`function* f() { yield /'/; }\nimport 'a'`, ['a']],
    [`#!/usr/bin/env node\nimport 'a'`, ['a']],
    [`import json from './a.json' with { type: 'json' }`, ['./a.json']],
  ],
  javascript: [
    [`const a = require('a'), { b } = require("b")`, ['a', 'b']],
    [`/** @type {import('./t').T} */ let a; /** @param {Map<string, import("./u")>} x */`, ['./t', './u']],
    [`/** @import {A, B} from './a' */ let x`, ['./a']],
    [`/** see import('./no') */ // import('./no')\nlet a`, []],
    [`require.resolve('a'); module.require('b')`, []],
  ],
  python: [
    [`import a, b.c as d\nfrom e import f`, ['a', 'b.c', 'e:f']],
    [`from . import a\nfrom ..b import (c,  # why\n  d as e,\n)\nfrom .import g`, ['.:a', '..b:c+d', '.:g']],
    [`from a import b, \\\n  c\nfrom d import *`, ['a:b+c', 'd:*']],
    [`if x: import a; import b\ndef f():\n    from c import d`, ['a', 'b', 'c:d']],
    [`"""\nimport a\n"""\n# import b\ns = 'import c'\nimport d`, ['d']],
    [`raise A from b\nimport_thing = 1\nx = y.import_all()\n`, []],
    [`from a import (\n  important,\n  z\n)\n`, ['a:important+z']],
    [`r'\\'; import a`, []],
    [`import a\r\nfrom b import c\r\n`, ['a', 'b:c']],
  ],
  go: [
    [
      `package p\nimport "a"\nimport (\n  b "b/c" // "no"\n  . "d"\n  _ \`e\`\n)\nfunc f() { import "g" }`,
      ['a', 'b/c', 'd', 'e'],
    ],
    [`// import "x"\npackage p\nvar s = "import"`, []],
  ],
  rust: [
    [`mod a; pub mod b; mod c { }\nextern crate d;`, ['a', 'b', 'd']],
    [
      `use crate::a::{self, b, c::{D, e as F}}; pub(crate) use super::g::*;`,
      ['crate::a', 'crate::a::b', 'crate::a::c::D', 'crate::a::c::e', 'super::g::*'],
    ],
    [`// use a::b;\n/* use c; /* use d; */ */ let s = r#"use e;"#; let c = '"'; use f::g;`, ['f::g']],
  ],
  java: [
    [
      `package a.b;\nimport c.D;\nimport static e.F.g;\nimport h.*;\n// import no;\nclass X { String s = "import no;"; }`,
      ['a.b', 'c.D', 'e.F', 'h.*'],
    ],
  ],
};

describe('What a file imports', () => {
  for (const language of LANGUAGES)
    for (const [text, wanted] of TABLE[language])
      it(`${language}: ${text.replaceAll('\n', '⏎')}`, () => assert.deepEqual(names(language, text), wanted));

  it('is asked of the languages that are known', () => {
    assert.equal(languageOf('a/b.mts'), 'typescript');
    assert.equal(languageOf('a/b.d.ts'), 'typescript');
    assert.equal(languageOf('Makefile'), undefined);
    assert.equal(languageOf('a.constructor'), undefined);
  });

  const pieces = [
    'import ',
    'from ',
    'export ',
    "'a'",
    '"',
    '`',
    '${',
    '}',
    '{',
    '(',
    ')',
    '/*',
    '*/',
    '//',
    '/',
    '\n',
    '\\',
    'require(',
    'use ',
    'mod ',
    '"""',
    '#',
    '::',
    ';',
    ',',
    '/** @type {',
    '.',
    'a',
  ];

  it('never throws on a random text', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...LANGUAGES),
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())),
        (language, parts) => {
          for (const { specifier } of scanImports(parts.join(''), language)) assert.equal(typeof specifier, 'string');
        },
      ),
      { numRuns: 2000 },
    ));

  // A text is read as far as its last mention in code: with one at its very end, all of it is.
  it('is the same however far the text is read', () => {
    const code = fc.constantFrom(
      '/**\n * import { a } from "./doc-a"\n *\n * const x = require("./doc-b")\n */',
      '/**\n * import { a } from "./doc-a"\n * end */ import "./after"',
      '/**\n import "./plain"\n * import "./starred"\n*/',
      '/** one */ import "./beside"',
      '/* import "./block" */',
      '// import "./line"',
      'import { b } from "./b"',
      'const two = f()\n  * import("./product")',
      'const glob = "src/**/*.ts"',
      'export const load = () => import("./load")',
    );
    const words = fc.constantFrom('/**', ' * import "./text"', ' * ${import("./inside")}', ' */', 'import "./text"');
    const part = fc.oneof(
      code,
      fc.array(words, { maxLength: 6 }).map((all) => `const text = \`\n${all.join('\n')}\n\`;`),
      fc.array(code, { maxLength: 4 }).map((all) => `const text = \`\n * \${\n${all.join('\n')}\n}\`;`),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = parts.join('\n');
        const whole = scanImports(`${text}\nimport "./last"`, 'typescript').filter(
          ({ specifier }) => specifier !== './last',
        );
        assert.deepEqual(scanImports(text, 'typescript'), whole);
      }),
      { numRuns: 1000 },
    );
  });

  it('is found in linear time in hostile text', () => {
    const hostile = [
      ...pieces,
      'import/*',
      'import{',
      'export{',
      'import a,',
      'from a import (\n',
      'from .',
      'import (',
      '`${',
      '`${`',
      'use a::{',
      'r#"',
      '/** @type {import(',
      '/** @a {',
      "import('",
      'import  static ',
      'use use ',
      'export export ',
      'from/*',
      '@import ',
    ];
    for (const language of LANGUAGES)
      for (const piece of hostile) {
        const started = process.cpuUsage();
        scanImports(`${piece.repeat(400_000 / piece.length)}import from`, language);
        const took = process.cpuUsage(started).user / 1000;
        assert.ok(took < 3000, `${language} ${JSON.stringify(piece)}: ${Math.round(took)} ms`);
      }
  });
});
