import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { newConventions, withConventions } from '../../../../src/model/plan/conventions.ts';

const appended = (text: string, said: readonly string[]): string => withConventions(text, newConventions(text, said));

describe('what is decided', () => {
  for (const [what, before, after] of [
    ['makes the file', '', '## Decisions\n\n- Which store? SQLite\n'],
    [
      'gets a section of its own',
      '# Rules\n\nBe kind.\n',
      '# Rules\n\nBe kind.\n\n## Decisions\n\n- Which store? SQLite\n',
    ],
    [
      'joins what was decided',
      '## Decisions\n\n- A\n\n## Next\n',
      '## Decisions\n\n- A\n- Which store? SQLite\n\n## Next\n',
    ],
    ['fills an empty section', '## decisions\n## Next\n', '## decisions\n\n- Which store? SQLite\n## Next\n'],
    ['is not said twice', '* which  store? sqlite\n', '* which  store? sqlite\n'],
    ['keeps the ends of lines', '# A\r\n', '# A\r\n\r\n## Decisions\r\n\r\n- Which store? SQLite\r\n'],
  ] as const)
    it(what, () => assert.equal(appended(before, ['Which store? SQLite', ' which store?  SQLite ']), after));

  it('leaves every line that was there, and is the same when said again', () => {
    const line = fc.constantFrom('# A', '## Decisions', '## B', '- x', 'text', '', '- Which store? SQLite');
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.constantFrom('x', 'y', 'Which store? SQLite')), (lines, said) => {
        const before = lines.join('\n');
        const once = appended(before, said);
        assert.equal(appended(once, said), once);
        const left = once.split('\n');
        for (const one of lines) assert.ok(left.includes(one) || one === '', one);
      }),
    );
  });
});
