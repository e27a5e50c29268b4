import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { clip, pad, plain, plainLines, timeText, widthOf, wrap } from '../../../src/cli/shown/text.ts';

/** Text as a hostile plan or agent may hold it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\u001b[2J',
        '\u001b]0;title\u0007',
        '\u009b31m',
        '\u202e',
        '\u2066',
        '\r',
        '\n',
        '\t',
        'ü',
        '漢',
        '🎉',
        'a',
        'e\u0301',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('text for a terminal', () => {
  it('holds nothing that a terminal obeys or that turns the reading direction round', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        // oxlint-disable-next-line no-control-regex -- control characters are what this is about
        assert.doesNotMatch(plain(text), /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
        // oxlint-disable-next-line no-control-regex -- as above
        for (const line of plainLines(text)) assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u);
      }),
    );
  });

  it('is cut to at most, and filled to exactly, the columns there are', () => {
    fc.assert(
      fc.property(hostile, fc.nat(60), fc.constantFrom('…', '...'), (text, columns, more) => {
        assert.ok(widthOf(clip(plain(text), columns, more)) <= columns);
        assert.equal(widthOf(pad(plain(text), columns, more)), columns);
      }),
    );
  });

  for (const [text, columns] of [
    ['abc', 3],
    ['漢字', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['🎉', 2],
    ['✔', 1],
    ['한국', 4],
  ] as const) {
    it(`takes ${columns} columns for ${text}`, () => assert.equal(widthOf(text), columns));
  }

  for (const [milliseconds, text] of [
    [0, '0.0 s'],
    [-5, '0.0 s'],
    [1234, '1.2 s'],
    [9960, '10 s'],
    [59_600, '1:00'],
    [187_000, '3:07'],
    [3_753_000, '1:02:33'],
  ] as const) {
    it(`says ${text} for ${milliseconds} ms`, () => assert.equal(timeText(milliseconds), text));
  }

  it('is broken at spaces, and nothing of it is lost', () => {
    assert.deepEqual(wrap('  one two three', 9), ['  one two', '  three']);
    assert.deepEqual(wrap('', 9), ['']);
    assert.deepEqual(wrap('in /a/very/long/path now', 10), ['in', '/a/very/lo', 'ng/path', 'now']);
    assert.deepEqual(wrap(' abc', 1), [' ab', ' c'], 'where its beginning alone is too long');
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        const indent = /^ */.exec(text)?.[0].length ?? 0;
        const lines = wrap(text, columns);
        assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
        for (const line of lines) assert.ok(widthOf(line) <= Math.max(columns, indent + 2));
      }),
    );
  });
});
