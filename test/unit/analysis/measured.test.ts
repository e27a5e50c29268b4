import { deepEqual, equal, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import { timesLines, timesOfPlan, lasting } from '../../../src/analysis/plan-times.ts';
import { accuracyOf, estimator, type Kind, type Took } from '../../../src/analysis/measured.ts';
import { readPlan } from '../../../src/model/plan/reader.ts';
import { p90 } from '../../../src/model/schedule/duration.ts';

const MINUTE = 60_000;
const kind = (agent: string | undefined, more: Partial<Kind> = {}): Kind => ({
  type: 'bug_fix',
  complexity: 'MEDIUM',
  minutes: { value: 10, low: 5, high: 20 },
  ...(agent === undefined ? {} : { agent }),
  ...more,
});
const took = (of: Kind, minutes: number, at = 0): Took => ({
  kind: of,
  took: minutes * MINUTE,
  toldAt: at,
  doneAt: at + 1,
});
const times = (many: number, of: Kind, minutes: number): Took[] =>
  Array.from({ length: many }, () => took(of, minutes));

describe('The times of a task', () => {
  it('is the estimate by its words where nothing was measured', () => {
    const { duration, by, samples } = estimator([])(kind('claude'));
    equal(duration.p50, 10 * MINUTE);
    ok(Math.abs(p90(duration) - 20 * MINUTE) < 1);
    deepEqual([by, samples], ['its words', 0]);
  });

  const easy = kind('claude', { complexity: 'LOW', minutes: { value: 5, low: 2.5, high: 10 } });
  const BY: [why: string, past: Took[], by: string, minutes: number][] = [
    [
      'its own kind',
      [...times(3, kind('claude'), 30), ...times(9, easy, 1)],
      'tasks of its type and complexity by its agent',
      30,
    ],
    [
      'too few of its kind',
      [...times(2, kind('claude'), 30), ...times(9, easy, 1)],
      'tasks of its agent',
      10 * Math.exp((2 * Math.log(3) + 9 * Math.log(0.2)) / 11),
    ],
    ['another type', times(3, kind('claude', { type: 'refactoring' }), 15), 'tasks of its complexity by its agent', 15],
    ['only others of its agent', times(3, easy, 10), 'tasks of its agent', 20],
    ['only another agent', times(3, kind('codex'), 7), 'tasks of its type and complexity', 7],
    [
      'nothing like it',
      times(4, kind('codex', { complexity: 'LOW', minutes: easy.minutes }), 10),
      'tasks of any kind',
      20,
    ],
    ['two of anything', times(2, kind('claude'), 30), 'its words', 10],
  ];
  for (const [why, past, by, minutes] of BY)
    it(`is made from what is most like it: ${why}`, () => {
      const told = estimator(past)(kind('claude'));
      equal(told.by, by);
      ok(Math.abs(told.duration.p50 / MINUTE - minutes) < 0.01, `${told.duration.p50 / MINUTE}`);
      equal(told.samples > 0, by !== 'its words');
    });

  const some = fc.record({
    agent: fc.constantFrom('claude', 'codex', undefined),
    complexity: fc.constantFrom('LOW', 'MEDIUM', 'HIGH', 'CRITICAL' as const),
    type: fc.constantFrom('bug_fix', 'documentation' as const),
    minutes: fc.double({ min: 0.001, max: 1e4, noNaN: true }),
    at: fc.nat(50),
  });
  it('is a number, whatever was measured, and what nine of ten take is no less than what half do', () =>
    fc.assert(
      fc.property(fc.array(some, { maxLength: 30 }), some, (past, next) => {
        const of = ({ agent, complexity, type }: typeof next): Kind => kind(agent, { complexity, type });
        const all = past.map((one) => took(of(one), one.minutes, one.at));
        const { duration } = estimator(all)(of(next));
        ok(duration.p50 > 0 && p90(duration) >= duration.p50 && Number.isFinite(p90(duration)));
        const { of: last, within } = accuracyOf(all);
        ok(last === Math.min(12, all.length) && within >= 0 && within <= last);
      }),
    ));

  it('is held against what came, by what was known when its run was approved', () => {
    const slow = kind('claude');
    // Ten that take ten times as long as their words say; the first run's could not know.
    const first = Array.from({ length: 5 }, () => took(slow, 100, 0));
    const second = Array.from({ length: 5 }, () => took(slow, 100, 10));
    deepEqual(accuracyOf(first), { of: 5, within: 0 });
    deepEqual(accuracyOf([...first, ...second]), { of: 10, within: 5 });
    deepEqual(accuracyOf([]), { of: 0, within: 0 });
  });
});

describe('The times of a plan', () => {
  const plan = (tasks: string) => {
    const read = readPlan(`plan_id: p\nobjective: o\ntasks:\n${tasks}`, 'docs/plan/p/plan.yaml').plan;
    ok(read);
    return read;
  };
  const config = { mode: 'continuous', limits: { agents: 2 } } as Parameters<typeof timesOfPlan>[0]['config'];
  const chain = plan(
    ['a', 'b', 'c', 'd', 'e', 'f']
      .map(
        (id, at) =>
          `  - { id: ${id}, estimated_effort: small${at > 0 ? `, dependencies: [${'abcdef'[at - 1]}], wave: ${at + 1}` : ''} }\n`,
      )
      .join('') + '  - { id: z, estimated_effort: small }\n',
  );
  const agents = Object.fromEntries(chain.tasks.map(({ id }) => [id, { name: 'claude', manual: id === 'z' }]));

  it('says what decides it, and that nothing was measured', () => {
    const told = timesOfPlan({ plan: chain, config, agents }, []);
    deepEqual(told.chain, ['a', 'b', 'c', 'd', 'e', 'f']);
    ok(told.run.p50 >= told.chainP50 && !told.tasks.has('z'));
    const [first, second, third] = timesLines(told);
    equal(
      first,
      `Should take ${lasting(told.run.p50)}, nine times out of ten at most ${lasting(told.run.p90)}, with 2 agents.`,
    );
    equal(second, `Its longest chain, ${lasting(told.chainP50)}: a → … 4 more … → f.`);
    equal(
      timesLines(told, (id) => `"${id}"`)[1],
      `Its longest chain, ${lasting(told.chainP50)}: "a" → … 4 more … → "f".`,
    );
    equal(third, 'Nothing was measured here yet: this is a first guess by the words of the tasks.');
  });

  it('believes how large its planner thought a task', () => {
    const of = (estimate: string) =>
      timesOfPlan({ plan: plan(`  - { id: a, estimated_effort: ${estimate} }\n`), config, agents }, []).run.p50;
    ok(of('small') < of('medium') && of('medium') < of('large'));
  });

  for (const [milliseconds, text] of [
    [10, '1 s'],
    [8000, '8 s'],
    [34.4 * MINUTE, '34 min'],
    [150 * MINUTE, '2.5 h'],
  ] as const)
    it(`tells ${milliseconds} ms as ${text}`, () => equal(lasting(milliseconds), text));
});
