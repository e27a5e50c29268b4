// Builds the bundles: the extension, the two command lines, the runner that owns a job, and the two pages.
// Each is built for its own platform with only what that platform has, so a wrong import fails here.
// `--into=<folder>` builds elsewhere than into dist/, names build only the bundles that have them in theirs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';

const production = process.argv.includes('--production');
const into = process.argv.find((word) => word.startsWith('--into='))?.slice('--into='.length) ?? 'dist';

/** Names what was built, so that what one build keeps for itself is not taken for another's. */
function buildOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).toSorted();
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', ...paths]) hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  define: {
    'process.env.ORCHESTRATE_PRODUCTION': JSON.stringify(production ? '1' : ''),
    'process.env.ORCHESTRATE_BUILD': JSON.stringify(buildOf('src')),
  },
  logLevel: 'warning',
};
const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs' };

// The extension, the runner and the command line come in parts that are loaded when they are first needed: what one part imports of
// another while it runs stays an import, of the bundle that the other part became.
const host = {
  extension: 'src/host/extension.ts',
  workbench: 'src/host/workbench.ts',
  language: 'src/host/language/providers.ts',
};
const cli = { 'cli-commands': 'src/cli/main.ts', 'cli-mcp': 'src/cli/mcp-server.ts' };
const runner = { 'runner-job': 'src/runner/main.ts', 'runner-talk': 'src/runner/talk.ts' };
const apart = (parts) => ({
  name: 'apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
      const [part] = Object.entries(parts).find(([, file]) => file.endsWith(path.replace(/^\.*/, ''))) ?? [];
      return kind === 'dynamic-import' && part ? { path: `./${part}.cjs`, external: true } : undefined;
    }),
});
// One letter beyond ASCII, which a pattern keeps as it is, makes the text twice as large in memory and longer to read.
const ascii = {
  name: 'ascii',
  setup: ({ onEnd, initialOptions: { outfile } }) =>
    onEnd(({ outputFiles }) => {
      const found = /.{0,40}[\u0080-\uffff].{0,20}/.exec(
        outputFiles.find(({ path }) => path === resolve(outfile)).text,
      );
      return found
        ? { errors: [{ text: `${outfile} has a letter beyond ASCII, write it as \\u….: ${found[0]}` }] }
        : {};
    }),
};

const inParts = (parts) =>
  Object.entries(parts).map(([part, file]) => ({
    ...node,
    entryPoints: [file],
    outfile: `${into}/${part}.cjs`,
    external: ['vscode'],
    supported: { 'dynamic-import': false },
    plugins: [apart(parts), ...(production ? [ascii] : [])],
  }));

export const bundles = [
  ...inParts(host),
  ...inParts(runner),
  ...inParts(cli),
  { ...node, entryPoints: ['src/runner/start.ts'], outfile: `${into}/runner.cjs` },
  { ...node, entryPoints: ['src/cli/start.ts'], outfile: `${into}/cli.cjs`, banner: { js: '#!/usr/bin/env node' } },
  {
    ...node,
    entryPoints: ['src/cli/llm-orchestrate.ts'],
    outfile: `${into}/llm-orchestrate.cjs`,
    banner: { js: '#!/usr/bin/env node' },
  },
  ...['webview', 'board'].map((page) => ({
    ...shared,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: [page === 'board' ? 'src/webview/board/main.tsx' : 'src/webview/main.tsx'],
    outfile: `${into}/${page}.js`,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.css': 'css' },
  })),
];

const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
await Promise.all(
  bundles
    .filter(({ outfile }) => only.length === 0 || only.some((name) => basename(outfile).includes(name)))
    .map(async (options) => (await build({ ...options, write: false })).outputFiles.forEach(place)),
);

/** As a whole, and not where it would be the same: a program that is started meanwhile would else read half a bundle. */
function place({ path, contents }) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  const temporary = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, contents, { mode: isProgram(contents) ? 0o755 : 0o644 });
  renameSync(temporary, path);
}

function isProgram(contents) {
  return contents[0] === 0x23 && contents[1] === 0x21; // #!
}
