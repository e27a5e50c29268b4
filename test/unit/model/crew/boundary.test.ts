import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { type Boundary, crossed, protectedFrom } from '../../../../src/model/crew/boundary.ts';

const boundary = (more: Partial<Boundary> = {}): Boundary => ({
  task: {},
  who: { name: 'claude', manual: false, role: 'implementer' },
  protections: [],
  criteria: [],
  ...more,
});
const found = (paths: readonly string[], more: Partial<Boundary>): [string, readonly string[]][] =>
  crossed(paths, boundary(more)).map(({ kind, paths: crossing }) => [kind, crossing]);

describe('What an attempt may change', () => {
  const protections = [
    { files: 'package-lock.json', by: [] },
    { files: 'migrations/**', by: ['dba', 'codex'] },
    { files: 'docs', by: ['documentation', 'person'] },
  ];
  const paths = ['package-lock.json', 'migrations/1.sql', 'docs/a.md', 'src/a.ts'];

  it('leaves protected files to those they are for, or to a person', () => {
    const all = { protectedFile: ['package-lock.json', 'migrations/1.sql'], protectedByPerson: ['docs/a.md'] };
    deepEqual(found(paths, { protections }), Object.entries(all));
    for (const who of [
      { name: 'codex', manual: false },
      { name: 'claude', manual: false, role: 'dba' },
    ])
      deepEqual(found(paths, { protections, who }), [
        ['protectedFile', ['package-lock.json']],
        ['protectedByPerson', ['docs/a.md']],
      ]);
    deepEqual(
      found(paths, { protections, task: { role: 'gem-documentation-writer' } }),
      Object.entries({ protectedFile: ['package-lock.json', 'migrations/1.sql'] }),
    );
    deepEqual(
      found(paths, { protections, who: { name: 'manual', manual: true } }),
      Object.entries({ protectedFile: ['package-lock.json', 'migrations/1.sql'] }),
    );
  });

  it('is bounded by its role, with what "!" takes away', () => {
    const who = { name: 'shell', manual: false, mayChange: { role: 'documentation', files: ['docs', '!docs/api'] } };
    deepEqual(found(['docs/a.md', 'docs/api/b.md', 'src/a.ts'], { who }), [
      ['outsideRole', ['docs/api/b.md', 'src/a.ts']],
    ]);
    const [one] = crossed(['src/a.ts'], boundary({ who }));
    equal(one?.detail, 'The role "documentation" may change only docs, !docs/api: src/a.ts');
  });

  it('is never what it is judged by, unless its scope names that very file', () => {
    const criteria = ['docs/plan/p/plan.yaml', '.orchestra/milestones/M1-x'];
    const changed = [
      '.orchestra/milestones/M1-x/rfc.md',
      '.orchestra/milestones/M1-x/prd.md',
      '.orchestra/milestones/M10/a',
    ];
    deepEqual(found(changed, { criteria, task: { scope: ['.orchestra/milestones/M1-x/rfc.md', '.orchestra/**'] } }), [
      ['criteriaChanged', ['.orchestra/milestones/M1-x/prd.md']],
    ]);
  });

  it('is told before: whatever is refused or asked is among the files it is told to leave', () => {
    const name = fc.constantFrom('a', 'b', 'person');
    const glob = fc.constantFrom('a.txt', 'src/**', '*.lock', 'docs');
    const who = fc.record({ name: fc.constantFrom('a', 'c'), manual: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.record({ files: glob, by: fc.array(name) })), who, (all, worker) => {
        const bounds = boundary({ protections: all, who: worker });
        const { refused, asked } = protectedFrom(bounds);
        const kinds = new Set(crossed(['a.txt', 'src/x', 'y.lock', 'docs/z'], bounds).map(({ kind }) => kind));
        equal(kinds.has('protectedFile'), refused.length > 0);
        equal(kinds.has('protectedByPerson'), asked.length > 0);
        if (worker.manual) equal(asked.length, 0);
      }),
    );
  });
});
