import { strict as assert } from 'node:assert';
import { Throttled } from '../../../src/host/throttled.ts';

/** Milliseconds at which each of three drawings begins, each of which asks for the next and takes `busy`. */
function beginnings(busy: number, interval: number): Promise<number[]> {
  return new Promise((resolve) => {
    const begun: number[] = [];
    const throttled = new Throttled(() => {
      const now = performance.now();
      begun.push(now);
      while (performance.now() - now < busy);
      if (begun.length < 3) throttled.ask();
      else resolve(begun);
    }, interval);
    throttled.ask();
  });
}

const gaps = ([first = 0, second = 0, third = 0]: number[]): [number, number] => [second - first, third - second];

describe('a drawing that is asked for again and again', () => {
  it('comes once in an interval', async () => {
    for (const gap of gaps(await beginnings(0, 40))) assert.ok(gap > 38, String(gap));
  });

  it('leaves four times as long as it takes to others', async () => {
    for (const gap of gaps(await beginnings(20, 10))) assert.ok(gap > 98, String(gap));
  });

  it('comes no more once it is disposed', async () => {
    let drawn = 0;
    const throttled = new Throttled(() => (drawn += 1), 1);
    throttled.ask();
    throttled.ask();
    throttled[Symbol.dispose]();
    await beginnings(0, 10);
    assert.equal(drawn, 1);
  });
});
