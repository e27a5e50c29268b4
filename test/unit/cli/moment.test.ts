import { deepEqual, match } from 'node:assert/strict';
import { readMoment } from '../../../src/cli/moment.ts';
import type { Replay } from '../../../src/engine/journal/replay.ts';
import { describe as describeFailure } from '../../../src/model/failure.ts';

/** A run whose events happened at these times, epoch milliseconds. */
const replayOf = (times: readonly number[]): Replay => {
  const before = (time: number): number => times.filter((at) => at <= time).length;
  return { length: times.length, span: { from: times[0] ?? 0, to: times.at(-1) ?? 0 }, before } as unknown as Replay;
};

const at = (hours: number, minutes: number, seconds: number, milliseconds = 0): number =>
  new Date(2026, 4, 20, hours, minutes, seconds, milliseconds).getTime();

const eventAt = (text: string, times: readonly number[]): number | string => {
  const read = readMoment(text, replayOf(times));
  return read.ok ? read.value.event : describeFailure(read.failure);
};

describe('A moment that is asked for by its time of day', () => {
  const times = [at(10, 42, 7, 400), at(10, 42, 7, 900), at(10, 42, 8), at(10, 43, 1)];

  it('is all of that second, as it is told elsewhere: that in which the run began, too', () => {
    deepEqual(
      ['10:42:07', '10:42:08', '10:42:59', '10:43:01'].map((text) => eventAt(text, times)),
      [2, 3, 3, 4],
    );
  });

  it('is the beginning of a minute where only that is named', () => {
    deepEqual(eventAt('10:43', times), 3);
    match(String(eventAt('10:42', times)), /the run began at/);
  });

  it('is the second that is not over yet, but none after it', () => {
    const now = new Date();
    const told = (date: Date): string => date.toTimeString().slice(0, 8);
    deepEqual(eventAt(told(now), [now.getTime() - 1]), 1);
    const later = new Date(now.getTime() + 5_000);
    match(String(eventAt(told(later), [now.getTime() - 1, later.getTime() + 1_000])), /not over yet/);
  });
});
