import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { readPlainYaml } from '../../../../src/model/text/plain-yaml.ts';
import { readPlan } from '../../../../src/model/plan/reader.ts';
import { yamlLines } from '../texts.ts';

const FILE = 'docs/plan/p/plan.yaml';
const head = 'plan_id: p\nobjective: o\n';
const read = (text: string): ReturnType<typeof readPlan> => readPlan(text, FILE);
const told = (text: string): string[] =>
  read(text).problems.map(({ range, severity, message }) => `${range.line}:${range.column} ${severity} ${message}`);
const tasksOf = (text: string): NonNullable<ReturnType<typeof readPlan>['plan']>['tasks'] => {
  const { plan, problems } = read(text);
  assert.ok(plan, JSON.stringify(problems));
  return plan.tasks;
};

describe('A plan', () => {
  it('is read with a default for everything but the id', () => {
    assert.deepEqual(tasksOf(`${head}tasks:\n  - id: a\n`), [
      {
        id: 'a',
        title: 'a',
        description: '',
        wave: 1,
        priority: 'medium',
        status: 'pending',
        dependencies: [],
        conflictsWith: [],
        produces: 'change',
        acceptanceCriteria: [],
        verification: [],
        contextFiles: [],
      },
    ]);
  });

  it('asks a person before production, and takes what is to be documented, whatever form it has', () => {
    const tasks = tasksOf(`${head}tasks:
  - { id: a, agent: gem-devops, environment: production, requires_approval: false }
  - { id: b, agent: gem-devops, environment: staging, requires_approval: true }
  - { id: c, environment: null, requires_approval: [odd], audience: [a, b] }
  - { id: d, agent: gem-documentation-writer, task_type: walkthrough, audience: developers, coverage_matrix: [API, Set-up] }
`);
    assert.deepEqual(
      tasks.map(({ leave, environment }) => [leave, environment]),
      [
        ['acts on production', 'production'],
        ['needs an approval, as the plan says', 'staging'],
        [undefined, undefined],
        [undefined, undefined],
      ],
    );
    const { document, audience, coverage } = tasks[3] ?? {};
    assert.deepEqual([document, audience, coverage], ['walkthrough', 'developers', ['API', 'Set-up']]);
    assert.equal(tasks[2]?.audience, undefined);
  });

  it('takes what is done without where it fails, and refuses another word for it', () => {
    const [a, b] = tasksOf(`${head}tasks:\n  - { id: a, on_failure: skip }\n  - { id: b }\n`);
    assert.deepEqual([a?.onFailure, b?.onFailure], ['skip', undefined]);
    const { problems } = readPlan(`${head}tasks:\n  - { id: a, on_failure: pause }\n`, 'p/plan.yaml');
    assert.match(problems[0]?.message ?? '', /on_failure must be "skip"/);
  });

  it('takes how closely a review looks, in full where it is security sensitive', () => {
    const tasks = tasksOf(`${head}tasks:
  - { id: a, review_depth: Lightweight }
  - { id: b, review_depth: lightweight, review_security_sensitive: true }
  - { id: c, review_depth: deep, review_security_sensitive: false }
`);
    assert.deepEqual(
      tasks.map(({ depth }) => depth),
      ['lightweight', 'full', undefined],
    );
  });

  it('takes what is to be tried in a browser, and need not change anything then', () => {
    const [a, b] = tasksOf(`${head}tasks:
  - id: a
    agent: gem-browser-tester
    validation_matrix:
      - { scenario: Wrong password, steps: [open /login, "send, twice"], expected_result: an error, flow: login }
      - { scenario: Sign in, steps: press Enter }
      - The page has a title
  - { id: b, agent: gem-browser-tester, produces: change, validation_matrix: [] }
`);
    assert.deepEqual(a?.scenarios, [
      'Wrong password; 1. open /login; 2. send, twice; expected: an error; flow: login',
      'Sign in; 1. press Enter',
      'The page has a title',
    ]);
    assert.deepEqual([a?.produces, b?.produces, b?.scenarios], ['report', 'change', undefined]);
  });

  it('is read with the second names seen in real files', () => {
    const [, b] = tasksOf(
      `${head}tasks:\n  - id: a\n  - {task_id: b, name: B, assigned_agent: gem-reviewer, depends_on: a, context_files: {x.ts: why}}\n`,
    );
    assert.equal(b?.title, 'B');
    assert.equal(b?.produces, 'report');
    assert.deepEqual(b?.dependencies, ['a']);
    assert.deepEqual(b?.contextFiles, [{ path: 'x.ts', description: 'why' }]);
  });

  it('takes context files in every form', () => {
    const forms = ['[{path: x, description: d}]', '[x]', '{path: x, description: d}', '{x: d}', '{read: [x]}', 'x'];
    for (const form of forms) {
      const [task] = tasksOf(`${head}tasks:\n  - {id: a, context_files: ${form}}\n`);
      assert.equal(task?.contextFiles[0]?.path, 'x', form);
    }
  });

  it('keeps ids as they are written, whatever they hold', () => {
    const ids = ['1.10', '007', 'a/b', '../../x', 'ä ö', 'true', '1e3', 'x'.repeat(300)];
    const text = `${head}tasks:\n${ids.map((id) => `  - id: ${id}\n    dependencies: []\n`).join('')}`;
    assert.deepEqual(
      tasksOf(text).map(({ id }) => id),
      ids,
    );
    assert.deepEqual(
      tasksOf(text.replaceAll('\n', '\r\n')).map(({ id }) => id),
      ids,
    );
  });

  it('takes a sentence that YAML takes for a mapping as the sentence', () => {
    const [task] = tasksOf(`${head}tasks:\n  - id: a\n    verification:\n      - Check: it works\n`);
    assert.deepEqual(task?.verification, ['Check: it works']);
  });

  it('may be JSON', () => {
    const text = JSON.stringify({
      plan_id: 'p',
      objective: 'o',
      tasks: [
        { id: 1, wave: 2 },
        { id: 'b', dependencies: [1] },
      ],
    });
    assert.deepEqual(
      tasksOf(text).map(({ id, wave }) => [id, wave]),
      [
        ['1', 2],
        ['b', 1],
      ],
    );
  });

  it('without plan_id has that of its folder, with a warning', () => {
    const { plan, problems } = read('objective: o\ntasks:\n  - id: a\n');
    assert.equal(plan?.id, 'p');
    assert.deepEqual(
      problems.map(({ severity }) => severity),
      ['warning'],
    );
  });
});

