import { equal, match, notEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { nameOf, slug } from '../../../../src/model/text/names.ts';

describe('A slug', () => {
  const cases: readonly [string, string][] = [
    ['Add a search', 'add-a-search'],
    ['Öffnungszeiten für Cafés', 'offnungszeiten-fur-cafes'],
    ['../../etc/passwd', 'etc-passwd'],
    ['検索', 'x'],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ];
  for (const [text, expected] of cases)
    it(`of ${JSON.stringify(text)} is ${expected}`, () => equal(slug(text), expected));

  it('of any text is a file name and a part of a ref', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        match(slug(text), /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
      ),
    ));

  it('tells ids apart where it is made a name', () => notEqual(nameOf('検'), nameOf('索')));
});
