import { strict as assert } from 'node:assert';
import { mock } from 'node:test';
import { Throttled } from '../../../src/host/throttled.ts';

const { timers } = mock;

/** When each of three drawings begins, each of which asks for the next and takes `busy` milliseconds. */
function beginnings(busy: number, interval: number): number[] {
  const begun: number[] = [];
  const throttled = new Throttled(
    () => {
      begun.push(Date.now());
      timers.setTime(Date.now() + busy);
      if (begun.length < 3) throttled.ask();
    },
    interval,
    Date.now,
  );
  throttled.ask();
  while (begun.length < 3) timers.tick(1);
  return begun;
}

describe('a drawing that is asked for again and again', () => {
  beforeEach(() => timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => timers.reset());

  it('comes once in an interval', () => assert.deepEqual(beginnings(0, 40), [0, 40, 80]));

  it('leaves four times as long as it takes to others', () =>
    assert.deepEqual(beginnings(20, 10), [0, 20 + 80, 2 * (20 + 80)]));

  it('comes no more once it is disposed', () => {
    let drawn = 0;
    const throttled = new Throttled(() => (drawn += 1), 1);
    throttled.ask();
    throttled.ask();
    throttled[Symbol.dispose]();
    timers.tick(10);
    assert.equal(drawn, 1);
  });
});
