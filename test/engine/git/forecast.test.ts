import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Beside, foresee } from '../../../src/git/forecast.ts';
import type { Repository } from '../../../src/git/repository.ts';
import type { WorktreeOrder } from '../../../src/git/worktree.ts';
import { type Files, gitIn, writeFiles } from '../../rig/repository.ts';
import { attempt, author, DATE, must, start, taken } from './rig.ts';

const LINES = Array.from({ length: 20 }, (_, i) => `line ${i}`);
const withLine = (at: number, text: string): string => `${LINES.with(at, text).join('\n')}\n`;
const BASE = { 'a.txt': `${LINES.join('\n')}\n`, 'b.txt': 'one\n' };

async function accepted(repo: Repository, base: string, files: Files): Promise<Beside> {
  const order = await attempt(repo, base, { name: 'other-1' });
  writeFiles(order.path, files);
  const { commit, paths } = await taken(repo, order);
  return { commit: commit ?? '', paths };
}

/** The paths that would conflict. */
const seen = async (repo: Repository, order: WorktreeOrder, ...beside: Beside[]): Promise<string[]> =>
  must(await foresee(repo, { ...order, author, date: DATE }, beside)).flatMap(({ paths }) => paths);

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
});
