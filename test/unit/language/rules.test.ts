import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { PLAN_RULES } from '../../../src/model/plan/rules.ts';

describe('docs/rules.md', () => {
  it('has every rule as it is, and no other', () => {
    const rows = [
      ...readFileSync('docs/rules.md', 'utf8').matchAll(/^\| <a id="([\w-]+)"><\/a>`[\w-]+` \| (\w+) \| (.*) \|$/gm),
    ];
    assert.deepEqual(
      rows.map(([, rule, severity, about]) => ({ rule, severity, about })),
      Object.entries(PLAN_RULES).map(([rule, { severity, about }]) => ({ rule, severity, about })),
    );
  });
});
