import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAsWritten } from '../../../src/git/as-written.ts';
import { gitIn, TemporaryRepository } from '../../rig/repository.ts';

const OID_LENGTH = 20;
const LONG_AGO = new Date('2020-01-01T12:00:00Z');

/** A checkout whose index git wrote long after its files. */
function checkout(): TemporaryRepository {
  const at = TemporaryRepository.with({
    'a.txt': 'one\n',
    'src/ä b.txt': 'two\n',
    'src/deep/run.sh': 'three\n',
    link: { link: 'a.txt' },
    '.gitignore': '*.log\n',
  });
  renameSync(join(at.root, '.git'), `${at.root}.git`);
  writeFileSync(join(at.root, '.git'), `gitdir: ${at.root}.git\n`);
  for (const path of ['a.txt', 'src/ä b.txt', 'src/deep/run.sh', '.gitignore'])
    utimesSync(join(at.root, path), LONG_AGO, LONG_AGO);
  gitIn(at.root, ['update-index', '--refresh']);
  // The link's own time cannot be set: the index is made younger instead.
  const later = new Date(Date.now() + 60_000);
  utimesSync(indexOf(at), later, later);
  return at;
}

const indexOf = ({ root }: TemporaryRepository): string => join(`${root}.git`, 'index');
const isStill = (at: TemporaryRepository): boolean => isAsWritten(at.root, indexOf(at), OID_LENGTH);

const CHANGES: [string, (root: string) => void][] = [
  ['a file of another length', (root) => writeFileSync(join(root, 'a.txt'), 'one more\n')],
  [
    'a file of the same length whose time was set back',
    (root) => {
      const { atime, mtime } = statSync(join(root, 'a.txt'));
      writeFileSync(join(root, 'a.txt'), 'two\n');
      utimesSync(join(root, 'a.txt'), atime, mtime);
    },
  ],
  [
    'a file in the place of another',
    (root) => {
      writeFileSync(join(root, 'new'), 'one\n');
      utimesSync(join(root, 'new'), LONG_AGO, LONG_AGO);
      renameSync(join(root, 'new'), join(root, 'a.txt'));
    },
  ],
  ['a file that may be run', (root) => chmodSync(join(root, 'src/deep/run.sh'), 0o755)],
  ['a file that is gone', (root) => unlinkSync(join(root, 'src/ä b.txt'))],
  ['a folder that is gone', (root) => rmSync(join(root, 'src'), { recursive: true })],
  ['a new file', (root) => writeFileSync(join(root, 'src/new.txt'), '')],
  ['an ignored file', (root) => writeFileSync(join(root, 'src/x.log'), '')],
  [
    'a file in the place of a link',
    (root) => {
      unlinkSync(join(root, 'link'));
      writeFileSync(join(root, 'link'), 'a.txt');
    },
  ],
  ['a repository in it', (root) => gitIn(join(root, 'src'), ['init', '-q'])],
  [
    'a repository of its own',
    (root) => {
      unlinkSync(join(root, '.git'));
      gitIn(root, ['init', '-q']);
    },
  ],
];

describe('a worktree as git wrote its index', () => {
  it('is known without git, also with a folder that holds nothing', async () => {
    await using at = checkout();
    assert.ok(isStill(at));
    mkdirSync(join(at.root, 'empty/still'), { recursive: true });
    assert.ok(isStill(at));
  });

  for (const [what, change] of CHANGES)
    it(`is no longer so with ${what}`, async () => {
      await using at = checkout();
      assert.ok(isStill(at));
      change(at.root);
      assert.ok(!isStill(at));
    });

  it('is left to git where a file may have changed after git looked', async () => {
    await using at = checkout();
    utimesSync(indexOf(at), LONG_AGO, LONG_AGO);
    assert.ok(!isStill(at));
  });

  it('is left to git where there is no such index', async () => {
    await using at = checkout();
    unlinkSync(indexOf(at));
    assert.ok(!isStill(at));
  });
});
