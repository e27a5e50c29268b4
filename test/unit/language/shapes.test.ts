import { strict as assert } from 'node:assert';
import { SHAPES } from '../../../src/language/shapes/all.ts';
import type { Shape } from '../../../src/language/shapes/shape.ts';
import { readConfig } from '../../../src/model/config/reader.ts';

describe('what the editor knows about keys', () => {
  const config = SHAPES.config?.keys ?? {};

  /** A small file for each key and word: the reader knows all of them. */
  const cases = Object.entries(config).flatMap(([key, shape]) => textsOf(shape, [key]));
  it('names no key and no word of orchestrate.yaml that the reader does not know', () => {
    assert.ok(cases.length > 20);
    for (const text of cases) {
      const strange = readConfig(text, 'orchestrate.yaml').problems.filter(({ message }) =>
        /not known|must be/.test(message),
      );
      assert.deepEqual(strange, [], text);
    }
  });
});

function textsOf(shape: Shape, path: readonly string[]): string[] {
  const words = Object.keys(shape.words ?? {}).map((word) => fileWith(path, word));
  const below = Object.entries(shape.keys ?? {}).flatMap(([key, part]) => textsOf(part, [...path, key]));
  const each = Object.entries(shape.each?.keys ?? {}).flatMap(([key, part]) => textsOf(part, [...path, 'any', key]));
  return [...words, ...below, ...each];
}

/** JSON is YAML. A gate has a line to run, whatever else it says. */
function fileWith(path: readonly string[], word: string): string {
  const [top, name, ...more] = path;
  const inside = more.reduceRight<unknown>((value, key) => ({ [key]: value }), word);
  const gate = top === 'gates' && typeof inside === 'object' ? { run: 'x', ...inside } : inside;
  return JSON.stringify(top === undefined ? {} : { [top]: name === undefined ? word : { [name]: gate } });
}
