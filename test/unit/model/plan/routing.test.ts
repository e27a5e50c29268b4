import { strict as assert } from 'node:assert';
import { type KnownPlan, phaseOf, routeOf } from '../../../../src/model/plan/routing.ts';

const known = (id: string, waits = false): KnownPlan => ({ id, file: `docs/plan/${id}/plan.yaml`, waits });
const SEARCH = known('20260319-search');
const HELLO = known('hello', true);
const PLANS = [SEARCH, HELLO];

describe('what a person types where an objective is asked for', () => {
  for (const [text, route] of [
    ['20260319-search', { kind: 'plan', plan: SEARCH }],
    ['docs/plan/20260319-search/plan.yaml', { kind: 'plan', plan: SEARCH }],
    ['docs/plan/20260319-search', { kind: 'plan', plan: SEARCH }],
    ['Run 20260319-search', { kind: 'plan', plan: SEARCH }],
    ['please continue the plan hello', { kind: 'plan', plan: HELLO }],
    ['hello', { kind: 'plan', plan: HELLO }],
    ['20260319-search: fewer tasks', { kind: 'feedback', plan: SEARCH, comment: 'fewer tasks' }],
    ['In 20260319-search, no cache', { kind: 'feedback', plan: SEARCH, comment: 'In no cache' }],
    ['hello: in German', { kind: 'feedback', plan: HELLO, comment: 'in German' }],
    ['Say hello to the world', { kind: 'objective' }],
    ['Add hello/page', { kind: 'objective' }],
    ['Do what 20260319-searching says', { kind: 'objective' }],
    [
      'There are too many tasks in the plan',
      { kind: 'feedback', plan: HELLO, comment: 'There are too many tasks in the plan' },
    ],
    ['How should I store the notes?', { kind: 'objective', asks: true }],
    ['Notes:\n- kept in a file\n- listed\n- removed', { kind: 'objective', asks: false }],
    ['Notes\n\n## Acceptance criteria\nThey are kept', { kind: 'objective', asks: false }],
    ['Keep notes', { kind: 'objective' }],
  ] as const)
    it(`"${text.replaceAll('\n', ' ')}" is ${route.kind}`, () => assert.deepEqual(routeOf(text, PLANS), route));

  it('is an objective where the plan it speaks of is none, or may be any of several', () => {
    const text = 'There are too many tasks in the plan';
    assert.deepEqual(routeOf(text, [SEARCH]), { kind: 'objective' });
    assert.deepEqual(routeOf(text, [HELLO, known('other', true)]), { kind: 'objective' });
  });

  it('leads to a plan with something to be done, or of which a person says how it goes on', () => {
    for (const [statuses, phase] of [
      [['completed', 'pending'], 'pending'],
      [['failed', 'needs_revision'], 'pending'],
      [['completed', 'failed', 'blocked'], 'over'],
    ] as const)
      assert.equal(phaseOf(statuses.map((status) => ({ status }))), phase);
  });
});
