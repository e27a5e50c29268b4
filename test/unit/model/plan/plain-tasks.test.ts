import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { parsePlan } from '../../../../src/model/plan/plain-tasks.ts';
import { planSchema } from '../../../../src/model/plan/schema.ts';

const word = fc.constantFrom('a', '', '~', 'null', '1', '0', '007', 'change', 'skip', 'true', ' x ');
const value = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 3, arbitrary: fc.array(word, { maxLength: 2 }) },
  fc.constantFrom(null, [], [null], [['a']], { a: 'b' }),
);
const KEYS = `id task_id title name description wave agent priority status dependencies depends_on conflicts_with
  context_files verification acceptance_criteria scope run gates skills environment requires_approval audience coverage_matrix validation_matrix review_depth review_security_sensitive source produces on_failure other`.split(
  /\s+/,
);
const task = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 5 });

/** Keys that are there without a value are not there. */
const said = (parsed: ReturnType<typeof parsePlan>): unknown =>
  parsed.success ? JSON.parse(JSON.stringify(parsed.data)) : parsed.error.issues;

describe('Tasks that are plain', () => {
  it('are read as the schema reads them, and so are all others', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: task }, value), { maxLength: 3 }), (tasks) => {
        const plan = { plan_id: 'p', tasks };
        assert.deepEqual(said(parsePlan(plan)), said(planSchema.safeParse(plan)));
      }),
      { numRuns: 2_000 },
    );
  }).timeout(30_000);
});
