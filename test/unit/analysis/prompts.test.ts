import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { complexityOf } from '../../../src/analysis/complexity.ts';
import { lead, readPrompt } from '../../../src/analysis/prompt-text.ts';
import { indexFiles } from '../../../src/analysis/repository-files.ts';
import { filesOf, scopeOf, targetsOf } from '../../../src/analysis/targets.ts';
import { typeOf } from '../../../src/analysis/task-type.ts';
import expected from '../../fixtures/analysis/prompts.json' with { type: 'json' };
import labels from '../../fixtures/analysis/labels.json' with { type: 'json' };
import second from '../../fixtures/analysis/labels-second.json' with { type: 'json' };

const FOLDER = join('test', 'fixtures', 'analysis', 'prompts');
const NONE = indexFiles({ paths: [], text: () => undefined });

function judge(text: string): [string, string] {
  const prompt = readPrompt(text);
  const { type } = typeOf(prompt);
  return [type, complexityOf(prompt, type, scopeOf(targetsOf(prompt, NONE)) ?? []).complexity];
}

describe('What a prompt asks for', () => {
  for (const [file, wanted] of Object.entries(expected))
    it(`${file} is ${wanted.join(', ')}`, () =>
      assert.deepEqual(judge(readFileSync(join(FOLDER, file), 'utf8')), wanted));

  it('has an expectation for every fixture', () =>
    assert.deepEqual(readdirSync(FOLDER).toSorted(), Object.keys(expected).toSorted()));

  it('is not decided by what stands in a fence', () => {
    const prompt = readPrompt('# Fix it\n\n````\n# Implement\n```\n## Target Files\n- a.ts\n```\n````\nThe end.\n');
    assert.equal(prompt.title, 'Fix it');
    assert.equal(prompt.sections.length, 1);
    assert.equal(lead(prompt), 'The end.');
    assert.deepEqual(targetsOf(prompt, NONE), { known: false });
  });

  const said = (many: number): string => 'It says how. '.repeat(many / 3);
  const files = (...names: string[]): string => names.map((name) => `- \`src/${name}.ts\``).join('\n');
  const steps = (many: number): string => Array.from({ length: many }, (_, at) => `## Phase ${at + 1}\n`).join('\n');
  const SIZES: [why: string, text: string, complexity: string][] = [
    ['a long repair in one file', `# Fix the leak\n\n## Target Files\n- src/pool.ts\n\n${said(900)}`, 'MEDIUM'],
    ['a long repair anywhere', `# Fix the leak\n\n${said(900)}`, 'HIGH'],
    ['a framework of which little is said', `# Implement the plugin framework\n\n${said(120)}`, 'MEDIUM'],
    ['a framework that is described', `# Implement the plugin framework\n\n${said(300)}`, 'HIGH'],
    ['a review of the whole design', `# System Design Review\n\n${said(150)}`, 'MEDIUM'],
    ['a review of one change', `# Review pull request 12\n\n${said(150)}`, 'LOW'],
    ['words for one file', `# Explain the layout in the README\n\n${said(600)}`, 'LOW'],
    ['a repair of tests', `# Fix test type errors\n\n${said(600)}`, 'MEDIUM'],
    ['a few files and their tests', '# Add a service\n\n' + files('a', 'b', 'test_a', 'test_b', 'x/a'), 'MEDIUM'],
    ['many files in few words', '# Add a service\n\n' + files('a', 'b', 'c', 'd', 'e'), 'HIGH'],
    ['settings in many steps', `# Configure the linter\n\n${steps(6)}\n${said(450)}`, 'MEDIUM'],
    ['code in many steps', `# Implement the parser\n\n${steps(6)}\n${said(450)}`, 'HIGH'],
    ['thousands of something', '# Create an agent\n\nThere are 6,794 issues.', 'HIGH'],
    ['all of something, seen in one text', '# Remove all remaining suppressions\n\nSee `docs/why.md`.', 'MEDIUM'],
  ];
  for (const [why, text, complexity] of SIZES)
    it(`is as large as it is: ${why}`, () => assert.equal(judge(text)[1], complexity));

  it('says why', () => {
    assert.deepEqual(typeOf(readPrompt('# Fix the leak')).because, ['title: Fix', 'title: leak']);
    assert.deepEqual(typeOf(readPrompt('')), { type: 'feature_implementation', because: [] });
  });

  it('is judged without throwing, whatever it says', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => judge(text).length === 2)));

  for (const [name, piece] of [
    ['fences', '```\n'],
    ['ticks', '`a/'],
    ['headings', '# a\n'],
    ['items', '- a/b '],
    ['brackets', '`{{[[/'],
    ['numbers', '12 '],
    ['slashes', '`////'],
    ['from', 'after '],
  ])
    it(`is judged in linear time: ${name}`, () => {
      const started = process.cpuUsage();
      judge(`# Fix\n${piece?.repeat(60_000)}`);
      assert.ok(process.cpuUsage(started).user < 3e6);
    });
});

