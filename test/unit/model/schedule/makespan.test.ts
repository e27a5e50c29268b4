import { deepEqual, equal, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import { type Duration, durationOf, p90 } from '../../../../src/model/schedule/duration.ts';
import type { Node } from '../../../../src/model/schedule/frontier.ts';
import { type Course, makespan, spanOf } from '../../../../src/model/schedule/makespan.ts';

interface Case {
  course: Course;
  took: ReadonlyMap<string, number>;
}

/** Tasks of which each may wait for earlier ones and may not run beside some; one wave each. */
const cases = (isFree: boolean): fc.Arbitrary<Case> =>
  fc
    .record({
      tasks: fc.array(
        fc.record({
          took: fc.integer({ min: 1, max: 99 }),
          before: fc.array(fc.nat(20)),
          beside: fc.array(fc.nat(20)),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      slots: fc.integer({ min: 1, max: 5 }),
      barrier: fc.boolean(),
    })
    .map(({ tasks, slots, barrier }) => {
      const nodes = tasks.map(({ before }, at): Node => {
        const dependencies = [...new Set(before.filter((one) => one < at).map((one) => `t${one}`))];
        return { id: `t${at}`, dependencies, wave: 1, priority: 'medium', urgency: 0 };
      });
      const waves: number[] = [];
      for (const node of nodes) {
        const wave = 1 + Math.max(0, ...node.dependencies.map((id) => waves[Number(id.slice(1))] ?? 0));
        waves.push(wave);
        node.wave = wave;
      }
      const conflicts = new Map(nodes.map(({ id }): [string, Set<string>] => [id, new Set()]));
      if (!isFree)
        tasks.forEach(({ beside }, at) => {
          for (const one of beside.filter((other) => other < at)) {
            conflicts.get(`t${at}`)?.add(`t${one}`);
            conflicts.get(`t${one}`)?.add(`t${at}`);
          }
        });
      const course = { nodes, conflicts, slots, barrier: barrier && !isFree };
      return { course, took: new Map(tasks.map(({ took }, at) => [`t${at}`, took])) };
    });

const total = ({ took }: Case): number => [...took.values()].reduce((sum, one) => sum + one, 0);

function longest({ course, took }: Case): number {
  const ends = new Map<string, number>();
  for (const { id, dependencies } of course.nodes)
    ends.set(id, (took.get(id) ?? 0) + Math.max(0, ...dependencies.map((one) => ends.get(one) ?? 0)));
  return Math.max(...ends.values());
}

const exactly = ({ course, took }: Case): number => spanOf(course, (id) => took.get(id) ?? 0);
const certain = (p50: number): Duration => ({ p50, spread: 0, doubt: 0, group: '' });

describe('How long a plan takes', () => {
  it('is never less than its longest chain or its work shared out, nor more than one after the other', () =>
    fc.assert(
      fc.property(cases(false), (one) => {
        const span = exactly(one);
        ok(span >= Math.max(longest(one), total(one) / one.course.slots) - 1e-6 && span <= total(one) + 1e-6);
        equal(exactly({ ...one, course: { ...one.course, slots: 1 } }), total(one));
      }),
    ));

  it('is what can be had for certain, where nothing keeps tasks apart: work shared out and the longest chain', () =>
    fc.assert(
      fc.property(cases(true), (one) => ok(exactly(one) <= total(one) / one.course.slots + longest(one) + 1e-6)),
    ));

  it('is exact where what tasks take is, and the same each time', () =>
    fc.assert(
      fc.property(cases(false), (one) => {
        const exact = exactly(one);
        const durations = new Map([...one.took].map(([id, took]) => [id, certain(took)]));
        deepEqual(makespan(one.course, durations), { p50: exact, p90: exact });
        const vague = new Map([...one.took].map(([id, p50]) => [id, { p50, spread: 0.5, doubt: 0.3, group: 'g' }]));
        const told = makespan(one.course, vague);
        ok(told.p50 <= told.p90);
        deepEqual(makespan(one.course, vague), told);
      }),
      { numRuns: 30 },
    ));

  const alone = (many: number, slots: number): Course => ({
    nodes: Array.from({ length: many }, (_, at) => ({
      id: `t${at}`,
      dependencies: [],
      wave: 1,
      priority: 'medium' as const,
      urgency: 0,
    })),
    barrier: false,
    conflicts: new Map(),
    slots,
  });

  it('of one task is that of the task', () => {
    const duration: Duration = { p50: 1000, spread: 0.4, doubt: 0.3, group: 'g' };
    const { p50, p90: most } = makespan(alone(1, 1), new Map([['t0', duration]]));
    ok(Math.abs(p50 / 1000 - 1) < 0.1, `${p50}`);
    ok(Math.abs(most / p90(duration) - 1) < 0.15, `${most}`);
  });

  it('is less sure where what is wrong with one is wrong with all', () => {
    const of = (group: (at: number) => string) =>
      makespan(
        alone(30, 3),
        new Map(
          Array.from({ length: 30 }, (_, at) => [`t${at}`, { p50: 10, spread: 0.2, doubt: 0.5, group: group(at) }]),
        ),
      );
    const [together, apart] = [of(() => 'g'), of((at) => `${at}`)];
    ok(together.p90 / together.p50 > 1.3 * (apart.p90 / apart.p50));
  });

  it('of 10,000 tasks is told within seconds', () => {
    const course = alone(10_000, 16);
    const before = process.cpuUsage();
    makespan(course, new Map(course.nodes.map(({ id }) => [id, certain(5)])));
    ok(process.cpuUsage(before).user < 5e6);
  });
});

describe('What the next one takes', () => {
  it('is so within the ninth tenth about nine times of ten, however few there were before and however they differ', () => {
    // Numbers that always are the same; the sum of twelve of them is close enough to normal.
    let state = 7;
    const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const normal = (): number => Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, -6);
    const isWithin = (spread: number, many: number): boolean => {
      const logs = Array.from({ length: many }, () => spread * normal());
      return 1000 * Math.exp(spread * normal()) <= p90(durationOf(logs, { stated: 1000, prior: 0.4, group: '' }));
    };
    for (const spread of [0.2, 0.4, 0.8])
      for (const many of [3, 5, 20]) {
        const within = Array.from({ length: 1000 }, () => isWithin(spread, many)).filter(Boolean).length;
        ok(within > 780 && within < 985, `${within} of 1000 with ${many} of spread ${spread}`);
      }
  });
});
