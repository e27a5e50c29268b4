import { strict as assert } from 'node:assert';
import type { SourceFile } from '../../../src/formats/imported.ts';
import { importFiles } from '../../../src/formats/registry.ts';

const FOLDER = '.orchestra/milestones/M1-x';
const MAP = `${FOLDER}/codebase-map.md`;
const milestone: SourceFile = { path: `${FOLDER}/milestone.md`, text: '# Milestone: M1 — Notes\n' };
const config = (more: string): SourceFile => ({ path: '.orchestra/config.yml', text: `pipeline:\n${more}` });
const context = (text: string): SourceFile => ({ path: `${FOLDER}/context.md`, text });
const phase = (n: number, scope: readonly string[], more = ''): SourceFile => ({
  path: `${FOLDER}/phases/phase-${n}.md`,
  text: `---\nstatus: pending\norder: ${n}\n${more}---\n\n## Objective\nPart ${n}\n\n## Scope\n${scope.map((path) => `- ${path}\n`).join('')}`,
});
const LARGE = [phase(1, ['src/store/a.ts', 'src/api/**']), phase(2, ['test/a.test.ts (new)'])];

function read(...files: SourceFile[]) {
  const found = importFiles([milestone, ...files], {}).imported.find(({ format }) => format === 'orchestra-milestone');
  assert.deepEqual(found?.problems.filter(({ severity }) => severity === 'error') ?? ['nothing'], []);
  return found ?? assert.fail();
}
const tasksOf = (...files: SourceFile[]) => read(...files).plan?.tasks ?? [];
const rows = (...files: SourceFile[]) =>
  tasksOf(...files).map(({ id, dependencies }) => `${id} < ${dependencies.join()}`);
const readFirst = (...files: SourceFile[]) =>
  tasksOf(...files).map(({ contextFiles }) => contextFiles.map(({ path }) => path.split('/').at(-1)).join());

describe('the codebase map of a milestone', () => {
  it('is made by a scout first where the milestone is large, read by each phase, and done without where it fails', () => {
    assert.deepEqual(rows(...LARGE), ['codebase-map < ', 'phase-1 < codebase-map', 'phase-2 < phase-1']);
    const [scout = assert.fail(), ...phases] = tasksOf(...LARGE);
    assert.deepEqual(
      [scout.title, scout.role, scout.grade, scout.produces],
      ['Describe what is where: Notes', 'researcher', 'trivial', 'change'],
    );
    assert.deepEqual([scout.scope, scout.gates, scout.onFailure], [[MAP], [], 'skip']);
    assert.match(scout.description, /- phase-1: Part 1 \(src\/store\/a\.ts, src\/api\/\*\*\)\n- phase-2: Part 2/);
    assert.ok(phases.every(({ contextFiles, onFailure }) => contextFiles[0]?.path === MAP && onFailure === undefined));
  });

  it('is told of where it is imported, and is no phase that is written to', () => {
    const { plan, problems } = read(...LARGE);
    assert.deepEqual(Object.keys(plan?.origin?.sources ?? {}), ['phase-1', 'phase-2']);
    assert.match(problems[0]?.message ?? '', /a scout makes one first/);
  });

  const files = (many: number): string[] => Array.from({ length: many }, (_, n) => `src/f${n}.ts`);
  for (const [what, scope, isLarge] of [
    ['three folders', ['a/x.ts', 'b/*.ts', 'c/'], true],
    ['two folders, one of them twice', ['a/x.ts', 'a/*.ts', 'a/', 'b/y.ts'], false],
    ['two folders and the milestone itself', ['a/x.ts', 'b/x.ts', `${FOLDER}/rfc.md`], false],
    ['20 files', files(20), true],
    ['19 files', files(19), false],
    ['no files', [], false],
  ] as const)
    it(`is ${isLarge ? '' : 'not '}made for ${what}`, () =>
      assert.equal(rows(phase(1, scope)).includes('codebase-map < '), isLarge));

  it('is made before the RFC, which reads it and does not come before it', () => {
    const designed = [config('  rfc_approval: required\n'), ...LARGE];
    assert.deepEqual(rows(...designed), [
      'codebase-map < ',
      'rfc < codebase-map',
      'phase-1 < rfc',
      'phase-2 < phase-1',
    ]);
    assert.deepEqual(readFirst(...designed), [
      'phase-1.md,phase-2.md',
      'codebase-map.md,phase-1.md,phase-2.md',
      'codebase-map.md,rfc.md',
      'codebase-map.md,rfc.md',
    ]);
  });

  it('holds up those that may be side by side', () => {
    const side = LARGE.map((one) => ({ ...one, text: one.text.replace('order', 'depends_on: []\norder') }));
    assert.deepEqual(rows(config('  parallel: enabled\n'), ...side).slice(1), [
      'phase-1 < codebase-map',
      'phase-2 < codebase-map',
    ]);
  });

  it('is not made where it is there, in a file or in context.md, nor for what was begun without', () => {
    const plain = ['phase-1 < ', 'phase-2 < phase-1'];
    assert.deepEqual(rows(...LARGE, { path: MAP, text: '- `src`: all\n' }), plain);
    assert.deepEqual(readFirst(...LARGE, { path: MAP, text: '- `src`: all\n' }), [
      'codebase-map.md',
      'codebase-map.md',
    ]);
    assert.deepEqual(rows(...LARGE, context('## Codebase Map\n- `src`: all\n')), plain);
    assert.deepEqual(rows(...LARGE, context('## Phases\n- phase-1: done\n')), plain);
  });

  it('stays the work of its scout where a run was begun with one', () => {
    const begun = tasksOf(...LARGE, context('## Phases\n- codebase-map: done | commit: abc\n- phase-1: done\n'));
    assert.deepEqual(
      begun.map(({ id, status }) => `${id} ${status}`),
      ['codebase-map completed', 'phase-1 completed', 'phase-2 pending'],
    );
  });
});
