import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import { type Candidate, chooseAgent } from '../../../../src/model/crew/auto.ts';
import { platformOf, PLATFORMS } from '../../../../src/model/crew/platform.ts';

const seen = (name: string, standing: string): Candidate => ({
  name,
  ...(standing === 'absent' ? {} : { path: `/bin/${name}` }),
  signedIn: standing === 'yes' || standing === 'no' ? standing : 'unknown',
  because: `as ${name} says`,
  signIn: `Sign in to ${name}.`,
});

const table: [what: string, standings: Record<string, string>, expected: string | RegExp][] = [
  ['the first that is signed in', { a: 'yes', b: 'yes' }, 'a'],
  ['one that is signed in before one that may be', { a: 'unknown', b: 'yes' }, 'b'],
  ['one that may be signed in before nobody', { a: 'absent', b: 'no', c: 'unknown' }, 'c'],
  [
    'never one that is not signed in, and says how to',
    { a: 'no', b: 'absent' },
    /not? coding agent is signed in.*a: Sign in to a\./i,
  ],
  [
    'nobody where nothing is installed, and says what to do',
    { a: 'absent', b: 'absent' },
    /none of a, b is on PATH.*Install/,
  ],
];

describe('auto', () => {
  for (const [what, standings, expected] of table) {
    it(`is ${what}`, () => {
      const choice = chooseAgent(Object.entries(standings).map(([name, standing]) => seen(name, standing)));
      if (typeof expected === 'string') {
        ok(choice.ok);
        equal(choice.value.agent, expected);
        match(choice.value.because, new RegExp(`^${expected} is installed and `));
      } else {
        ok(!choice.ok);
        match(choice.failure, expected);
      }
    });
  }

  it('says why each before it was passed over', () => {
    const choice = chooseAgent([seen('a', 'absent'), seen('b', 'no'), seen('c', 'yes'), seen('d', 'yes')]);
    ok(choice.ok);
    equal(
      choice.value.because,
      'c is installed and signed in (as c says); a is not installed; b is installed and not signed in (as b says); d comes later in the order',
    );
  });

  it('is one that is installed and not surely without an account, whenever there is such a one', () => {
    const standings = fc.array(fc.constantFrom('yes', 'no', 'unknown', 'absent'), { maxLength: 7 });
    fc.assert(
      fc.property(standings, (words) => {
        const all = words.map((word, i) => seen(`a${i}`, word));
        const choice = chooseAgent(all);
        equal(choice.ok, words.includes('yes') || words.includes('unknown'));
        if (!choice.ok) return;
        const chosen = words[Number(choice.value.agent.slice(1))];
        equal(chosen, words.includes('yes') ? 'yes' : 'unknown');
      }),
    );
  });
});

describe('A platform', () => {
  it('is known by its words in any case and however they are put together', () => {
    const words = {
      auto: ['auto', 'auto-detect', 'Auto_Detect', 'AUTO'],
      claude: ['claude', 'Claude', 'anthropic', 'claude-code'],
      gpt: ['gpt', 'GPT', 'openai', 'ChatGPT'],
      gemini: ['gemini', 'Gemini', 'google'],
      'open-source': ['open-source', 'opensource', 'Open Source', 'open_source', 'OSS'],
      generic: ['generic', 'Generic LLM'],
    } as const;
    deepEqual(Object.keys(words), [...PLATFORMS]);
    for (const [platform, all] of Object.entries(words))
      for (const word of all) equal(platformOf(word), platform, word);
    for (const word of ['', 'shell', 'claude|gpt', 'gem']) equal(platformOf(word), undefined, word);
  });
});
