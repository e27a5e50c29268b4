import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import { packPlan, unpackPlan } from '../../../src/engine/plans/packed-plan.ts';
import { ORIGINS, type Plan, type Task } from '../../../src/model/plan/plan.ts';
import { readPlan } from '../../../src/model/plan/reader.ts';

/** Any string of JavaScript but those with NUL, halves of characters included. */
const text = fc
  .oneof(
    fc.string({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('', '\ud800', 'ÿ', 'a'),
  )
  .map((word) => word.replaceAll('\0', ''));
const list = fc.array(text, { maxLength: 4 });

const task: fc.Arbitrary<Task> = fc.record(
  {
    id: text,
    title: text,
    description: text,
    wave: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    priority: fc.constantFrom('high', 'medium', 'low'),
    status: text,
    produces: fc.constantFrom('change', 'report'),
    dependencies: list,
    conflictsWith: list,
    acceptanceCriteria: list,
    verification: list,
    contextFiles: fc.array(fc.record({ path: text, description: text }), { maxLength: 3 }),
    agent: text,
    scope: list,
    run: text,
    gates: list,
    model: text,
    effort: text,
    role: text,
    grade: fc.constantFrom('light', 'standard', 'heavy') as fc.Arbitrary<NonNullable<Task['grade']>>,
    skills: list,
    onFailure: fc.constant('skip'),
    estimate: fc.constantFrom('small', 'medium', 'large'),
    covers: list,
  },
  {
    requiredKeys: [
      ...(['id', 'title', 'description', 'wave', 'priority', 'status', 'produces'] as const),
      ...(['dependencies', 'conflictsWith', 'acceptanceCriteria', 'verification', 'contextFiles'] as const),
    ],
  },
) as fc.Arbitrary<Task>;

const plan: fc.Arbitrary<Plan> = fc.record(
  {
    id: text,
    objective: text,
    tasks: fc.array(task, { maxLength: 6 }),
    contracts: fc.array(fc.record({ fromTask: text, toTask: text, interface: text, format: text }), { maxLength: 2 }),
    origin: fc.record({ format: fc.constantFrom(...ORIGINS), file: text, sources: fc.dictionary(text, text) }),
  },
  { requiredKeys: ['id', 'objective', 'tasks', 'contracts'] },
) as fc.Arbitrary<Plan>;

describe('A packed plan', () => {
  it('is the same plan again, in every field, with all that was said of it', () =>
    fc.assert(
      fc.property(plan, text, (packed, message) => {
        const range = { start: { line: 0, column: 0 }, end: { line: 0, column: 1 } };
        const problems = [{ file: 'plan.yaml', range, message, severity: 'warning', code: 'wave' }] as never;
        // What stands in JSON keeps no prototype, and neither does what is read.
        const whole = structuredClone({ plan: packed, problems });
        const bytes = packPlan(whole);
        ok(bytes);
        deepEqual(unpackPlan(bytes), JSON.parse(JSON.stringify(whole)));
      }),
    ));

  it('need not lie where numbers of 32 bits may', () => {
    const { plan: read, problems } = readPlan(
      'plan_id: p\ntasks:\n  - id: a\n    scope: [x, y]\n    verification: []\n',
      'p.yaml',
    );
    ok(read);
    const bytes = packPlan({ plan: read, problems });
    ok(bytes);
    for (const before of [0, 1, 2, 3]) {
      const moved = Buffer.concat([Buffer.alloc(before), bytes]).subarray(before);
      deepEqual(unpackPlan(moved), { plan: read, problems });
    }
  });

  it('is none where one of its texts parts texts, or a wave is too high', () => {
    const said = (title: string, wave: number) => {
      const { plan: read, problems } = readPlan('plan_id: p\ntasks:\n  - id: a\n', 'p.yaml');
      ok(read?.tasks[0]);
      return packPlan({ plan: { ...read, tasks: [{ ...read.tasks[0], title, wave }] }, problems });
    };
    notEqual(said('a b', 1), undefined);
    equal(said('a\0b', 1), undefined);
    equal(said('a b', 2 ** 31), undefined);
  });
});
