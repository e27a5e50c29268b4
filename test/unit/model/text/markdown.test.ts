import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { code, escaped, table } from '../../../../src/model/text/markdown.ts';
import { textIn, tokensOf } from '../../../rig/markdown.ts';

/** Texts that want to be more than text. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...String.raw`# - + * _ ~ [ ] ( ) < > ! & \ | : / . = @ $ ^ % { } " ' a b 1 1. amp; #35; // http www. c.org`.split(
        ' ',
      ),
      ...'<b> <!-- <script> ![x](y) [x](command:evil) x_y https://a.b a@b.c mailto:a@b.c --- [x]:/y'.split(' '),
      ' ',
      '\n',
      '\t',
      '\u0000',
      '`',
      '```',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
const opened = (markdown: string, type: string): number =>
  tokensOf(markdown).filter((token) => token.type === `${type}_open`).length;

describe('text in Markdown', () => {
  for (const [text, escapedText] of [
    ['add-cart, snake_case: 100 % (of it)', 'add-cart, snake_case: 100 % (of it)'],
    ['# a heading', String.raw`\# a heading`],
    ['- a list', String.raw`\- a list`],
    ['1. a list', String.raw`1\. a list`],
    ['[a](http://link)', String.raw`\[a\]\(http:\//link)`],
    ['<img src=x>', '&lt;img src=x>'],
    ['a | b', String.raw`a \| b`],
    ['two\n\n# lines\u001b[31m', String.raw`two # lines \[31m`],
    ['a\u202eb', 'ab'],
  ] as const)
    it(`${JSON.stringify(text)} is ${escapedText}`, () => assert.equal(escaped(text), escapedText));

  it('is read as the text that it is, in a list, a paragraph, a heading, whatever it holds', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('- ', 'so: ', '# '), (text, before) => {
        const markdown = before + escaped(text);
        const own = /^(?:text|text_special|(?:paragraph|bullet_list|list_item|heading)_(?:open|close))$/;
        assert.deepEqual(
          tokensOf(markdown).filter(({ type }) => !own.test(type)),
          [],
        );
        assert.equal(textIn(markdown), before === 'so: ' ? `so: ${oneLine(text)}`.trim() : oneLine(text));
        assert.ok(opened(markdown, 'list_item') <= (before === '- ' ? 1 : 0), markdown);
      }),
      { numRuns: 2000 },
    );
  });

  it('stays in its cell of a table', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, name) => {
        const rows = [['a', escaped(text), code(name), 'z']];
        const markdown = table(['1', '2', '3', '4'], rows).join('\n');
        assert.equal(opened(markdown, 'tr'), 2);
        assert.equal(opened(markdown, 'td'), opened(markdown, 'th'));
        assert.ok(textIn(markdown).endsWith('z'), markdown);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves columns out that say nothing', () => {
    assert.deepEqual(
      table(
        ['a', 'b'],
        [
          ['1', ''],
          ['2', ''],
        ],
      ),
      ['| a |', '| --- |', '| 1 |', '| 2 |'],
    );
    assert.deepEqual(table(['a'], []), []);
  });
});
