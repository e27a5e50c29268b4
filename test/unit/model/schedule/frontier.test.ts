import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Frontier, type Node } from '../../../../src/model/schedule/frontier.ts';

const node = (id: string, dependencies: string[] = [], wave = 1, more: Partial<Node> = {}): Node => ({
  id,
  dependencies,
  wave,
  priority: 'medium',
  urgency: 0,
  ...more,
});

const graph = fc.nat(12).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size + 1 }, (_, index) =>
      fc.record({
        deps: fc.subarray(Array.from({ length: index }, (_unused, other) => `n${other}`)),
        wave: fc.integer({ min: 1, max: 4 }),
      }),
    ),
  ),
);

function withWaves(specs: readonly { deps: string[]; wave: number }[]): Node[] {
  const waves = new Map<string, number>();
  return specs.map(({ deps, wave }, index) => {
    const effective = Math.max(wave, ...deps.map((id) => (waves.get(id) ?? 0) + 1));
    waves.set(`n${index}`, effective);
    return node(`n${index}`, deps, effective);
  });
}

describe('the frontier', () => {
  it('opens a task when its dependencies are settled', () => {
    const frontier = new Frontier([node('a'), node('b', ['a']), node('c', ['a', 'b'])], false);
    assert.deepEqual(frontier.ready(), ['a']);
    frontier.settle('a');
    assert.deepEqual(frontier.ready(), ['b']);
    frontier.settle('b');
    assert.deepEqual(frontier.ready(), ['c']);
  });

  it('holds a later wave until the earlier one is over, also when part of it failed', () => {
    const frontier = new Frontier([node('a'), node('b'), node('c', [], 2)], true);
    frontier.settle('a');
    assert.deepEqual(frontier.ready(), ['b']);
    frontier.block('b');
    assert.deepEqual(frontier.ready(), ['c']);
  });

  it('blocks everything that needs a failed task, and nothing else', () => {
    const frontier = new Frontier([node('a'), node('b', ['a']), node('c', ['b']), node('d')], false);
    frontier.block('a');
    assert.deepEqual(frontier.ready(), ['d']);
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((id) => frontier.isBlocked(id)),
      [true, true, true, false],
    );
    assert.equal(frontier.unfinished, 1);
  });

  it('gives the most urgent first: priority, then critical path, then plan order', () => {
    const frontier = new Frontier(
      [
        node('low', [], 1, { priority: 'low', urgency: 9 }),
        node('short'),
        node('long', [], 1, { urgency: 3 }),
        node('high', [], 1, { priority: 'high' }),
        node('short2'),
      ],
      false,
    );
    assert.deepEqual(frontier.ready(), ['high', 'long', 'short', 'short2', 'low']);
  });

  it('gives a task back when its attempt is over and it is not', () => {
    const frontier = new Frontier([node('a'), node('b')], false);
    frontier.take('a');
    assert.deepEqual(frontier.ready(), ['b']);
    frontier.give('a');
    assert.deepEqual(frontier.ready(), ['a', 'b']);
  });

  it('agrees with the definition on any graph and any order of settling', () => {
    fc.assert(
      fc.property(graph, fc.boolean(), fc.infiniteStream(fc.nat()), (specs, barrier, choices) => {
        const nodes = withWaves(specs);
        const frontier = new Frontier(nodes, barrier);
        const over = new Set<string>();
        const failed = new Set<string>();
        for (;;) {
          const out = (id: string): boolean =>
            failed.has(id) || (nodes.find((one) => one.id === id)?.dependencies.some(out) ?? false);
          const open = nodes.filter(({ id }) => !over.has(id) && !out(id));
          const wave = Math.min(...open.map((one) => one.wave));
          const expected = open.filter(
            (one) => one.dependencies.every((id) => over.has(id)) && (!barrier || one.wave === wave),
          );
          assert.deepEqual(frontier.ready().toSorted(), expected.map(({ id }) => id).toSorted());
          assert.equal(frontier.unfinished, open.length);
          const pick = expected[(choices.next().value ?? 0) % Math.max(1, expected.length)];
          if (!pick) break;
          if ((choices.next().value ?? 0) % 4 === 0) {
            failed.add(pick.id);
            frontier.block(pick.id);
          } else {
            over.add(pick.id);
            frontier.settle(pick.id);
          }
        }
      }),
    );
  });
});
