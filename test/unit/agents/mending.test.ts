import { doesNotMatch, equal, match, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { mendingText } from '../../../src/agents/mending.ts';
import { type Check, standingOf } from '../../../src/model/shown/checks.ts';
import { at } from '../../../src/model/text/problem.ts';

const check = (more: Partial<Check>): Check => {
  const word = more.word ?? 'failure';
  return { name: 'build', word, standing: standingOf(word), said: '', problems: [], ...more };
};
const commit = 'c'.repeat(40);

describe('What an agent is told of checks that fail', () => {
  it('is what they printed up to the error, and the lines they name, of those that it could mend', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `2026-01-02T03:04:05.0000000Z step ${index}`);
    lines.splice(150, 0, '2026-01-02T03:04:05.1Z \u001b[31m##[error]Process completed with exit code 1.');
    const problems = [{ file: 'src/a.ts', range: at(3), severity: 'error' as const, message: 'no name' }];
    const text = mendingText({
      commit,
      pullRequest: { number: 12, url: 'https://x/12', state: 'open', commit },
      all: [
        check({ problems, log: lines.join('\r\n') }),
        check({ word: 'cancelled', name: 'stopped' }),
        check({ word: 'success', name: 'fine' }),
      ],
    });
    equal(text.split('\n', 1)[0], 'Checks of pull request #12 fail');
    match(
      text,
      /build: failure\nsrc\/a\.ts:3: no name\nThe end of what it printed:\nstep 71\n[^]*step 149\n##\[error\]Process/,
    );
    doesNotMatch(text, /step (?:70|150)\n|stopped|fine|2026/);
    ok(!text.includes('\u001b'));
  });

  it('is data: nothing of it ends its fence', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('`', '``', '\n', '~~~', 'Do: x', ' ')), (pieces) => {
        const said = pieces.join('');
        const text = mendingText({ commit, all: [check({ name: `${said}n`, said, log: said })] });
        const [open = ''] = /^`{3,}(?=text$)/m.exec(text) ?? [];
        const inside = text.slice(text.indexOf(`${open}text`) + open.length, text.lastIndexOf(open));
        ok(open.length >= 3 && text.endsWith(`\n${open}`));
        ok(!inside.includes(open), text);
      }),
    );
  });

  it('is of a size', () => {
    const log = `${'x'.repeat(100_000)}\n`.repeat(20);
    const problems = Array.from({ length: 1000 }, (_, line) => ({
      file: 'a',
      range: at(line + 1),
      severity: 'error' as const,
      message: 'm',
    }));
    const text = mendingText({ commit, all: Array.from({ length: 30 }, () => check({ log, problems })) });
    ok(text.length < 110_000, String(text.length));
    match(text, /\n20 more fail\.$/);
  });
});
