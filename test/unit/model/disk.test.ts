import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  isDue,
  type Kept,
  keptText,
  type Pressure,
  prunedLines,
  type Stay,
  whatGoes,
} from '../../../src/model/disk.ts';

const DAY = 86_400_000;
const MB = 1024 * 1024;
const NOW = 1000 * DAY;

const kept = (id: string, daysAgo: number, more: Partial<Kept> = {}): Kept => ({
  kind: 'run',
  id,
  run: id,
  at: NOW - daysAgo * DAY,
  bytes: MB,
  spare: true,
  ...more,
});

const pressure = (total: number, limits: Pressure['limits'] = { keep: 30 * DAY, budget: 2 * MB }): Pressure => ({
  limits,
  total,
  now: NOW,
});

const gone = (...given: Parameters<typeof whatGoes>): string[] => whatGoes(...given).map(({ id }) => id);

describe('what goes from the disk', () => {
  const three = [kept('new', 1), kept('old', 3), kept('middle', 2)];
  const cases: [string, readonly Kept[], Pressure, string[]][] = [
    ['nothing within the budget', three, pressure(2 * MB), []],
    ['the oldest until the rest is within it', three, pressure(4 * MB), ['old', 'middle']],
    ['not what would be missed', [kept('old', 3, { spare: false }), kept('new', 1)], pressure(3 * MB), ['new']],
    ['what is older than is kept, missed or not', [kept('old', 31, { spare: false })], pressure(0), ['old']],
    ['nothing by age without keep', [kept('old', 900)], pressure(0, { budget: MB }), []],
    ['nothing by size without a budget', three, pressure(900 * MB, { keep: 30 * DAY }), []],
  ];
  for (const [what, things, under, expected] of cases)
    it(what, () => {
      assert.deepEqual(gone(things, under), expected);
    });

  for (const stays of ['inUse', 'unfinished', 'worktrees', 'unreadable', 'work'] satisfies Stay[])
    it(`never by itself what stays: ${stays}`, () => {
      const things = [kept('a', 900, { stays })];
      assert.deepEqual(gone(things, pressure(900 * MB)), []);
      assert.deepEqual(gone(things, pressure(900 * MB), true), stays === 'work' ? ['a'] : []);
    });

  it('says what went and what a person would have to let go', () => {
    const work = kept('w', 40, { kind: 'trash', stays: 'work' });
    assert.equal(keptText([kept('a', 1), kept('b', 1), work]), '2 runs and 1 removed worktree, 3 MB');
    assert.deepEqual(prunedLines({ gone: [], asking: [] }), []);
    assert.deepEqual(prunedLines({ gone: [kept('a', 1)], asking: [work] }), [
      'made room: 1 run, 1 MB',
      '1 removed worktree, 1 MB: kept, for nothing else has that work. To let it go: orchestrate disk --prune --force',
    ]);
  });

  const anything = fc.array(
    fc.record({
      days: fc.integer({ min: 0, max: 60 }),
      bytes: fc.integer({ min: 1, max: 9 }),
      spare: fc.boolean(),
      stays: fc.option(fc.constantFrom<Stay>('inUse', 'unfinished', 'worktrees', 'unreadable', 'work')),
    }),
  );

  it('holds for anything: no more than is needed, the oldest first, and what stays stays', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 0, max: 60 }), fc.boolean(), (things, budget, force) => {
        const all = things.map(({ days, bytes, spare, stays }, index) =>
          kept(String(index), days, { bytes, spare, ...(stays === null ? {} : { stays }) }),
        );
        const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
        const under = pressure(total, { keep: 30 * DAY, budget });
        const went = whatGoes(all, under, force);
        const mayGo = ({ spare, stays }: Kept): boolean => (stays === undefined ? spare : force && stays === 'work');
        assert.ok(went.every(({ stays }) => stays === undefined || (force && stays === 'work')));
        const left = total - went.reduce((sum, { bytes }) => sum + bytes, 0);
        const young = went.filter(({ at }) => at >= NOW - 30 * DAY);
        // Whatever went for its size was needed: with the youngest of them back, it is over the budget again.
        const last = young.at(-1);
        if (last) assert.ok(left + last.bytes > budget);
        if (left > budget) assert.ok(all.filter((one) => !went.includes(one)).every((one) => !mayGo(one)));
        if (went.length > 0)
          assert.ok(
            isDue(
              all.map(({ at }) => at),
              under,
            ),
          );
      }),
    );
  });
});
