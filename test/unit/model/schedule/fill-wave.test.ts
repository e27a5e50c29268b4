import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { fillWave, type Waiting } from '../../../../src/model/schedule/fill-wave.ts';

const waiting = (id: string, weight = 1, more: Partial<Waiting> = {}): Waiting => ({
  id,
  weight,
  chain: weight,
  isReady: true,
  ...more,
});
const NONE = new Map<string, Set<string>>();

describe('a wave with idle agents', () => {
  const cases: [string, Waiting[], Waiting[], number, string[]][] = [
    ['takes what is ready', [waiting('a', 4)], [waiting('b', 2), waiting('c', 3)], 4, ['c', 'b']],
    ['no more than there are agents', [waiting('a', 4)], [waiting('b', 2), waiting('c', 3)], 2, ['c']],
    ['nothing where all are at work', [waiting('a'), waiting('b')], [waiting('c')], 2, []],
    ['nothing that waits for another', [waiting('a', 4)], [waiting('b', 2, { isReady: false })], 4, []],
    [
      'nothing that makes both longer',
      [waiting('a', 1)],
      [waiting('b', 9), waiting('c', 9, { isReady: false })],
      4,
      [],
    ],
    ['all of the next where that is shorter', [waiting('a', 1)], [waiting('b', 9)], 4, ['b']],
    ['the longest chain first', [waiting('a', 4)], [waiting('b', 3), waiting('c', 1, { chain: 8 })], 2, ['c']],
  ];
  for (const [what, wave, next, slots, taken] of cases)
    it(what, () => {
      assert.deepEqual(fillWave(wave, next, { slots, conflicts: NONE }), taken);
    });

  it('nothing that conflicts with one in it, or with one that it takes', () => {
    const conflicts = new Map([
      ['b', new Set(['a'])],
      ['c', new Set(['d'])],
      ['d', new Set(['c'])],
    ]);
    const next = [waiting('b', 4), waiting('c', 3), waiting('d', 2)];
    assert.deepEqual(fillWave([waiting('a', 4)], next, { slots: 4, conflicts }), ['c']);
  });

  it('is never longer together with the next, for anything', () => {
    const tasks = (prefix: string) =>
      fc
        .array(fc.record({ weight: fc.integer({ min: 1, max: 9 }), isReady: fc.boolean() }), { maxLength: 8 })
        .map((all) => all.map(({ weight, isReady }, index) => waiting(`${prefix}${index}`, weight, { isReady })));
    const length = (all: readonly Waiting[], slots: number): number =>
      Math.max(0, ...all.map(({ weight }) => weight), all.reduce((sum, { weight }) => sum + weight, 0) / slots);
    fc.assert(
      fc.property(tasks('a'), tasks('b'), fc.integer({ min: 1, max: 6 }), (wave, next, slots) => {
        const taken = new Set(fillWave(wave, next, { slots, conflicts: NONE }));
        const [moved, stays] = [next.filter(({ id }) => taken.has(id)), next.filter(({ id }) => !taken.has(id))];
        assert.ok(moved.every(({ isReady }) => isReady));
        assert.ok(moved.length === 0 || wave.length + moved.length <= slots);
        const after = length([...wave, ...moved], slots) + length(stays, slots);
        assert.ok(after <= length(wave, slots) + length(next, slots) + 1e-9);
      }),
    );
  });
});
