import { deepEqual, equal } from 'node:assert/strict';
import * as fc from 'fast-check';
import { type Levels, modelFor } from '../../../../src/model/crew/assignment.ts';
import { gradeNamed, GRADES } from '../../../../src/model/crew/grade.ts';
import { identityOf } from '../../../../src/model/crew/identity.ts';
import { readPlan } from '../../../../src/model/plan/reader.ts';
import { plainRole, roleOf, skillsFor } from '../../../../src/model/crew/role.ts';

const file = { name: 'implementer', file: 'x.md', skills: [], readOnly: false };
const nothing: Levels = { task: {}, grade: 'standard', settings: {} };

const models: [what: string, levels: Levels, model: string | undefined, effort: string | undefined][] = [
  ['nothing says anything', nothing, undefined, undefined],
  ['the agent’s settings', { ...nothing, settings: { model: 'a', effort: 'low' } }, 'a', 'low'],
  [
    'the table of grades over the settings',
    { ...nothing, settings: { model: 'a', models: { standard: 's', complex: 'c' } } },
    's',
    undefined,
  ],
  [
    'another row of the table for another grade',
    {
      ...nothing,
      grade: 'complex',
      settings: { models: { standard: 's', complex: 'c' }, efforts: { complex: 'max' } },
    },
    'c',
    'max',
  ],
  [
    'the settings where the table has no such row',
    { ...nothing, grade: 'trivial', settings: { model: 'a', models: { standard: 's' } } },
    'a',
    undefined,
  ],
  [
    'the role file over the table',
    { ...nothing, file: { ...file, model: 'f', effort: 'high' }, settings: { models: { standard: 's' } } },
    'f',
    'high',
  ],
  [
    'orchestrate.yaml over the role file',
    { ...nothing, role: { model: 'r' }, file: { ...file, model: 'f', effort: 'high' } },
    'r',
    'high',
  ],
  [
    'the task over everything',
    {
      task: { model: 't', effort: 'x' },
      role: { model: 'r', effort: 'y' },
      file: { ...file, model: 'f' },
      grade: 'quick',
      settings: { model: 'a', models: { quick: 'q' } },
    },
    't',
    'x',
  ],
];

describe('Model and effort of a task', () => {
  for (const [what, levels, model, effort] of models) {
    it(`come from ${what}`, () => {
      const found = modelFor(levels);
      deepEqual([found.model, found.effort], [model, effort]);
    });
  }

  it('come from the strongest level that says anything, whichever say something', () => {
    const word = fc.option(fc.constantFrom('m1', 'm2', 'm3'), { nil: undefined });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word, word), fc.constantFrom(...GRADES), (said, grade) => {
        const [task, role, ofFile, byGrade, settings] = said;
        const model = (value: string | undefined): { model?: string } => (value === undefined ? {} : { model: value });
        const levels: Levels = {
          task: model(task),
          role: model(role),
          file: { ...file, ...model(ofFile) },
          grade,
          settings: { ...model(settings), models: byGrade === undefined ? {} : { [grade]: byGrade } },
        };
        equal(
          modelFor(levels).model,
          said.find((value) => value !== undefined),
        );
      }),
    );
  });
});

describe('A grade', () => {
  it('is told by the words of every format', () => {
    const words = ['trivial', 'Quick', 'small', 'simple', 'standard', 'medium', 'large', 'high', 'CRITICAL', 'huge'];
    deepEqual(words.map(gradeNamed), [
      'trivial',
      'quick',
      'quick',
      'quick',
      'standard',
      'standard',
      'complex',
      'complex',
      'complex',
      undefined,
    ]);
  });

  it('is what a task says, as a complexity before an effort', () => {
    const plan = readPlan(
      'plan_id: p\nobjective: o\ntasks:\n  - { id: a, complexity: trivial, estimated_effort: large }\n  - { id: b, estimated_effort: large }\n  - { id: c }\n',
      'plan.yaml',
    ).plan;
    deepEqual(
      plan?.tasks.map(({ grade }) => grade),
      ['trivial', 'complex', undefined],
    );
  });
});

describe('The role of a task', () => {
  it('is what it says, whatever system named it', () => {
    const roles = [
      'gem-implementer',
      'Reviewer',
      'gem-critic',
      'gem-documentation-writer',
      'backend-engineer',
      'gem-debugger',
    ];
    deepEqual(roles.map(plainRole), [
      'implementer',
      'reviewer',
      'reviewer',
      'documentation',
      'implementer',
      'debugger',
    ]);
  });

  it('is its own word, else its agent where that is no adapter, else what it is to bring about', () => {
    equal(roleOf({ role: 'reviewer', agent: 'claude', produces: 'change' }, true), 'reviewer');
    equal(roleOf({ agent: 'gem-devops', produces: 'change' }, false), 'devops');
    equal(roleOf({ agent: 'claude', produces: 'change' }, true), 'implementer');
    equal(roleOf({ produces: 'report' }, true), 'researcher');
  });
});

describe('Skills of a task', () => {
  const there = [
    { name: 'api', file: 'api.md', keywords: ['endpoint', 'REST'] },
    { name: 'c++', file: 'c.md', keywords: ['C++'] },
    { name: 'ui', file: 'ui.md', keywords: ['ui'] },
  ];
  const task = { title: 'Add the rest endpoint', description: 'Build it in C++.', acceptanceCriteria: ['is fruity'] };

  it('are those it names, those of its role, and those of which a keyword stands in it as a word', () => {
    deepEqual(skillsFor(task, [], there), ['api', 'c++']);
    deepEqual(skillsFor({ ...task, skills: ['ui'] }, ['style'], there), ['ui', 'style', 'api', 'c++']);
    deepEqual(skillsFor({ ...task, title: '', description: '' }, [], there), []);
  });
});

describe('Whose work a task is', () => {
  const table: [string, string][] = [
    ['backend', 'Add an endpoint that reads orders from the database, with a migration'],
    ['frontend', 'A form component with accessible buttons on the settings page'],
    ['devops', 'Build the docker container in the CI pipeline and deploy it'],
    ['architect', 'Write the ADR: the trade-offs of the module boundaries'],
    ['fullstack', 'A page with a form that posts to a new endpoint of the server'],
    ['fullstack', 'Rename the variable'],
  ];
  for (const [identity, description] of table) {
    it(`${identity}: ${description}`, () => {
      equal(identityOf({ title: '', description, acceptanceCriteria: [] }), identity);
    });
  }

  it('is what an old plan calls it, and never a matter of folders', () => {
    equal(identityOf({ title: 'x', description: '', acceptanceCriteria: [], role: 'frontend-engineer' }), 'frontend');
    equal(identityOf({ title: 'x', description: '', acceptanceCriteria: [], role: 'adaptive' }), 'fullstack');
    equal(identityOf({ title: 'x', description: '', acceptanceCriteria: [], skills: ['react'] }), 'frontend');
  });
});
