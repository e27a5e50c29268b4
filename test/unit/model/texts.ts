import * as fc from 'fast-check';
import { plainTask as task, type Plan, type Task } from '../../../src/model/plan/plan.ts';

export { task };

export const plan = (...tasks: Task[]): Plan => ({ id: 'p', objective: 'o', tasks, contracts: [] });

/** Plans of up to 12 tasks whose dependencies point backwards, so without cycles. */
export const plans: fc.Arbitrary<Plan> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(11), { maxLength: 4 })), { maxLength: 12 })
  .map((rows) =>
    plan(
      ...rows.map(([wave, back], i) =>
        task(`t${i}`, { wave, dependencies: [...new Set(back.filter((j) => j < i).map((j) => `t${j}`))] }),
      ),
    ),
  );

/** One line of YAML as people and programs write it, sound or not. */
export const yamlLines: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '  ', '    ', '- ', '  - ', '    - ', '      '),
      fc.constantFrom(
        'tasks:',
        'id: a',
        'id: b',
        'status: pending',
        'status:',
        'title: "x"',
        "title: 'y'",
        'title: "a\\n"',
        '# comment',
        'description: |',
        'description: |-',
        'description: >',
        'words',
        'more words here',
        'dependencies: [a, b]',
        'a',
        '',
        'dependencies: []',
        'dependencies:',
        'wave: 2',
        'wave: 2 # two',
        'scope: src/**',
        '{id: c}',
        'x: {y: z}',
        '---',
        '...',
        'a: b: c',
        'k: &x y',
        'k: *x',
        'k: !t v',
        'tasks: ',
        'id: 1.10',
        'k: "un',
        'k: -',
        'k: a:',
        'k: a #b',
        '"q": v',
        '? k',
        '1.10',
        '"quoted"',
        '- nested',
        'plan_id: p',
        'objective: o',
        'k: [a, "b"]',
        'k: [a,]',
        'k: ~',
        'k: null',
        'k: a  ',
      ),
    ),
    { maxLength: 14 },
  )
  .map((lines) => lines.map(([indent, line]) => `${indent}${line}\n`).join(''));