// They are no part of the repository: with no folder named there is nothing to judge, and no test that says it did.
describe('The labelled prompts', () => {
  const folder = process.env['ORCHESTRATE_SAMPLES'];
  if (folder === undefined) return;
  for (const [name, least] of [
    ['all', [0.9, 0.9]],
    ['tuned', [0.9, 0.9]],
    ['heldOut', [0.9, 0.85]],
  ] as const)
    it(`${name}: type and complexity agree (ORCHESTRATE_SAMPLES names their folder)`, () => {
      const wanted = name === 'all' ? { ...labels.tuned, ...labels.heldOut } : labels[name];
      const read = Object.entries(wanted).filter(([file]) => existsSync(join(folder, file)));
      const rows = read.map(([file, label]) => ({ label, text: readFileSync(join(folder, file), 'utf8') }));
      agrees(name, rows, least);
    });
});

describe('The second set of labelled prompts', () => {
  const history = process.env['ORCHESTRATE_PROMPT_HISTORY'];
  if (history === undefined) return;
  for (const [name, least] of [
    ['measured', [0.9, 0.9]],
    ['heldOut', [0.75, 0.75]],
  ] as const)
    it(`${name}: type and complexity agree (ORCHESTRATE_PROMPT_HISTORY names a clone of rysweet/gadugi)`, () => {
      const rows = second[name].map(([path = '', commit = '', ...label]) => ({
        label,
        text: execFileSync('git', ['-C', history, 'show', `${commit}:${path}`], { encoding: 'utf8' }),
      }));
      agrees(name, rows, least);
    });
});

/** Says how many agree, and fails where they are fewer than they were when the rules were last measured. */
function agrees(name: string, rows: readonly { label: string[]; text: string }[], least: readonly number[]): void {
  const judged = rows.map(({ label, text }) => ({ label, found: judge(text) }));
  for (const [at, what] of ['types', 'complexities'].entries()) {
    const agreed = judged.filter(({ label, found }) => label[at] === found[at]).length;
    console.log(`        ${name}: ${agreed} of ${rows.length} ${what} agree`);
    assert.ok(rows.length > 0 && agreed >= (least[at] ?? 1) * rows.length, `${agreed} of ${rows.length} ${what}`);
  }
}

describe('The files a prompt names', () => {
  const paths = ['src/a.ts', 'src/b.ts', 'src/deep/c.ts', 'docs/guide.md', 'test/a.test.ts', 'Makefile'];
  const index = indexFiles({ paths, text: () => undefined });
  const targets = (text: string) => targetsOf(readPrompt(text), index);

  const LISTS: [string, string, readonly string[], readonly string[], readonly string[]][] = [
    ['a plain list', '## Target Files\n- src/a.ts (19 errors)\n- src/b.ts', ['src/a.ts', 'src/b.ts'], [], []],
    [
      'created files',
      '## Files to Create/Modify\n- Create: `src/new.ts`\n1. **`src/a.ts`**: why',
      ['src/a.ts'],
      ['src/new.ts'],
      [],
    ],
    ['a glob', '## Files to Modify\n- src/*.ts', [], [], ['src/*.ts']],
    ['a path of another machine', '## Target Files\n- /workspaces/thing/src/deep/c.ts', ['src/deep/c.ts'], [], []],
    ['a folder', '## Target Files\n- `docs/`', ['docs/guide.md'], [], []],
    ['a name only one file has', '## Target Files\n- `c.ts`', ['src/deep/c.ts'], [], []],
    ['a line number', 'See `src/a.ts:12-14`.', ['src/a.ts'], [], []],
    ['a list wins over mentions', 'Like `src/b.ts`.\n\n## Target Files\n- src/a.ts', ['src/a.ts'], [], []],
  ];
  for (const [name, text, files, fresh, globs] of LISTS)
    it(`are read from ${name}`, () => {
      const found = targets(`# T\n\n${text}\n`);
      assert.ok(found.known);
      assert.deepEqual({ files: found.files, fresh: found.fresh, globs: found.globs }, { files, fresh, globs });
    });

  for (const text of [
    'Run `npm test` and `git push`.',
    'See `https://a.b/c.html`.',
    '## Target Files\n- Various other files',
    'Use `/agent:thing` and `v1.2`.',
    '',
  ])
    it(`are unknown in: ${text}`, () => assert.deepEqual(targets(`# T\n\n${text}`), { known: false }));

  it('are filled in from globs', () =>
    assert.deepEqual(filesOf(targets('## Target Files\n- src/**/*.ts'), index), [
      'src/a.ts',
      'src/b.ts',
      'src/deep/c.ts',
    ]));
});
