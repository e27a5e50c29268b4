import assert from 'node:assert/strict';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strayWrites } from '../../../src/git/stray.ts';
import { gitIn, writeFiles } from '../../rig/repository.ts';
import { must, start } from './rig.ts';

const PLAN = 'docs/plan/p/plan.yaml';
const LOGS = 'docs/plan/p/logs';
const FILES = { 'a.txt': 'one\n', 'src/deep/b.txt': 'two\n', [PLAN]: 'plan\n', '.gitignore': 'out/\n.worktrees/\n' };

describe("what was written in the user's own checkout meanwhile", function () {
  this.timeout(20_000);

  const changes: [what: string, change: (root: string) => void, told: string[]][] = [
    ['nothing', () => {}, []],
    ['a file that is committed', (root) => writeFiles(root, { 'a.txt': 'other\n' }), ['a.txt']],
    ['one in a folder below', (root) => writeFiles(root, { 'src/deep/b.txt': 'x\n' }), ['src/deep/b.txt']],
    ['a new file', (root) => writeFiles(root, { 'new.txt': 'x\n' }), ['new.txt']],
    ['a new file below', (root) => writeFiles(root, { 'src/new.txt': 'x\n' }), ['src/new.txt']],
    ['a new folder', (root) => writeFiles(root, { 'lib/x/new.txt': 'x\n' }), ['lib/']],
    [
      'a folder in place of a file',
      (root) => (rmSync(join(root, 'a.txt')), writeFiles(root, { 'a.txt/b': '' })),
      ['a.txt'],
    ],
    [
      'a file in place of a folder',
      (root) => (rmSync(join(root, 'src'), { recursive: true }), writeFileSync(join(root, 'src'), '')),
      ['src'],
    ],
    ['a deleted file', (root) => rmSync(join(root, 'src/deep/b.txt')), []],
    ['a file that is ignored', (root) => writeFiles(root, { 'out/o.js': 'x\n' }), []],
    ['the plan', (root) => writeFiles(root, { [PLAN]: 'states\n' }), []],
    ['a log of our own', (root) => writeFiles(root, { [`${LOGS}/t.yaml`]: 'x\n' }), []],
    ['worktrees', (root) => writeFiles(root, { '.worktrees/t/a.txt': 'x\n' }), []],
    [
      'something before',
      (root) => (writeFiles(root, { 'old.txt': 'x\n' }), utimesSync(join(root, 'old.txt'), 1, 1)),
      [],
    ],
    [
      'a file that is taken out of the index',
      (root) => (gitIn(root, ['rm', '-q', '--cached', 'src/deep/b.txt']), writeFiles(root, { 'src/deep/b.txt': 'y' })),
      ['src/deep/b.txt', 'src/'],
    ],
    [
      'a file, where the index has a half of its own',
      (root) => (gitIn(root, ['update-index', '--split-index']), writeFiles(root, { 'a.txt': 'x' })),
      ['a.txt'],
    ],
  ];
  for (const [what, change, told] of changes)
    it(`tells of ${what}`, async () => {
      await using at = await start(FILES);
      const past = (Date.now() - 60_000) / 1000;
      for (const path of Object.keys(FILES)) utimesSync(join(at.here.root, path), past, past);
      change(at.here.root);
      const since = Date.now() - 30_000;
      const findings = must(await strayWrites(at.repo, { since, besides: [PLAN, LOGS], worktrees: '.worktrees' }));
      assert.deepEqual(
        findings.flatMap(({ paths }) => paths),
        told,
      );
    });

  it('tells of it in a checkout of many files', async () => {
    const many = Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`many/${at}.txt`, `${at}\n`]));
    await using at = await start({ ...FILES, ...many });
    const since = Date.now() + 60_000;
    const soon = (since + 1000) / 1000;
    writeFiles(at.here.root, { 'a.txt': 'other\n', 'many/7.txt': 'other\n' });
    utimesSync(join(at.here.root, 'many/7.txt'), soon, soon);
    const findings = must(await strayWrites(at.repo, { since, besides: [PLAN, LOGS], worktrees: '.worktrees' }));
    assert.deepEqual(
      findings.flatMap(({ paths }) => paths),
      ['many/7.txt'],
    );
  });
});
