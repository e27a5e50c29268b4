import { strict as assert } from 'node:assert';
import { doneOf, retriesText, wordOf } from '../../../src/webview/words.ts';

describe('the words of the review page', () => {
  it('say how often a task that fails is tried again', () => {
    assert.equal(retriesText(0), 'not tried again');
    assert.equal(retriesText(1), 'tried up to 1 more time');
    assert.equal(retriesText(3), 'tried up to 3 more times');
  });

  it('count one task as one', () => {
    assert.deepEqual([doneOf(0, 1), doneOf(2, 5)], ['0 of 1 task done', '2 of 5 tasks done']);
  });

  it('call what a run left at its end not done, whatever it was at', () => {
    assert.deepEqual(
      (['done', 'failed', 'blocked', 'skipped', 'needsRevision', 'pending', 'running'] as const).map((status) =>
        wordOf(status, true),
      ),
      ['done', 'failed', 'blocked', 'skipped', 'not done', 'not done', 'not done'],
    );
  });
});
