import { realpath } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import picomatch from 'picomatch';
import type { Finding } from '../model/run/event.ts';
import { ok, type Result } from '../model/failure.ts';
import { finding } from '../model/run/finding.ts';
import { coverage } from '../model/schedule/scope.ts';
import { readBlobs, type Change } from './changes.ts';
import { absent, exists, io } from './files.ts';
import type { GitOptions } from './run.ts';

export interface Rules {
  /** The worktree. */
  path: string;
  /** What the task declared it would touch: paths, folders, globs. Absent: unknown. */
  scope?: readonly string[];
  /** Globs of files in which conflict markers are text. */
  exempt?: readonly string[];
}

/** What the changes of an attempt show that its word alone cannot settle. */
export async function findingsOf(
  context: GitOptions,
  changes: readonly Change[],
  rules: Rules,
): Promise<Result<Finding[]>> {
  const links = await linksOutside(context, changes, rules.path);
  if (!links.ok) return links;
  const scripts = await changedScripts(context, changes);
  if (!scripts.ok) return scripts;
  const nested = await io(rules.path, () => nestedRepositories(changes, rules.path));
  if (!nested.ok) return nested;
  const exempt = coverage(rules.exempt ?? []);
  const inScope = coverage(rules.scope ?? []);
  const paths = changes.map((change) => change.path);
  const marked = changes.filter((change) => change.marked && !exempt(change.path)).map((change) => change.path);
  const defining = paths.filter((path) => (definesGates()(path) || scripts.value.has(path)) && !inScope(path));
  const outside = rules.scope === undefined ? [] : paths.filter((path) => !inScope(path));
  return ok([
    ...finding('nestedRepository', nested.value, 'A git repository inside the worktree'),
    ...finding('symlinkOutside', links.value, 'A link that leads out of the worktree'),
    ...finding('conflictMarkers', marked, 'Conflict markers were left in'),
    ...finding('gateDefining', defining, 'Changes what the gates check'),
    ...finding('outsideScope', outside, 'Outside the declared scope'),
  ]);
}

const GATE_FILES = [
  'orchestrate.{yaml,yml}',
  '.orchestrate/**',
  '**/.gitattributes',
  '.gitmodules',
  '.github/workflows/**',
  '.gitlab-ci.yml',
  '.circleci/**',
  'azure-pipelines.yml',
  'Jenkinsfile',
  '**/{jest,vitest,mocha,playwright,cypress,karma}.{config,conf,setup}*.{js,cjs,mjs,ts,cts,mts,json}',
  '**/.mocharc*',
  '**/pytest.ini',
  '**/conftest.py',
  '**/{tox.ini,noxfile.py}',
  '.husky/**',
  '.pre-commit-config.yaml',
  'lefthook.{yml,yaml}',
  '**/{GNUmakefile,Makefile,makefile}',
];

/** Compiled for the first result: it takes longer than most programs take to start. */
const definesGates = lazily(() => picomatch(GATE_FILES, { dot: true }));

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Changed package.json files whose `scripts` are not those of the base. A package new below the root defines its own. */
async function changedScripts(context: GitOptions, changes: readonly Change[]): Promise<Result<Set<string>>> {
  const packages = changes.filter(
    ({ path, status }) => path === 'package.json' || (path.endsWith('/package.json') && status !== 'A'),
  );
  const blobs = await readBlobs(
    context,
    packages.flatMap(({ oldOid, newOid }) => [oldOid, newOid]),
  );
  if (!blobs.ok) return blobs;
  const changed = packages.filter((_, i) => scriptsOf(blobs.value[2 * i]) !== scriptsOf(blobs.value[2 * i + 1]));
  return ok(new Set(changed.map(({ path }) => path)));
}

function scriptsOf(text: string | undefined): string {
  if (text === undefined) return '{}';
  try {
    const description: { scripts?: unknown } | null = JSON.parse(text);
    return JSON.stringify(description?.scripts ?? {});
  } catch {
    return text; // not JSON: then every change counts
  }
}

async function linksOutside(context: GitOptions, changes: readonly Change[], path: string): Promise<Result<string[]>> {
  const links = changes.filter((change) => change.newMode === '120000');
  const targets = await readBlobs(
    context,
    links.map((link) => link.newOid),
  );
  if (!targets.ok) return targets;
  return io(path, async () => {
    const out: string[] = [];
    for (const [i, link] of links.entries()) {
      if (leaves(link.path, targets.value[i] ?? '') || (await resolvesOutside(path, link.path))) out.push(link.path);
    }
    return out;
  });
}

/** By its text alone, whatever exists. */
function leaves(link: string, target: string): boolean {
  const plain = target.replaceAll('\\', '/');
  if (posix.isAbsolute(plain) || /^[A-Za-z]:/.test(plain)) return true;
  const reached = posix.normalize(posix.join(posix.dirname(link), plain));
  return reached === '..' || reached.startsWith('../') || reached === '.git' || reached.startsWith('.git/');
}

/** By way of other links. */
async function resolvesOutside(path: string, link: string): Promise<boolean> {
  const target = await realpath(join(path, link)).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ELOOP' ? undefined : absent(error),
  );
  const top = await realpath(path);
  return target !== undefined && target !== top && !target.startsWith(top + sep);
}

/** New gitlinks, and folders above a changed file that hold a `.git`. */
async function nestedRepositories(changes: readonly Change[], path: string): Promise<string[]> {
  const found = new Set<string>();
  const folders = new Set<string>();
  for (const change of changes) {
    if (change.newMode === '160000' && change.oldMode !== '160000') found.add(change.path);
    for (let folder = posix.dirname(change.path); folder !== '.' && folder !== '/'; folder = posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  for (const folder of folders) {
    if (await exists(join(path, folder, '.git'))) found.add(folder);
  }
  return [...found];
}
