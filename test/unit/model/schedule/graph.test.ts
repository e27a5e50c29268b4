import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import * as graph from '../../../../src/model/schedule/graph.ts';
import { overlaps } from '../../../../src/model/schedule/scope.ts';
import { plan, plans, task } from '../texts.ts';

const unit = (): number => 1;

describe('Effective waves', () => {
  it('are the declared ones where dependencies lie before', () => {
    const waves = graph.effectiveWaves(
      plan(task('a'), task('b', { wave: 2, dependencies: ['a'] }), task('c', { wave: 5 })),
    );
    assert.deepEqual([...waves.values()], [1, 2, 5]);
  });

  it('come after the latest dependency, also through several, in any order of the file', () => {
    const waves = graph.effectiveWaves(
      plan(task('c', { dependencies: ['b', 'a'] }), task('b', { wave: 3, dependencies: ['a'] }), task('a')),
    );
    assert.deepEqual(Object.fromEntries(waves), { c: 4, b: 3, a: 1 });
  });

  it('are never below the declared one and always above those of the dependencies', () => {
    fc.assert(
      fc.property(plans, (subject) => {
        const waves = graph.effectiveWaves(subject);
        for (const { id, wave, dependencies } of subject.tasks) {
          const own = waves.get(id)!;
          const lowest = Math.max(wave, ...dependencies.map((before) => waves.get(before)! + 1));
          assert.equal(own, lowest);
        }
      }),
    );
  });

  it('end on a cycle and keep what the file says there', () => {
    const waves = graph.effectiveWaves(
      plan(task('a', { wave: 2, dependencies: ['b'] }), task('b', { dependencies: ['a'] })),
    );
    assert.deepEqual([...waves.values()], [2, 1]);
  });
});

describe('The order of tasks', () => {
  it('has every task once, after its dependencies', () => {
    fc.assert(
      fc.property(plans, (subject) => {
        const order = graph.inOrder(subject).map(({ id }) => id);
        assert.deepEqual(order.toSorted(), subject.tasks.map(({ id }) => id).toSorted());
        for (const { id, dependencies } of subject.tasks) {
          assert.equal(
            dependencies.every((before) => order.indexOf(before) < order.indexOf(id)),
            true,
          );
        }
      }),
    );
  });

  it('leaves out what lies on a cycle or behind one', () => {
    const subject = plan(
      task('a', { dependencies: ['b'] }),
      task('b', { dependencies: ['a'] }),
      task('c', { dependencies: ['a'] }),
      task('d'),
    );
    assert.deepEqual(
      graph.inOrder(subject).map(({ id }) => id),
      ['d'],
    );
  });
});

describe('Dependants and dependencies', () => {
  const subject = plan(
    task('a'),
    task('b', { dependencies: ['a'] }),
    task('c', { dependencies: ['b', 'a'] }),
    task('d'),
  );
  it('are found directly and through others', () => {
    assert.deepEqual(graph.dependants(subject).get('a'), ['b', 'c']);
    assert.deepEqual([...graph.transitiveDependencies(subject, 'c')].toSorted(), ['a', 'b']);
    assert.deepEqual([...graph.transitiveDependants(subject, 'a')].toSorted(), ['b', 'c']);
    assert.deepEqual([...graph.transitiveDependencies(subject, 'd')], []);
  });

  it('are each other’s inverse', () => {
    fc.assert(
      fc.property(plans, (one) => {
        for (const { id } of one.tasks) {
          for (const before of graph.transitiveDependencies(one, id)) {
            assert.equal(graph.transitiveDependants(one, before).has(id), true);
          }
        }
      }),
    );
  });
});

