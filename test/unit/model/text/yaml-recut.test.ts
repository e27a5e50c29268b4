import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { cutYaml } from '../../../../src/model/text/yaml-cut.ts';
import { type CutMemory, piecesOf } from '../../../../src/model/text/yaml-recut.ts';

const LINES = [
  'plan_id: p',
  'tasks:',
  '  - id: a',
  '    title: b',
  '- c',
  '# note',
  '',
  '---',
  '? d',
  '  text',
  'e: >',
  'word',
];

/** Lines of every sort, more of those that a plan has. */
const texts = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('  - id: a', '    title: b') }, fc.constantFrom(...LINES)), {
    maxLength: 30,
  })
  .map((lines) => `tasks:\n${lines.join('\n')}`);

describe('a text that is cut again after each edit', () => {
  it('has the pieces that it would have without what was known', () => {
    const edits = fc.array(
      fc.tuple(fc.nat(), fc.nat({ max: 20 }), fc.oneof(fc.constantFrom('\n', '  ', '-', '?'), texts)),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(texts, edits, (text, changes) => {
        const memory: CutMemory = {};
        let now = text;
        assert.deepEqual(piecesOf(now, memory), cutYaml(now));
        for (const [at, many, put] of changes) {
          const from = at % (now.length + 1);
          now = now.slice(0, from) + put + now.slice(from + many);
          assert.deepEqual(piecesOf(now, memory), cutYaml(now));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the pieces that an edit left alone', () => {
    const text = `tasks:\n${Array.from({ length: 9 }, (_, at) => `  - id: t${at}\n`).join('')}`;
    const memory: CutMemory = {};
    const before = piecesOf(text, memory) ?? [];
    const after = piecesOf(text.replace('t5', 'another'), memory) ?? [];
    assert.ok(after.slice(0, 4).every((piece, at) => piece === before[at]));
    assert.deepEqual(after.at(-1), {
      ...before.at(-1),
      start: (before.at(-1)?.start ?? 0) + 'another'.length - 'to'.length,
    });
  });
});
