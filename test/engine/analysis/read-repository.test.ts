import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedTogether } from '../../../src/analysis/history.ts';
import { importGraph } from '../../../src/analysis/import-graph.ts';
import { checkoutSize, readFiles, readPast } from '../../../src/analysis/read-repository.ts';
import { readScanCache } from '../../../src/analysis/scan-cache.ts';
import { TemporaryRepository } from '../../rig/repository.ts';

describe('A repository is read', () => {
  const made = (): TemporaryRepository =>
    TemporaryRepository.with({
      'a.ts': `import './b.ts'\n`,
      'b.ts': 'export {}\n',
      'odd name\n.ts': '',
      '.gitignore': 'out/\n',
    });
  const run = (root: string, ...args: string[]): void => void execFileSync('git', args, { cwd: root });
  const write = (root: string, file: string, text: string): void => writeFileSync(join(root, file), text);

  function change(root: string, files: Record<string, string>): void {
    for (const [file, text] of Object.entries(files)) write(root, file, text);
    run(root, 'add', '--all');
    run(root, 'commit', '--quiet', '--allow-empty', '-m', 'change');
  }

  it('as it lies there: new files too, ignored ones not, deleted ones without text', async () => {
    await using repo = made();
    write(repo.root, 'new.ts', '');
    rmSync(join(repo.root, 'b.ts'));
    execFileSync('mkdir', ['out'], { cwd: repo.root });
    write(repo.root, 'out/built.ts', '');
    const files = await readFiles(repo);
    assert.ok(files.ok);
    assert.deepEqual(files.value.paths.toSorted(), ['.gitignore', 'a.ts', 'b.ts', 'new.ts', 'odd name\n.ts']);
    assert.equal(files.value.text('b.ts'), undefined);
    assert.match(files.value.blob?.('a.ts') ?? '', /^[0-9a-f]{40}$/);
    assert.equal(files.value.blob?.('new.ts'), undefined);
    assert.ok(checkoutSize(repo.root, files.value.paths) > 0);
  });

  it('once per content: a changed file is read again, the others are remembered', async () => {
    await using repo = made();
    const first = await readFiles(repo);
    assert.ok(first.ok);
    const cache = readScanCache(undefined);
    importGraph(first.value, cache);
    write(repo.root, 'b.ts', `import './a.ts'\n`);
    const second = await readFiles(repo);
    assert.ok(second.ok);
    const graph = importGraph(second.value, readScanCache(cache.write()));
    assert.deepEqual([graph.scanned, graph.remembered], [1, 2]);
    assert.deepEqual([...(graph.imports.get('b.ts') ?? [])], ['a.ts']);
  });

  it('with its past: what changed together, and what both sides of a merge changed', async () => {
    await using repo = made();
    for (const turn of ['1', '2', '3']) change(repo.root, { 'a.ts': turn, 'b.ts': turn });
    run(repo.root, 'switch', '--quiet', '-c', 'side');
    change(repo.root, { 'a.ts': 'side' });
    run(repo.root, 'switch', '--quiet', 'main');
    change(repo.root, { 'a.ts': 'main' });
    assert.throws(() => execFileSync('git', ['merge', 'side'], { cwd: repo.root, stdio: 'ignore' }));
    change(repo.root, { 'a.ts': 'both' });
    const past = await readPast(repo);
    assert.ok(past.ok);
    assert.deepEqual(changedTogether(past.value, 'a.ts', 'b.ts'), { times: 4, share: 1 });
    assert.deepEqual([...past.value.collided.keys()], ['a.ts']);
    assert.ok(past.value.changes.has('odd name\n.ts'));
  });

  it('and says where there is none', async () => {
    const files = await readFiles({ root: '/' });
    assert.ok(!files.ok);
    assert.equal(files.failure.kind, 'git');
  });
});