describe('A cycle', () => {
  it('is told from a task back to itself', () => {
    const subject = plan(
      task('x'),
      task('a', { dependencies: ['x', 'b'] }),
      task('b', { dependencies: ['c'] }),
      task('c', { dependencies: ['a'] }),
    );
    assert.deepEqual(graph.findCycle(subject), ['a', 'b', 'c', 'a']);
  });

  it('is found behind tasks that only wait for it', () => {
    const subject = plan(
      task('w', { dependencies: ['a'] }),
      task('a', { dependencies: ['b'] }),
      task('b', { dependencies: ['a'] }),
    );
    assert.deepEqual(graph.findCycle(subject), ['a', 'b', 'a']);
  });

  it('is not seen where there is none, and always where there is one', () => {
    fc.assert(
      fc.property(plans, fc.nat(11), fc.nat(11), (subject, i, j) => {
        assert.equal(graph.findCycle(subject), undefined);
        const [from, to] = [subject.tasks[i], subject.tasks[j]];
        if (!from || !to) return;
        const closes = i === j || graph.transitiveDependencies(subject, to.id).has(from.id);
        const tasks = subject.tasks.map((one) =>
          one === from ? { ...one, dependencies: [...one.dependencies, to.id] } : one,
        );
        assert.equal(graph.findCycle({ ...subject, tasks }) !== undefined, closes);
      }),
    );
  });

  it('of 10,000 tasks in a row does not overflow', () => {
    const row = Array.from({ length: 10_000 }, (_, i) => task(`t${i}`, { dependencies: [`t${(i + 1) % 10_000}`] }));
    assert.equal(graph.findCycle(plan(...row))?.length, 10_001);
    row[9_999] = task('t9999');
    assert.equal(graph.findCycle(plan(...row)), undefined);
    assert.equal(graph.criticalPath(plan(...row), unit).get('t9999'), 10_000);
    assert.equal(graph.effectiveWaves(plan(...row)).get('t0'), 10_000);
  });
});

describe('The critical path', () => {
  it('is the heaviest way to an end', () => {
    const subject = plan(
      task('a'),
      task('b', { dependencies: ['a'], estimate: 'large' }),
      task('c', { dependencies: ['a'] }),
      task('d', { dependencies: ['c'] }),
    );
    assert.deepEqual(Object.fromEntries(graph.criticalPath(subject, unit)), { a: 3, b: 1, c: 2, d: 1 });
    assert.equal(graph.criticalPath(subject, graph.estimatedWeight).get('a'), 6);
  });

  it('never grows towards the end', () => {
    fc.assert(
      fc.property(plans, (subject) => {
        const lengths = graph.criticalPath(subject, unit);
        for (const { id, dependencies } of subject.tasks) {
          for (const before of dependencies) assert.equal(lengths.get(before)! > lengths.get(id)!, true);
        }
      }),
    );
  });
});

describe('Conflicts', () => {
  it('are symmetric, from either side’s word or from scopes', () => {
    const subject = plan(
      task('a', { conflictsWith: ['b', 'ghost'] }),
      task('b', { scope: ['src'] }),
      task('c', { scope: ['src/x.ts'] }),
      task('d', { scope: ['docs'] }),
    );
    const conflicts = [...graph.conflictsOf(subject)].map(([id, others]) => [id, ...others]);
    assert.deepEqual(conflicts, [['a', 'b'], ['b', 'a', 'c'], ['c', 'b'], ['d']]);
  });

  const globs = fc.array(
    fc.constantFrom(
      'src',
      'src/a',
      'src/a/b.ts',
      'src/**',
      '**/*.ts',
      '*.md',
      'docs/*.md',
      '**',
      'src/*/b.ts',
      'Src/A',
      '!src/a',
    ),
    { maxLength: 3 },
  );
  it('found through the index are those found pair by pair', () => {
    fc.assert(
      fc.property(fc.array(globs, { maxLength: 8 }), (scopes) => {
        const tasks = scopes.map((scope, i) => task(`t${i}`, { scope }));
        const conflicts = graph.conflictsOf(plan(...tasks));
        for (const a of tasks) {
          for (const b of tasks) {
            assert.equal(conflicts.get(a.id)!.has(b.id), a !== b && overlaps(a.scope!, b.scope!));
          }
        }
      }),
    );
  });
});
