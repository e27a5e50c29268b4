import { strict as assert } from 'node:assert';
import { type Ending, endingLine, terminalName } from '../../../src/host/transcript.ts';

const accepted: Ending = { at: 1, type: 'attempt.accepted', task: 'a', attempt: 1, warnings: [] };
const failed = (kind: 'nothingChanged' | 'cancelled'): Ending => ({
  at: 1,
  type: 'attempt.failed',
  task: 'a',
  attempt: 2,
  failure: { kind, type: 'escalate', message: 'no' },
  next: { kind: 'giveUp' },
});

describe('the terminal of an attempt', () => {
  it('is named so that what tells it from others is not cut', () => {
    assert.equal(terminalName('Prices in euros', 1), 'Prices in euros');
    assert.equal(terminalName('Prices in euros', 1, accepted), '✓ Prices in euros');
    assert.equal(terminalName('Prices in euros', 2, failed('nothingChanged')), '✗ #2 Prices in euros');
    assert.equal(terminalName('Prices in euros', 2, failed('cancelled')), '− #2 Prices in euros');
  });

  it('says how it ended, and of what was stopped not that it failed', () => {
    assert.match(endingLine(accepted), /── attempt 1 is done ──/);
    assert.match(endingLine(failed('nothingChanged')), /── attempt 2 failed: /);
    assert.match(endingLine(failed('cancelled')), /── attempt 2 was stopped: cancelled ──/);
  });
});
