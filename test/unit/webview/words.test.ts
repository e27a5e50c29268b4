import { strict as assert } from 'node:assert';
import { endWord, retriesText } from '../../../src/webview/words.ts';

describe('the words of the review page', () => {
  it('say how often a task that fails is tried again', () => {
    assert.equal(retriesText(0), 'not tried again');
    assert.equal(retriesText(1), 'tried up to 1 more time');
    assert.equal(retriesText(3), 'tried up to 3 more times');
  });

  it('call what a run left at its end not done, whatever it was at', () => {
    assert.deepEqual(
      (['done', 'failed', 'blocked', 'skipped', 'needsRevision', 'pending', 'running'] as const).map(endWord),
      ['done', 'failed', 'blocked', 'skipped', 'not done', 'not done', 'not done'],
    );
  });
});
