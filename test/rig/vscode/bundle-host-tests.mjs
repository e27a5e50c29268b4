// Turns test/host into files that an extension host can load: the entry, and one bundle per test file.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from './edition.mjs';

const source = path.join(repositoryRoot, 'test/host');
const target = path.join(repositoryRoot, 'dist/test-host');

/** Bundles the chosen test files, all of them unless parts of names are given, and answers the path of the entry. */
export async function bundleHostTests({ names = [], restricted = false } = {}) {
  const tests = fs
    .readdirSync(source, { recursive: true })
    .filter((file) => file.endsWith('.test.ts') && file.endsWith('.restricted.test.ts') === restricted)
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)));
  // What an earlier choice left there would run too.
  fs.rmSync(target, { recursive: true, force: true });
  await build({
    entryPoints: ['index.ts', ...tests].map((file) => path.join(source, file)),
    outdir: target,
    outbase: source,
    outExtension: { '.js': '.cjs' }, // the repository is of type module
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return path.join(target, 'index.cjs');
}
