import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { decodeUtf8 } from '../../../../src/model/text/utf8.ts';

describe('Bytes as text', () => {
  it('are the text they are, a byte order mark and replacement characters too', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        assert.deepEqual(decodeUtf8(Buffer.from(`\uFEFF${text}\uFFFD`)), { text: `\uFEFF${text}\uFFFD` }),
      ),
    ));

  it('that are no UTF-8 are told where they stand', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(0xff, 0xe9, 0x80, 0xc3), (before, byte) => {
        const head = `${before}\uFFFD`;
        const { fault } = decodeUtf8(Buffer.concat([Buffer.from(head), Buffer.from([byte]), Buffer.from(' after\n')]));
        assert.deepEqual([fault?.line, fault?.column], [head.split('\n').length, head.length - head.lastIndexOf('\n')]);
        assert.ok(fault?.message.includes(byte.toString(16).toUpperCase()), fault?.message);
      }),
    ));

  it('of UTF-16 are told as such', () =>
    assert.match(decodeUtf8(Buffer.from('\uFEFFplan_id: p', 'utf16le')).fault?.message ?? '', /UTF-16/));
});
