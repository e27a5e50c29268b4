import { strict as assert } from 'node:assert';
import { milestoneFiles } from '../../../src/formats/orchestra/blueprint.ts';
import type { SourceFile } from '../../../src/formats/imported.ts';
import { importFiles } from '../../../src/formats/registry.ts';

const FOLDER = '.orchestra/milestones/M1-x';
const RFC = `${FOLDER}/rfc.md`;
const phase = (n: number, scope: string, more = ''): SourceFile => ({
  path: `${FOLDER}/phases/phase-${n}.md`,
  text: `---\nstatus: pending\norder: ${n}\n${more}---\n\n## Objective\nPart ${n}\n\n## Scope\n- ${scope} (new)\n`,
});
const config = (approval: string, more = ''): SourceFile => ({
  path: '.orchestra/config.yml',
  text: `pipeline:\n  rfc_approval: ${approval}\n${more}`,
});
const milestone = (complexity: string): SourceFile => ({
  path: `${FOLDER}/milestone.md`,
  text: `# Milestone: M1 — Notes\n\n| Field | Value |\n|---|---|\n| Status | planning |\n| Complexity | ${complexity} |\n`,
});
const PHASES = [phase(1, 'src/a.ts'), phase(2, 'src/b.ts')];

function tasksOf(...files: SourceFile[]) {
  const read = importFiles(files, {}).imported.find(({ format }) => format === 'orchestra-milestone');
  assert.deepEqual(read?.problems.filter(({ severity }) => severity === 'error') ?? ['nothing'], []);
  const said = read?.problems.map(({ message }) => message).join('\n') ?? '';
  return { tasks: read?.plan?.tasks ?? [], origin: read?.plan?.origin, said };
}
const rows = (...files: SourceFile[]) =>
  tasksOf(...files).tasks.map(({ id, dependencies, gates }) => [id, dependencies.join(), gates?.join() ?? '']);
const PLAIN = [
  ['phase-1', '', ''],
  ['phase-2', 'phase-1', ''],
];

describe('the RFC of a milestone', () => {
  it('is written first where it is required and no phase does, approved by a person, and read by each phase', () => {
    const files = [config('required'), milestone('complex'), ...PHASES];
    assert.deepEqual(rows(...files), [
      ['rfc', '', 'approval'],
      ['phase-1', 'rfc', ''],
      ['phase-2', 'phase-1', ''],
    ]);
    const { tasks, origin, said } = tasksOf(...files);
    const [rfc, ...others] = tasks;
    assert.deepEqual([rfc?.title, rfc?.role, rfc?.grade], ['Write the RFC: Notes', 'architect', 'complex']);
    assert.deepEqual(rfc?.scope, [RFC]);
    assert.match(rfc?.description ?? '', /- phase-2: Part 2$/);
    assert.ok(others.every(({ contextFiles }) => contextFiles[0]?.path === RFC));
    assert.deepEqual(Object.keys(origin?.sources ?? {}), ['phase-1', 'phase-2'], 'it is no phase that is told of it');
    assert.match(said, /nothing begins before you approve it/);
  });

  for (const [what, files] of [
    ['is skipped', [config('skip'), milestone('complex')]],
    ['is optional', [config('optional'), milestone('complex')]],
    ['is no part of the pipeline', [config('required'), milestone('standard')]],
    ['is named nowhere', [milestone('complex')]],
  ] as const)
    it(`is not written where it ${what}`, () => assert.deepEqual(rows(...files, ...PHASES), PLAIN));

  it('is not asked for any more once phases have begun without one, and read where it is there', () => {
    const begun = { ...phase(1, 'src/a.ts'), text: phase(1, 'src/a.ts').text.replace('pending', 'done') };
    assert.deepEqual(rows(config('required'), milestone('full'), begun, phase(2, 'src/b.ts')), PLAIN);
    const files = [config('required'), milestone('full'), { path: RFC, text: '# Notes\n' }, ...PHASES];
    assert.deepEqual(rows(...files), PLAIN);
    assert.ok(tasksOf(...files).tasks.every(({ contextFiles }) => contextFiles[0]?.path === RFC));
    assert.match(tasksOf(...files).said, /whoever approves the plan approves it/);
  });

  it('stays the work of its task where a run that wrote it was begun', () => {
    const context = {
      path: `${FOLDER}/context.md`,
      text: '## Phases\n- rfc: done | commit: abc\n- phase-1: pending\n',
    };
    const { tasks } = tasksOf(config('required'), milestone('full'), context, ...PHASES);
    assert.deepEqual(
      tasks.map(({ id, status }) => [id, status]),
      [
        ['rfc', 'completed'],
        ['phase-1', 'pending'],
        ['phase-2', 'pending'],
      ],
    );
  });

  it('is approved where a phase writes it, unless it is skipped, and holds up those that may be side by side', () => {
    const phases = [phase(1, 'rfc.md', 'depends_on: []\n'), phase(2, 'src/b.ts', 'depends_on: []\n')];
    const side = '  parallel: enabled\n';
    const row = (gates: string) => [
      ['phase-1', '', gates],
      ['phase-2', 'phase-1', ''],
    ];
    for (const approval of ['required', 'optional'])
      assert.deepEqual(rows(config(approval, side), milestone('quick'), ...phases), row('approval'));
    assert.deepEqual(rows(config('skip', side), milestone('full'), ...phases), row(''));
    assert.deepEqual(tasksOf(config('optional'), milestone('quick'), ...phases).tasks[0]?.scope, [RFC]);
  });

  it('grooms the phases that come after it, by whoever writes it: they and what was said of them are read', () => {
    const spoken = { path: `${FOLDER}/grooming.md`, text: 'Small first.\n' };
    const own = [phase(1, 'rfc.md'), phase(2, 'src/b.ts')];
    for (const files of [
      [config('required'), ...PHASES],
      [config('skip'), ...own],
    ]) {
      const [writer, ...others] = tasksOf(milestone('complex'), spoken, ...files).tasks;
      assert.match(writer?.description ?? '', /say\nunder `## Phases` of the RFC[^]*\n- phase-2: Part 2$/);
      assert.deepEqual(
        writer?.contextFiles.map(({ path }) => path),
        [spoken.path, ...others.map(({ id }) => `${FOLDER}/phases/${id}.md`)],
      );
      assert.ok(others.every(({ description }) => !description.includes('## Phases')));
    }
    const alone = tasksOf(milestone('complex'), phase(1, 'rfc.md')).tasks[0];
    assert.doesNotMatch(alone?.description ?? '', /## Phases/);
  });

  it('is what the design phase of a blueprint writes', () => {
    const parts = [
      { kind: 'design', text: 'Auth RFC', skills: [] },
      { kind: 'impl', text: 'Endpoints', skills: [] },
    ];
    const made = { id: 'M1', title: 'Auth', complexity: 'full', phases: parts, acceptanceCriteria: ['It works'] };
    const blueprint = { name: 'b', description: '', parameters: [], milestones: [made] };
    const files = milestoneFiles(blueprint, { first: 1, created: '2026-04-01' });
    assert.deepEqual(rows(config('required'), ...files), [
      ['phase-1', '', 'approval'],
      ['phase-2', 'phase-1', ''],
    ]);
  });
});
