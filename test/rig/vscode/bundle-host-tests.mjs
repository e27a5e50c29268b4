// Turns test/host into files that an extension host can load: the entry, and one bundle per test file.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from './edition.mjs';

const source = path.join(repositoryRoot, 'test/host');
const target = path.join(repositoryRoot, 'dist/test-host');

/**
 * Bundles the chosen test files of a kind (`*.restricted.test.ts`, `*.models.test.ts`, else the plain ones), all of them
 * unless parts of names are given, and answers the path of the entry.
 */
export async function bundleHostTests({ names = [], kind = '' } = {}) {
  const tests = fs
    .readdirSync(source, { recursive: true })
    .filter((file) => (/\.(restricted|models)\.test\.ts$/.exec(file)?.[1] ?? '') === kind && file.endsWith('.test.ts'))
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
