import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mergeContext } from '../../../src/git/context.ts';
import { type Beside, foresee } from '../../../src/git/forecast.ts';
import { mergeTree } from '../../../src/git/merge-tree.ts';
import type { Repository } from '../../../src/git/repository.ts';
import type { WorktreeOrder } from '../../../src/git/worktree.ts';
import { type Files, gitIn, writeFiles } from '../../rig/repository.ts';
import { attempt, must, start, taken } from './rig.ts';

const LINES = Array.from({ length: 20 }, (_, i) => `line ${i}`);
const withLine = (at: number, text: string): string => `${LINES.with(at, text).join('\n')}\n`;
const BASE = { 'a.txt': `${LINES.join('\n')}\n`, 'b.txt': 'one\n' };

const FULL = { ...BASE, 'd/c.txt': BASE['a.txt'], 'd/crlf.txt': 'one\r\ntwo\r\n' };
const THEIRS = {
  'a.txt': withLine(3, 'theirs'),
  'd/c.txt': withLine(3, 'theirs'),
  'd/crlf.txt': 'one\r\ntwo\r\nthree\r\n',
  'new.txt': 'theirs\n',
  'deep/new.txt': 'theirs\n',
};

/** What an agent does in its worktree, and where that conflicts with THEIRS. */
const WAYS: [what: string, change: Files, expected: string[]][] = [
  ['a change', { 'a.txt': withLine(3, 'mine') }, ['a.txt']],
  ['two changes, one of them elsewhere', { 'a.txt': withLine(3, 'mine'), 'b.txt': 'mine\n' }, ['a.txt']],
  ['a file that is gone', { 'a.txt': null }, ['a.txt']],
  ['one that was moved', { 'a.txt': null, 'e.txt': BASE['a.txt'] }, []],
  ['one that was moved and changed', { 'a.txt': null, 'e.txt': withLine(3, 'mine') }, ['e.txt']],
  ['a file that was moved from its folder', { 'd/c.txt': null, 'e/c.txt': FULL['d/c.txt'] }, []],
  ['a file that both made', { 'new.txt': 'mine\n' }, ['new.txt']],
  ['the same file, made by both', { 'new.txt': 'theirs\n' }, []],
  ['a file that both made, ignored here', { '.gitignore': 'new.txt\n', 'new.txt': 'mine\n' }, []],
  ['a folder in the place of a file', { 'a.txt': null, 'a.txt/x': 'mine\n' }, ['a.txt']],
  ['a folder in the place of a new file', { 'new.txt/x': 'mine\n' }, ['new.txt']],
  ['a link in the place of a file', { 'a.txt': { link: 'b.txt' } }, ['a.txt']],
  ['a link in the place of a folder', { d: { link: '.' } }, ['d', 'd/c.txt', 'd/crlf.txt']],
  ['line ends that git leaves alone', { 'd/crlf.txt': 'zero\r\none\r\ntwo\r\n' }, []],
  [
    'line ends that git does not keep',
    { '.gitattributes': 'a.txt text\n', 'a.txt': withLine(15, 'mine').replaceAll('\n', '\r\n') },
    [],
  ],
];

async function accepted(repo: Repository, base: string, files: Files): Promise<Beside> {
  const order = await attempt(repo, base, { name: 'other-1' });
  writeFiles(order.path, files);
  const { commit, paths } = await taken(repo, order);
  return { commit: commit ?? '', paths };
}

/** The paths that would conflict. */
const seen = async (repo: Repository, order: WorktreeOrder, ...beside: Beside[]): Promise<string[]> =>
  must(await foresee(repo, order, beside)).flatMap(({ paths }) => paths);

describe('what is foreseen', function () {
  this.timeout(20_000);

  it('is the same place changed in two ways, and neither another place nor the same change', async () => {
    await using at = await start(BASE);
    const other = await accepted(at.repo, at.base, { 'a.txt': withLine(3, 'theirs') });
    const order = await attempt(at.repo, at.base);
    assert.deepEqual(await seen(at.repo, order, other), []);
    for (const [text, paths] of [
      [withLine(3, 'mine'), ['a.txt']],
      [withLine(3, 'theirs'), []],
      [withLine(15, 'mine'), []],
    ] as const) {
      writeFileSync(join(order.path, 'a.txt'), text);
      assert.deepEqual(await seen(at.repo, order, other), paths, text);
    }
  });

  it('touches neither the worktree nor what its agent does with git', async () => {
    await using at = await start(BASE);
    const other = await accepted(at.repo, at.base, { 'b.txt': 'theirs\n', 'new.txt': 'theirs\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'b.txt': 'mine\n', 'new.txt': 'mine\n' });
    gitIn(order.path, ['add', 'new.txt']);
    const status = (): string => gitIn(order.path, ['status', '--porcelain']);
    const [before, refs] = [status(), at.here.git('for-each-ref')];
    assert.deepEqual((await seen(at.repo, order, other)).toSorted(), ['b.txt', 'new.txt']);
    assert.deepEqual([status(), at.here.git('for-each-ref')], [before, refs]);
  });

  it('is nothing where git is not to be let near the worktree, or that is gone', async () => {
    await using at = await start(BASE);
    const other = await accepted(at.repo, at.base, { 'b.txt': 'theirs\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'b.txt': 'mine\n' });
    assert.deepEqual(await seen(at.repo, order, other), ['b.txt']);
    at.here.git('config', 'core.fsmonitor', 'touch owned');
    assert.deepEqual(await seen(at.repo, order, other), []);
    at.here.git('config', '--unset', 'core.fsmonitor');
    rmSync(order.path, { recursive: true });
    assert.deepEqual(await seen(at.repo, order, other), []);
  });

  for (const [what, change, expected] of WAYS)
    it(`is what git says of all that lies in the worktree: ${what}`, async () => {
      await using at = await start(FULL);
      const other = await accepted(at.repo, at.base, THEIRS);
      at.here.git('config', 'core.autocrlf', 'true');
      const order = await attempt(at.repo, at.base);
      writeFiles(order.path, change);
      const paths = (await seen(at.repo, order, other)).toSorted();
      assert.deepEqual(paths, expected);
      const { commit } = await taken(at.repo, order);
      const merged = must(await mergeTree(must(await mergeContext(at.repo)), other.commit, commit ?? ''));
      assert.deepEqual(paths, 'conflicts' in merged ? merged.conflicts.toSorted() : []);
    });

  it('takes no harm from a folder that leads to itself', async () => {
    await using at = await start({ 'd/c.txt': 'one\n' });
    const other = await accepted(at.repo, at.base, { 'd/c.txt': 'theirs\n' });
    const order = await attempt(at.repo, at.base);
    writeFiles(order.path, { 'd/c.txt': null, d: { link: 'd' } });
    assert.deepEqual((await seen(at.repo, order, other)).toSorted(), ['d', 'd/c.txt']);
  });
});
