import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('a bundle that is built anew', () => {
  let folder = '';
  const build = (): unknown => execFileSync(process.execPath, ['esbuild.mjs', `--into=${folder}`, 'cli-mcp']);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ob-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes the place of the old one as a whole: who starts meanwhile reads one or the other', () => {
    const [bundle, old] = [join(folder, 'cli-mcp.cjs'), join(folder, 'old.cjs')];
    writeFileSync(bundle, 'old');
    linkSync(bundle, old);
    build();
    assert.equal(readFileSync(old, 'utf8'), 'old');
    assert.match(readFileSync(bundle, 'utf8'), /require\("node:/);
    assert.deepEqual(readdirSync(folder).toSorted(), ['cli-mcp.cjs', 'cli-mcp.cjs.map', 'old.cjs']);
  }).timeout(60_000);

  it('is left alone where it would be the same', () => {
    const written = (): bigint => statSync(join(folder, 'cli-mcp.cjs'), { bigint: true }).ctimeNs;
    build();
    const first = written();
    build();
    assert.equal(written(), first);
  }).timeout(60_000);
});
