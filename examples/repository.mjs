// Makes a real git repository of one of the examples, in a folder of its own, and prepares what is needed to run it.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where Orchestrate itself lies. */
export const home = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Copies the example into a new temporary folder and commits it; the author is set in the repository itself. */
export function makeRepository(example) {
  const folder = path.join(realpathSync(mkdtempSync(path.join(tmpdir(), `orchestrate-${example}-`))), example);
  cpSync(path.join(home, 'examples', example), folder, { recursive: true });
  const git = (...words) => execFileSync('git', words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Example');
  git('config', 'user.email', 'example@example.invalid');
  git('config', 'commit.gpgsign', 'false');
  git('add', '--all');
  git('commit', '--quiet', '--message=What there was before');
  return folder;
}

/** Installs the packages that package-lock.json asks for, unless they are there, and builds these bundles (all without a name). */
export function build(...bundles) {
  if (!isInstalled()) {
    console.log('installing packages (npm install)');
    run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
  }
  console.log('building');
  run(process.execPath, ['esbuild.mjs', ...bundles]);
}

// npm notes in node_modules/.package-lock.json what it installed.
function isInstalled() {
  const installed = path.join(home, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const there = packagesIn(installed);
  const wanted = Object.entries(packagesIn(path.join(home, 'package-lock.json')));
  return wanted.every(([name, one]) => name === '' || one.optional || one.link || there[name]?.version === one.version);
}

function run(program, words) {
  const { status, error } = spawnSync(program, words, { cwd: home, stdio: 'inherit', shell: program.endsWith('.cmd') });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
