import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { problemsOf } from '../../../src/language/check.ts';
import { fixesFor } from '../../../src/language/fixes.ts';
import { withEdits } from '../../../src/model/plan/fixes.ts';
import type { Problem } from '../../../src/model/text/problem.ts';
import { CASES } from './fix-cases.ts';
import { fileOf, KINDS, someText } from './texts.ts';

describe('fixes', () => {
  for (const [what, { kind, text, says, titles, first }] of Object.entries(CASES)) {
    it(`put right ${what}`, () => {
      const file = fileOf(kind, text);
      const problem = problemsOf(file).find(({ message }) => message.includes(says));
      assert.ok(
        problem,
        problemsOf(file)
          .map(({ message }) => message)
          .join('\n'),
      );
      const fixes = fixesFor(file, problem);
      assert.deepEqual(
        fixes.map(({ title }) => title),
        titles,
      );
      for (const [i, { title, edits }] of fixes.entries()) {
        const fixed = withEdits(text, edits);
        if (i === 0 && first !== undefined) assert.equal(fixed, first);
        const left: readonly Problem[] = problemsOf(fileOf(kind, fixed)).filter((other) => isSame(other, problem));
        assert.deepEqual(left, [], `${title}:\n${fixed}`);
      }
    });
  }

  it('never throw, and stay inside the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), someText, (kind, text) => {
        const file = fileOf(kind, text);
        const lines = text.split('\n');
        for (const problem of problemsOf(file).slice(0, 5)) {
          for (const { edits } of fixesFor(file, problem)) {
            for (const { range } of edits) {
              assert.ok(1 <= range.line && range.line <= range.endLine && range.endLine <= lines.length + 1);
              assert.ok(range.column <= (lines[range.line - 1]?.length ?? 0) + 1, JSON.stringify(range));
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

const isSame = (one: Problem, other: Problem): boolean => one.code === other.code && one.message === other.message;