describe('A mistake in a plan is told with its place and a remedy:', () => {
  const TABLE: readonly [string, string, RegExp][] = [
    ['no YAML', `${head}tasks:\n\t- id: a\n`, /^4:1 error Not valid YAML: .*Indent with spaces, not tabs\.$/],
    ['no mapping', '- a\n', /^1:1 error A plan is a mapping/],
    ['an empty text', '', /^1:1 error A plan is a mapping/],
    ['no tasks', head, /error The plan has no tasks\. Add a list/],
    ['tasks in waves', `${head}waves: [{tasks: [{id: a}]}]\n`, /Move the tasks under "waves" there/],
    ['tasks that are no list', `${head}tasks: {a: b}\n`, /^3:8 error tasks must be a list/],
    ['a task that is no mapping', `${head}tasks:\n  - a\n`, /^4:5 error tasks\[1\] must be a mapping/],
    ['no id', `${head}tasks:\n  - title: a\n`, /^4:5 error Task 1 has no id\./],
    ['an empty id', `${head}tasks:\n  - id:\n`, /^4:5 error Task 1 has no id\./],
    ['an id used twice', `${head}tasks:\n  - id: a\n  - id: a\n`, /^4:9 error The id "a" is used again by task 2/],
    ['a long id', `${head}tasks:\n  - id: ${'x'.repeat(301)}\n`, /^4:9 error .*301 characters/],
    ['a control character', `${head}tasks:\n  - id: "a\\x07"\n`, /^4:9 error .*control character/],
    [
      'an unknown dependency',
      `${head}tasks:\n  - id: setup\n  - id: b\n    dependencies: [stup]\n`,
      /^6:20 error Task "b" depends on "stup", which is no task\. Did you mean "setup"\?$/,
    ],
    [
      'an unknown conflict',
      `${head}tasks:\n  - id: b\n    conflicts_with:\n      - zzzzz\n`,
      /^6:9 error Task "b" conflicts with "zzzzz".*Name an id/,
    ],
    [
      'an unknown contract',
      `${head}tasks:\n  - id: b\ncontracts:\n  - from_task: b\n    to_task: c\n`,
      /^7:14 error Contract 1 names "c"/,
    ],
    ['itself', `${head}tasks:\n  - id: b\n    dependencies: [b]\n`, /^5:20 error Task "b" depends on itself/],
    [
      'a cycle',
      `${head}tasks:\n  - id: a\n    dependencies: [b]\n  - id: b\n    depends_on: [a]\n`,
      /^5:19 error These tasks wait for each other: a → b → a\./,
    ],
    [
      'a scope outside',
      `${head}tasks:\n  - id: a\n    scope: [src, ../x]\n`,
      /^5:18 error The scope "\.\.\/x" of task "a" leaves the repository/,
    ],
    [
      'a wave that is no number',
      `${head}tasks:\n  - id: a\n    wave: soon\n`,
      /^5:11 error tasks\[1\]\.wave must be a whole number/,
    ],
    [
      'shell without a line',
      `${head}tasks:\n  - id: a\n    agent: shell\n`,
      /^5:12 error Task "a" has the agent shell but no line/,
    ],
    [
      'a bomb',
      `a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n${head}tasks: [{id: x}]\n`,
      /^2:8 error An alias inside an anchored value is refused/,
    ],
    ['an alias of nothing', `${head}tasks: [{id: *x}]\n`, /error/],
    ['depth', '['.repeat(20_000), /^1:1 error This is nested too deep/],
    ['a huge text', `#${'x'.repeat(10_000_001)}`, /^1:1 error The text is longer than 10 MB/],
  ];
  for (const [name, text, expected] of TABLE) {
    it(name, () => {
      const { plan } = read(text);
      const problems = told(text);
      assert.equal(plan, undefined);
      assert.equal(
        problems.some((one) => expected.test(one)),
        true,
        problems.join('\n'),
      );
    });
  }

  it('an id used twice, at both places', () => {
    const places = told(`${head}tasks:\n  - id: a\n  - id: a\n`).map((one) => one.split(' ')[0]);
    assert.deepEqual(places, ['4:9', '5:9']);
  });
});

