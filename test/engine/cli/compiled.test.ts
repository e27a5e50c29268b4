import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Says what the bundle did, and whether it ran from what was kept. */
const DRIVER = `
import { runCompiled } from '../../../src/process/compiled.ts';
const [, , bundle, folder, use] = process.argv;
console.log(runCompiled(bundle, { folder, use }, require).kept);
`;
const BUNDLE = `"use strict"; const { basename } = require("node:path");
console.log(basename(__filename), basename(__dirname), [1, 2].map((n) => n * 2).join());`;

describe('a bundle that is compiled once', function () {
  this.timeout(30_000);
  let folder = '';
  let driver = '';
  let bundle = '';

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'compiled-')));
    driver = join(folder, 'driver.cjs');
    bundle = join(folder, 'bundle.cjs');
    const stdin = { contents: DRIVER, resolveDir: import.meta.dirname, loader: 'ts' } as const;
    await build({ stdin, outfile: driver, bundle: true, platform: 'node', format: 'cjs', target: 'node20' });
    writeFileSync(bundle, BUNDLE);
  });
  after(() => rmSync(folder, { recursive: true }));

  const kept = (): string => join(folder, 'kept');
  const start = (use = 'run'): string =>
    execFileSync(process.execPath, [driver, bundle, kept(), use], { encoding: 'utf8' });
  const said = (how: 'taken' | 'none', product = '2,4'): string =>
    `bundle.cjs ${folder.split(/[\\/]/).at(-1)} ${product}\n${how}\n`;
  const only = (): string => join(kept(), readdirSync(kept())[0] ?? '');

  beforeEach(() => {
    rmSync(kept(), { recursive: true, force: true });
    writeFileSync(bundle, BUNDLE);
    assert.equal(start(), said('none'));
  });

  it('runs from what V8 made of it the last time', () => {
    assert.equal(start(), said('taken'));
    assert.equal(start('status'), said('none'), 'another use compiles other functions');
  });

  for (const [what, spoil] of [
    ['torn', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
    ['changed by one bit', (bytes: Buffer) => bytes.fill(bytes.at(-9)! ^ 1, bytes.length - 9, bytes.length - 8)],
  ] as const)
    it(`takes nothing that is ${what}, and makes it anew`, () => {
      writeFileSync(only(), spoil(readFileSync(only())));
      assert.equal(start(), said('none'));
      assert.equal(start(), said('taken'));
    });

  it('takes nothing of a text of the same length', () => {
    writeFileSync(bundle, BUNDLE.replace('n * 2', 'n * 3'));
    assert.equal(start(), said('none', '3,6'));
    assert.equal(start(), said('taken', '3,6'));
  });

  it('takes nothing that somebody else may write', function () {
    if (process.platform === 'win32') this.skip();
    chmodSync(only(), 0o660);
    assert.equal(start(), said('none'));
    assert.equal(start(), said('taken'), 'it was replaced by one of ours');
  });

  it('runs where nothing can be kept', () => {
    rmSync(kept(), { recursive: true });
    writeFileSync(kept(), 'a file where the folder would be');
    assert.equal(start(), said('none'));
    rmSync(kept());
  });

  it('keeps no more than so many, the newest', () => {
    for (let use = 0; use < 30; use += 1) writeFileSync(join(kept(), `old-${use}`), '');
    start('status');
    const names = readdirSync(kept());
    assert.equal(names.length, 24);
    assert.ok(names.some((name) => name.endsWith('-status')));
  });
});
