import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('what activation reads', () => {
  it('is one small bundle: what reads texts and runs is loaded when it is needed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'oa-'));
    try {
      execFileSync(process.execPath, ['esbuild.mjs', '--production', `--into=${folder}`, 'extension']);
      const { size } = statSync(join(folder, 'extension.cjs'));
      assert.ok(size < 40_000, `${size} bytes`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(60_000);
});
