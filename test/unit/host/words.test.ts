import { deepEqual, equal, match } from 'node:assert/strict';
import { clock, otherDay } from '../../../src/host/words.ts';

describe('A time in the editor', () => {
  const noon = new Date(2026, 2, 5, 12).getTime();
  const day = 24 * 60 * 60 * 1000;

  it('is said with its day where that is not today', () => {
    match(clock(Date.now()), /^\d\d:\d\d$/);
    match(clock(noon - 400 * day), /2025.* \d\d:\d\d$/);
  });

  it('has no day today, a day before, and a year before that', () => {
    deepEqual(otherDay(noon - 11 * 60 * 60 * 1000, noon), []);
    const [yesterday] = otherDay(noon - day, noon);
    match(yesterday ?? '', /4/);
    equal(/2026/.test(yesterday ?? ''), false);
    match(otherDay(noon - 365 * day, noon)[0] ?? '', /2025/);
  });
});
