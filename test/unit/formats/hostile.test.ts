import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CheckoutFile } from '../../../src/engine/plans/checkout-file.ts';
import { importFrom } from '../../../src/engine/plans/import.ts';
import { readTextFile } from '../../../src/engine/text-file.ts';
import { describe as words } from '../../../src/model/failure.ts';
import { errorsOf, imported } from './fixtures.ts';

const PLAN = 'plan_id: p\nobjective: o\ntasks:\n  - id: a\n    title: café\n    status: pending\n';

describe('Hostile files:', () => {
  let root = '';
  let outside = '';
  beforeEach(() => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'orchestrate-hostile-')));
    root = path.join(folder, 'repository');
    outside = path.join(folder, 'outside');
    mkdirSync(root);
    mkdirSync(outside);
  });
  afterEach(() => rmSync(path.dirname(root), { recursive: true, force: true }));

  const put = (name: string, content: string | Buffer): string => {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const errorsIn = async (place: string): Promise<string[]> => {
    const read = await importFrom(place, { root, dry: false, force: false });
    assert.ok(read.ok, read.ok ? '' : words(read.failure));
    return read.value.accounts.flatMap((one) => errorsOf(one.imported));
  };

  it('what is no UTF-8 is refused with the place of the byte, alone and in a folder', async () => {
    const latin1 = put('docs/plan/p/plan.yaml', Buffer.from(PLAN, 'latin1'));
    const expected = ['5:15 The byte 0xE9 is no UTF-8. Save the file as UTF-8.'];
    assert.deepEqual(await errorsIn(latin1), expected);
    put('notes/latin1.md', Buffer.from('é', 'latin1'));
    assert.deepEqual(await errorsIn(root), expected, 'and what is of no format is passed over');
    const utf16 = put('plan.yaml', Buffer.from(`\uFEFF${PLAN}`, 'utf16le'));
    assert.deepEqual(await errorsIn(utf16), ['1:1 This is UTF-16. Save the file as UTF-8.']);
  });

  it('what is no UTF-8 is not written back, and not read for mending: no byte is lost', async () => {
    const bytes = Buffer.from(PLAN, 'latin1');
    const file = put('plan.yaml', bytes);
    const checkout = new CheckoutFile({ root, file: 'plan.yaml', mark: path.join(root, 'mark.json') });
    const reason = await checkout.write({ change: (text = '') => text.replace('pending', 'completed') });
    assert.equal(reason, 'cannot be read as UTF-8');
    assert.deepEqual(readFileSync(file), bytes);
    const read = await readTextFile(file, 'plan.yaml');
    assert.ok(!read.ok);
    assert.match(words(read.failure), /^plan\.yaml:5:15: The byte 0xE9/);
  });

  it('a folder that links to itself or elsewhere is not followed', async () => {
    put('in/docs/plan/p/plan.yaml', PLAN);
    symlinkSync('..', path.join(root, 'in', 'docs', 'round'));
    writeFileSync(path.join(outside, 'PRD.yaml'), 'prd_id: x\n');
    symlinkSync(outside, path.join(root, 'in', 'out'));
    const read = await importFrom(path.join(root, 'in'), { root, dry: true, force: false });
    assert.ok(read.ok);
    assert.deepEqual(
      read.value.accounts.map(({ imported: one }) => one.files),
      [['in/docs/plan/p/plan.yaml']],
    );
  });

  it('a plan is not written through a link that leads out of the repository', async () => {
    const file = put('in/words.yaml', PLAN);
    symlinkSync(outside, path.join(root, 'docs'));
    const read = await importFrom(file, { root, dry: false, force: true });
    assert.ok(!read.ok);
    assert.match(words(read.failure), /docs\/plan\/p\/plan\.yaml lies outside the repository/);
    assert.deepEqual(readdirSync(outside), []);
  });

  it('a plan whose id leads out of the repository becomes a folder in it', async () => {
    const file = put('in/words.yaml', PLAN.replace('plan_id: p', 'plan_id: ../../../x'));
    assert.deepEqual(await errorsIn(file), []);
    assert.ok(existsSync(path.join(root, 'docs/plan/x/plan.yaml')));
  });

  it('a pipe is no file, and is not waited for', async function (this: Mocha.Context) {
    if (process.platform === 'win32') return;
    const pipe = path.join(root, 'plan.yaml');
    execFileSync('mkfifo', [pipe]);
    const read = await importFrom(pipe, { root, dry: true, force: false });
    assert.ok(!read.ok);
    assert.match(words(read.failure), /is no file or folder/);
    const text = await readTextFile(pipe, 'plan.yaml');
    assert.ok(!text.ok);
    assert.equal(words(text.failure), 'plan.yaml is no file.');
  });
});

describe('Hostile texts:', () => {
  const state = (text: string) => imported({ path: '.claude/orchestrator/worktree_state.json', text });
  const nowhere = '1:1 This has no mapping "worktrees" and none "processes": it is no state of gadugi.';

  for (const text of ['', 'null', '[]', '{"worktrees": [1]}', '{"timestamp": 1}'])
    it(`${JSON.stringify(text)} is no state of worktrees`, () => assert.deepEqual(errorsOf(state(text)), [nowhere]));

  it('an entry that is no mapping is said, and the others are read', () => {
    const { state: read, problems } = state('{"worktrees": {\n"a": 3,\n"__proto__": {"status": "completed"}}}');
    assert.deepEqual(
      read?.entries.map(({ id, status }) => [id, status]),
      [
        ['a', ''],
        ['__proto__', 'completed'],
      ],
    );
    assert.deepEqual(
      problems.map(({ range }) => [range.line, range.column]),
      [[2, 6]],
    );
  });

  it('states nested without an end, or cut off, are refused with their place', () => {
    assert.deepEqual(errorsOf(state('['.repeat(100_000))), ['1:1 This is nested too deep to be read.']);
    assert.match(errorsOf(state('{"worktrees": {\n"a": {"status": "act'))[0] ?? '', /^2:\d+ Not valid JSON/);
  });

  it('a blueprint of 50,000 milestones is read in less than a second', () => {
    const text = `# Blueprint: x\n## Milestones\n${'### M1 — a\n- Phases:\n'.repeat(50_000)}`;
    const before = process.cpuUsage().user;
    assert.equal(imported({ path: 'x.md', text }).blueprint?.milestones.length, 50_000);
    assert.ok(process.cpuUsage().user - before < 1e6);
  });

  for (const [what, text] of [
    ['spaces before a word', `# a${' '.repeat(50_000)}x\n`],
    ['spaces in a section', `# a\n\n## Scope\n- a.ts${' '.repeat(50_000)}x\n${'\n'.repeat(50_000)}x\n`],
    ['number signs', `# a ${'# '.repeat(25_000)}x\n`],
    ['bars', `# a\n${'| '.repeat(25_000)}x\n`],
    ['stars', `# a\n${'**'.repeat(25_000)}x\n`],
  ] as const)
    it(`a phase with many ${what} is read in less than a second`, () => {
      const before = process.cpuUsage().user;
      for (const name of ['phases/phase-1.md', 'milestone.md', 'context.md'])
        imported({ path: `.orchestra/milestones/M1-x/${name}`, text });
      imported({ path: 'prompts/a.md', text });
      assert.ok(process.cpuUsage().user - before < 1e6);
    });
});
