import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { complexityOfObjective, focusAreas, grayAreas } from '../../../../src/model/plan/objective.ts';

const MANY = `Rewrite the billing of the shop:
- invoices are stored in SQL and exported as CSV
- customers sign in with OAuth
- the page shows each payment
- an API gives them to the accountants`;

describe('an objective', () => {
  for (const [text, complexity, areas, focus] of [
    ['Fix the typo in the README', 'simple', [], ['architecture', 'tests']],
    ['Greet whoever comes', 'simple', [], ['architecture', 'tests']],
    ['Add a --json flag to the status command', 'medium', ['interface', 'data', 'logic'], undefined],
    ['Show a chart on the dashboard', 'simple', ['visual'], ['architecture', 'visual', 'tests']],
    ['Move passwords to a third-party login', 'medium', [], ['architecture', 'security', 'tests']],
    [MANY, 'complex', ['data', 'logic', 'interface', 'visual'], ['architecture', 'security', 'data', 'interface']],
  ] as const)
    it(`"${text.split('\n', 1)[0]}" is ${complexity}`, () => {
      assert.equal(complexityOfObjective(text), complexity);
      if (complexity !== 'medium' || areas.length === 0) assert.deepEqual(grayAreas(text), areas);
      if (focus) assert.deepEqual(focusAreas(text), focus);
    });

  it('has at most four focus areas, no two the same, and never fewer than what it is built of', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('API', 'page', 'rule', 'SQL', 'login', 'a', '\n- ', 'rewrite')), (parts) => {
        const text = parts.join(' ');
        const areas = focusAreas(text);
        assert.ok(areas.length <= 4 && areas[0] === 'architecture' && new Set(areas).size === areas.length);
        const order = ['simple', 'medium', 'complex'];
        const longer = `${text} and the page of an SQL rule for the login API`;
        assert.ok(order.indexOf(complexityOfObjective(longer)) >= order.indexOf(complexityOfObjective(text)));
      }),
    );
  });
});
