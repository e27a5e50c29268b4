import { equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { messageOf, type ReviewComment } from '../../../../src/model/shown/review-comment.ts';

const comment = (over: Partial<ReviewComment>): ReviewComment => ({
  run: 'r',
  task: 'a',
  attempt: 1,
  file: 'a.ts',
  from: 1,
  to: 1,
  quote: 'let a;',
  text: 'Why?',
  ...over,
});

describe('Comments on a change', () => {
  it('become one message, with file, line and what stands there, in the order of the change', () => {
    const drafts = [
      comment({ file: 'b.ts', from: 9, to: 10, quote: 'one\r\n  two', text: ' Join these.\nThey are one.\n' }),
      comment({ from: 12, quote: '' }),
      comment({ from: 2 }),
    ];
    equal(
      messageOf(drafts),
      '3 comments on your change:\n\na.ts:2\n> let a;\nWhy?\n\na.ts:12\n>\nWhy?\n\n' +
        'b.ts:9-10\n> one\n>   two\nJoin these.\nThey are one.',
    );
  });

  it('quote no more than it takes to find the place', () => {
    const message = messageOf([comment({ from: 1, to: 40, quote: Array(40).fill('x'.repeat(999)).join('\n') })]);
    ok(message.startsWith('A comment on your change:\n\na.ts:1-40\n> xxx'), message);
    ok(message.endsWith('x\n> …\nWhy?') && message.length < 3000, message);
  });

  it('are all in it, whatever is written', () => {
    const texts = fc.array(fc.string({ minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(texts, (said) => {
        const message = messageOf(said.map((text, index) => comment({ text, from: index + 1, to: index + 1 })));
        ok(said.every((text) => message.includes(text.trim())));
      }),
    );
  });
});
