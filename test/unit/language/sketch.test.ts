import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { sketchYaml } from '../../../src/language/sketch.ts';
import { sketchPieces } from '../../../src/language/sketch-pieces.ts';
import { readYaml } from '../../../src/model/text/yaml-text.ts';
import { largePlan, someText } from './texts.ts';

/** `path=word` of each entry. */
const told = (text: string): string[] =>
  sketchYaml(text).map(({ path, word }) => path.join('.') + (word ? `=${word}` : ''));

describe('a sketch of YAML', () => {
  const cases: [string, string, string[]][] = [
    ['mappings in mappings', 'a:\n  b: 1\n  c:\n    d: x y # no\ne: "q"\n', ['a', 'a.b=1', 'a.c', 'a.c.d=x y', 'e=q']],
    [
      'lists at the column of their key',
      'a:\n- x\n- id: y\n  z: 1\nb: 2',
      ['a', 'a.0=x', 'a.1', 'a.1.id=y', 'a.1.z=1', 'b=2'],
    ],
    ['lists further in', 'a:\n  - x\n  - y\nb: 2', ['a', 'a.0=x', 'a.1=y', 'b=2']],
    ['brackets', 'a: [x, "y z"]\nb: { c: 1, d: [e] }', ['a', 'a.0=x', 'a.1=y z', 'b', 'b.c=1', 'b.d', 'b.d.0=e']],
    ['brackets over lines', 'a: [x,\n  y]\nb: 1', ['a', 'a.0=x', 'a.1=y', 'b=1']],
    [
      'brackets that are being written',
      'a:\n  - b: [x,\n    c: 1\n  - b: y',
      ['a', 'a.0', 'a.0.b', 'a.0.b.0=x', 'a.0.c=1', 'a.1', 'a.1.b=y'],
    ],
    ['texts, which hold no keys', 'a: |\n  b: 1\n\n  - c\nd: 2', ['a', 'd=2']],
    ['sentences over lines', 'a: some\n  more: not a key?\nb: 1', ['a=some', 'a.more=not a key?', 'b=1']],
    ['JSON', '{"a": [{"id": "x"}, {"id": 2}], "b": null}', ['a', 'a.0', 'a.0.id=x', 'a.1', 'a.1.id=2', 'b=null']],
    ['tabs', 'a:\n\t- id: x\n\t\tb: 1\n\t- id: y', ['a', 'a.0', 'a.0.id=x', 'a.0.b=1', 'a.1', 'a.1.id=y']],
    ['a line that is only begun', 'a:\n  - id: x\n    depe\n    b: 1', ['a', 'a.0', 'a.0.id=x', 'a.0.b=1']],
    ['keys in quotes', '"a b":\n  \'c\': 1', ['a b', 'a b.c=1']],
  ];
  for (const [what, text, expected] of cases) it(`reads ${what}`, () => assert.deepEqual(told(text), expected));

  it('reads what is YAML as the reader does', () => {
    const text = largePlan(40);
    const value = readYaml(text, '').yaml?.value;
    const at = (path: readonly (string | number)[]): unknown =>
      path.reduce<unknown>((part, key) => Reflect.get(Object(part), key), value);
    const entries = sketchYaml(text);
    assert.equal(entries.filter(({ path }) => path.length === 2 && path[0] === 'tasks').length, 40);
    for (const { path, word } of entries) {
      assert.notEqual(at(path), undefined, path.join('.'));
      if (word !== undefined && word !== '') assert.equal(at(path), word, path.join('.'));
    }
  });

  it('is the same whatever was sketched before, and that of the whole where that is plain', () => {
    const whole = (text: string) => ({ start: 0, end: text.length });
    const memory = { sketches: new Map() };
    const text = largePlan(30);
    for (const edited of [
      text,
      text.replace('id: task-7', 'id: "task'),
      `# more\n${text}`,
      text.replace('  - id: task-0', ''),
    ]) {
      const fresh = sketchPieces(edited, whole(edited), { sketches: new Map() });
      assert.deepEqual(sketchPieces(edited, whole(edited), memory), fresh);
    }
    assert.deepEqual(sketchPieces(text, whole(text), memory), sketchYaml(text));
    fc.assert(
      fc.property(someText, someText, (one, other) => {
        for (const edited of [one, other, `${one}\n${other}`]) {
          const fresh = sketchPieces(edited, whole(edited), { sketches: new Map() });
          assert.deepEqual(sketchPieces(edited, whole(edited), memory), fresh);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, ends, and stays inside the text', () => {
    fc.assert(
      fc.property(someText, (text) => {
        for (const { start, end, value, key } of sketchPieces(
          text,
          { start: 0, end: text.length },
          { sketches: new Map() },
        )) {
          for (const span of [{ start, end }, value, ...(key ? [key] : [])])
            assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length, JSON.stringify(span));
        }
      }),
      { numRuns: 500 },
    );
  });
});
