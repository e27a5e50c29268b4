import { strict as assert } from 'node:assert';
import { conventional } from '../../../src/formats/orchestra/commit.ts';

describe('the commit of a phase of Orchestra', () => {
  for (const [title, subject] of [
    ['Store the words', 'feat: store the words'],
    ['Fix the crash on an empty file', 'fix: fix the crash on an empty file'],
    ['Add unit tests for search', 'test: add unit tests for search'],
    ['Rename the store', 'refactor: rename the store'],
    ['Update the README', 'docs: update the README'],
    ['API for notes', 'feat: API for notes'],
    ['fix(store)!: drop the old format', 'fix(store)!: drop the old format'],
    ['Prefix every name', 'feat: prefix every name'],
    ['Upgrade Node', 'chore: upgrade Node'],
  ] as const)
    it(`"${title}" is "${subject}"`, () => assert.equal(conventional(title), subject));
});
