import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { bundleText, type Start, startOf } from './bundle.ts';
import type { Sample } from './measure.ts';
import { gains, type Line, type Row } from './row.ts';
import { compilerTruth, pythonTruth } from './row-10-truth.ts';
import type { Scratch } from './scratch.ts';

/** Installed by the row, no dependencies of the project; the packages below them are what is read by default. */
const CACHE = resolve('.cache', 'analysis');
const TOOLS = ['typescript@5', 'madge@8', 'dependency-cruiser@17'];
const READ = ['rxjs@7.8.1', 'viem@2.57.20', 'effect@3.22.4', 'date-fns@4.1.0'];

const CODE = /(?<!\.d)\.(?:[cm]?[jt]s|[jt]sx)$/;

/** What people write: packages hold beside it what a compiler made of it, in which every tool is faster. */
const SOURCE = /(?<!\.d)\.[cm]?tsx?$/;

/**
 * The import graph of a folder of TypeScript, resolved, each time in a fresh process; starting it and loading the tool is
 * not counted. What is found is checked on all of the folder's code. ORCHESTRATE_CORPUS names another folder, of which all
 * code is timed, ORCHESTRATE_CORPUS_SKIP a pattern of paths to leave out, ORCHESTRATE_CORPUS_PYTHON one of Python (by
 * default what Python itself comes with).
 */
export const imports = (scratch: Scratch): Row => ({
  number: 10,
  title: 'import graph, cold, resolved',
  run: async (rounds) => {
    install();
    const given = process.env['ORCHESTRATE_CORPUS'];
    const root = resolve(given ?? corpus());
    const code = filesIn(root);
    const program = await bundle(scratch);
    checkJavaScript(root, code, graphOf(program, listed(scratch, root, code)));
    checkPython(program, scratch);
    const files = given === undefined ? code.filter((path) => SOURCE.test(path)) : code;
    const list = listed(scratch, root, files);
    const [ours, madge, cruiser] = turns(
      [program, [script(scratch, 'madge', MADGE)], [script(scratch, 'cruiser', CRUISER)]],
      list,
      rounds,
    );
    const what = `import graph of ${files.length} files`;
    return [line(what, 'madge', 40, [ours, madge]), line(what, 'dependency-cruiser', 100, [ours, cruiser])];
  },
});

const line = (what: string, against: string, atLeast: number, [ours, theirs]: (Sample[] | undefined)[]): Line => ({
  row: 10,
  what,
  against,
  ...gains(ours, theirs),
  target: { atLeast, unit: 'x' },
});

/** The file from which each tool reads what to look at. */
function listed(scratch: Scratch, root: string, files: readonly string[]): string {
  const list = join(scratch.folder, 'files.json');
  writeFileSync(list, JSON.stringify({ root, files, all: walk(root, '') }));
  return list;
}

function install(): void {
  mkdirSync(CACHE, { recursive: true });
  if (!existsSync(join(CACHE, 'package.json'))) writeFileSync(join(CACHE, 'package.json'), '{ "private": true }');
  const missing = [...TOOLS, ...READ].filter(
    (one) => !existsSync(join(CACHE, 'node_modules', one.replace(/@[^@]*$/, ''))),
  );
  if (missing.length > 0)
    execFileSync('npm', ['install', '--no-audit', '--no-fund', ...missing], { cwd: CACHE, stdio: 'ignore' });
}

/** A copy outside of node_modules, which every tool leaves out. */
function corpus(): string {
  const folder = join(CACHE, 'corpus');
  for (const name of READ.map((one) => one.replace(/@[^@]*$/, ''))) {
    if (!existsSync(join(folder, name)))
      cpSync(join(CACHE, 'node_modules', name), join(folder, name), { recursive: true });
  }
  return folder;
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === '.git' ? [] : walk(root, path);
    return entry.isFile() ? [path] : [];
  });
}

function filesIn(root: string): string[] {
  const skip = process.env['ORCHESTRATE_CORPUS_SKIP'];
  const isSkipped = skip === undefined || skip === '' ? () => false : (path: string) => new RegExp(skip).test(path);
  return walk(root, '').filter((path) => CODE.test(path) && !isSkipped(path));
}

/** Ours as it is shipped: bundled, and started as the command line is. */
async function bundle(scratch: Scratch): Promise<Start> {
  const outfile = join(scratch.folder, 'imports.cjs');
  await bundleText(OURS, outfile);
  return startOf(outfile);
}

function script(scratch: Scratch, name: string, text: string): string {
  const path = join(scratch.folder, `${name}.mjs`);
  writeFileSync(path, text.replaceAll('CACHE', JSON.stringify(join(CACHE, 'package.json'))));
  return path;
}

interface Told {
  ms: number;
  /** Milliseconds of CPU time, all threads. */
  cpu: number;
  files: number;
  edges?: Record<string, string[]>;
}

function graphOf(program: Start, list: string, mode = ''): Told {
  const ran = spawnSync(process.execPath, [...program, list, mode], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    cwd: CACHE,
  });
  if (ran.status !== 0) throw new Error(`${program.join(' ')} failed: ${ran.stderr.slice(-2000)}`);
  const told: Told = JSON.parse(ran.stdout.slice(ran.stdout.lastIndexOf('\n{') + 1));
  return told;
}

function turns(programs: readonly Start[], list: string, rounds: number): Sample[][] {
  const samples: Sample[][] = programs.map(() => []);
  for (let round = 0; round < Math.min(rounds, 5); round += 1) {
    for (const [at, program] of programs.entries()) {
      const { ms, cpu, files } = graphOf(program, list, 'quiet');
      assert.ok(files > 0, `${program.join(' ')} found nothing`);
      console.error(
        `  ${basename(program.at(-1) ?? '')}: ${Math.round(ms)} ms, ${Math.round(cpu)} ms of CPU, ${files} files`,
      );
      samples[at]?.push({ wall: ms, cpu });
    }
  }
  return samples;
}