describe('What can be run all the same is a warning:', () => {
  const TABLE: readonly [string, string, RegExp][] = [
    [
      'a dependency in the same wave',
      `${head}tasks:\n  - {id: a, wave: 1, scope: x}\n  - {id: b, wave: 1, dependencies: [a], scope: y}\n`,
      /^5:19 warning .*It will run in wave 2\.$/,
    ],
    ['an unknown status', `${head}tasks:\n  - id: a\n    status: deferred\n`, /^5:13 warning The status "deferred"/],
    ['an unknown priority', `${head}tasks:\n  - id: a\n    priority: urgent\n`, /^5:15 warning The priority "urgent"/],
    ['a key twice', `${head}tasks:\n  - id: a\n    title: x\n    title: y\n`, /^6:5 warning This key is here twice/],
    [
      'a conflict told by one side',
      `${head}tasks:\n  - {id: a, conflicts_with: [b], scope: x}\n  - {id: b, scope: y}\n`,
      /^4:29 info "b" does not name "a"/,
    ],
  ];
  for (const [name, text, expected] of TABLE) {
    it(name, () => {
      assert.ok(read(text).plan);
      assert.equal(
        told(text).some((one) => expected.test(one)),
        true,
        told(text).join('\n'),
      );
    });
  }

  it('a thousand unknown scopes, once', () => {
    const text = `${head}tasks:\n${Array.from({ length: 1_000 }, (_, i) => `  - id: t${i}\n`).join('')}`;
    const problems = told(text);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /"t0", "t1", "t2" and 997 more may run beside others/);
  });
});

/** A tab sends the text to the library. */
const slow = (text: string): string => `${text}# \t\n`;

describe('The reader of plans', () => {
  it('never throws, and gives a plan exactly when there is no error', () => {
    fc.assert(
      fc.property(fc.oneof(yamlLines, fc.string()), (body) => {
        for (const text of [body, `${head}${body}`, `${head}tasks:\n${body}`]) {
          const { plan, problems } = read(text);
          assert.equal(
            plan === undefined,
            problems.some(({ severity }) => severity === 'error'),
            text,
          );
          for (const { range } of problems)
            assert.equal(range.line >= 1 && range.column >= 1 && range.endColumn > range.column, true);
        }
      }),
      { numRuns: 1_000 },
    );
  }).timeout(30_000);

  it('finds the same problems at the same places by the fast way and by the library', () => {
    fc.assert(
      fc.property(yamlLines, (body) => {
        const text = `${head}tasks:\n${body}`;
        if (!readPlainYaml(text)) return;
        assert.deepEqual(read(text).plan, read(slow(text)).plan, text);
        assert.deepEqual(told(text).toSorted(), told(slow(text)).toSorted(), text);
      }),
      { numRuns: 5_000 },
    );
  }).timeout(30_000);

  it('finds places in a large plan too', () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, i) => `  - id: t${i}\n    title: A task\n    dependencies: [t${i + 1}]\n    scope: [x${i}]\n`,
    );
    const text = `${head}tasks:\n${rows.join('')}`;
    const { problems } = read(text);
    assert.deepEqual(
      problems.map(({ range, message }) => `${range.line}:${range.column} ${message.slice(0, 40)}`),
      ['40002:20 Task "t9999" depends on "t10000", which '],
    );
  }).timeout(20_000);
});