/** Every file the compiler finds is found: recall 1.0; hardly anything else: precision ≥ 0.99. */
function checkJavaScript(root: string, files: readonly string[], { edges = {} }: Told): void {
  const truth = compilerTruth(root, files, CACHE);
  const known = new Set(files);
  // `a.d.ts` beside `a.js` is the compiler's name for it; what is no code (styles, `.vue`, JSON) it does not follow.
  const pairs = (from: string, to: Iterable<string>): string[] =>
    [...to]
      .map(implementation(known))
      .filter((path) => known.has(path) && path !== from)
      .map((path) => `${from} → ${path}`);
  const theirs = [...truth].flatMap(([from, found]) => pairs(from, found.files));
  const ours = [...truth.keys()].flatMap((from) => pairs(from, edges[from] ?? []));
  compare(`${truth.size} files against the TypeScript compiler`, new Set(ours), new Set(theirs));
}

const implementation =
  (known: ReadonlySet<string>) =>
  (path: string): string => {
    const code = path.replace(/\.d\.([cm]?)ts$/, '.$1js');
    return known.has(code) ? code : path;
  };

function checkPython(program: Start, scratch: Scratch): void {
  const root = process.env['ORCHESTRATE_CORPUS_PYTHON'] ?? standardLibrary();
  if (root === undefined) return;
  const files = walk(root, '').filter((path) => path.endsWith('.py') && !path.startsWith('site-packages/'));
  const truth = pythonTruth(root, files);
  const list = join(scratch.folder, 'python.json');
  writeFileSync(list, JSON.stringify({ root, files, all: files }));
  const { edges = {} } = graphOf(program, list, 'references');
  if (truth === undefined) return;
  const flat = (entries: Iterable<readonly [string, Iterable<string>]>): Set<string> =>
    new Set([...entries].flatMap(([from, to]) => (truth.has(from) ? [...to].map((one) => `${from} → ${one}`) : [])));
  compare(`${truth.size} files against Python's parser`, flat(Object.entries(edges)), flat(truth));
}

function standardLibrary(): string | undefined {
  const asked = spawnSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_paths()["stdlib"])'], {
    encoding: 'utf8',
  });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

function compare(what: string, ours: ReadonlySet<string>, theirs: ReadonlySet<string>): void {
  const hits = [...theirs].filter((one) => ours.has(one)).length;
  const [recall, precision] = [hits / theirs.size, hits / ours.size];
  const missed = [...theirs].filter((one) => !ours.has(one)).slice(0, 10);
  const extra = [...ours].filter((one) => !theirs.has(one)).slice(0, 10);
  console.error(`  ${what}: ${theirs.size} imports, recall ${recall.toFixed(4)}, precision ${precision.toFixed(4)}`);
  assert.ok(recall === 1, `missed: ${missed.join(', ')}`);
  assert.ok(precision >= 0.99, `too much: ${extra.join(', ')}`);
}

const OURS = `
import { readFileSync } from 'node:fs';
import { importGraph } from '../src/analysis/import-graph.ts';
import { textOf } from '../src/analysis/read-repository.ts';
import { languageOf, scanImports } from '../src/analysis/scan/language.ts';
const [, , list = '', mode] = process.argv;
const { root, files, all } = JSON.parse(readFileSync(list, 'utf8'));
const text = (path) => textOf(root + '/' + path);
const wanted = new Set(files);
const paths = all.filter((path) => wanted.has(path) || languageOf(path) === undefined);
const [started, before] = [performance.now(), process.cpuUsage()];
const graph = importGraph({ paths, text });
const [ms, { user, system }] = [performance.now() - started, process.cpuUsage(before)];
const cpu = (user + system) / 1000;
const references = (path) => scanImports(text(path), 'python').flatMap(({ specifier, names }) => names ? names.map((name) => specifier + ':' + name) : [specifier]);
const edges = mode === 'references' ? Object.fromEntries(files.map((path) => [path, references(path)])) : Object.fromEntries([...graph.imports].map(([from, to]) => [from, [...to]]));
console.log('\\n' + JSON.stringify({ ms, cpu, files: graph.imports.size, edges: mode === 'quiet' ? undefined : edges }));
`;

/** Both are given the list of files, so that neither looks for them. */
const MADGE = `
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const madge = createRequire(CACHE)('madge');
const { root, files } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const [started, before] = [performance.now(), process.cpuUsage()];
const graph = await madge(files.map((file) => root + '/' + file), { baseDir: root });
const [ms, { user, system }] = [performance.now() - started, process.cpuUsage(before)];
const cpu = (user + system) / 1000;
console.log('\\n' + JSON.stringify({ ms, cpu, files: Object.keys(graph.obj()).length }));
`;

const CRUISER = `
import { dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
const { cruise } = await import(pathToFileURL(join(dirname(CACHE), 'node_modules/dependency-cruiser/src/main/index.mjs')));
const { root, files } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
process.chdir(root);
const [started, before] = [performance.now(), process.cpuUsage()];
const { output } = await cruise(files, { baseDir: root, doNotFollow: 'node_modules' });
const [ms, { user, system }] = [performance.now() - started, process.cpuUsage(before)];
const cpu = (user + system) / 1000;
console.log('\\n' + JSON.stringify({ ms, cpu, files: output.modules.length }));
`;
