// Runs test/host inside a real VS Code and ends with its verdict.
//
//   node test/rig/vscode/run-host-tests.mjs [--restricted | --models] [--grep <words>] [part of a test file's name …]
//
// VSCODE_HOST=npm       the VS Code of install.mjs, drawn without a screen (chosen on Linux x64)
// VSCODE_HOST=desktop   a desktop VS Code, downloaded by @vscode/test-electron (chosen elsewhere)
// VSCODE_HOST_VERSION=oldest   the oldest supported editor instead of the current one
//
// --restricted runs `*.restricted.test.ts`, and only those, in a folder that nobody has trusted.
// --models runs `*.models.test.ts`, and only those, in an editor with a language model (test/rig/scripted-model).
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { bundleHostTests } from './bundle-host-tests.mjs';
import { chosenEdition, repositoryRoot } from './edition.mjs';
import { makeBase, quietSettings, scriptedModel, withModels } from './host.mjs';
import { installHost } from './install.mjs';
import { followReport } from './report.mjs';
import { makeRepository } from './scratch-repository.mjs';

const { values: asked, positionals: names } = parseArgs({
  options: {
    restricted: { type: 'boolean', default: false },
    models: { type: 'boolean', default: false },
    grep: { type: 'string', default: '' },
  },
  allowPositionals: true,
});

// test-electron passes on the one signal and knows nothing of the other.
for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, () => process.kill(process.pid, 'SIGINT'));
process.exitCode = await main().catch((error) => {
  console.error(error.message);
  return 1;
});

async function main() {
  const edition = chosenEdition();
  const host = chosenHost();
  console.log(
    `VS Code: ${host === 'npm' ? `from npm, ${edition.name}` : `desktop, ${edition.desktop}`} (VSCODE_HOST=${host})`,
  );
  if (host === 'npm') installHost(edition);
  if (host === 'desktop' && asked.restricted)
    throw new Error('@vscode/test-electron trusts every folder: --restricted needs VSCODE_HOST=npm');
  if (!fs.existsSync(path.join(repositoryRoot, 'dist/extension.cjs'))) {
    console.log('dist/extension.cjs is missing: the extension is not built and will not activate');
  }
  const entry = await bundleHostTests({ names, kind: asked.restricted ? 'restricted' : asked.models ? 'models' : '' });
  const base = makeBase();
  try {
    return await runIn(base, { edition, host, entry });
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
}

/** The host that VSCODE_HOST names, or the one this platform has. There is no third way out. */
function chosenHost() {
  const host = process.env.VSCODE_HOST || (process.platform === 'linux' && process.arch === 'x64' ? 'npm' : 'desktop');
  if (host !== 'npm' && host !== 'desktop') throw new Error(`VSCODE_HOST is "${host}"; it may be: npm, desktop`);
  return host;
}

async function runIn(base, { edition, host, entry }) {
  const report = followReport(path.join(base, 'report.ndjson'));
  const workspace = makeRepository(path.join(base, 'workspace'));
  writeSettings(base);
  fs.mkdirSync(path.join(base, 'home'));
  const editor = host === 'npm' ? npmEditor() : desktopEditor(edition);
  const code = await runTests({
    ...editor,
    extensionDevelopmentPath: asked.models ? [repositoryRoot, scriptedModel] : repositoryRoot,
    extensionTestsPath: entry,
    extensionTestsEnv: { ...environmentOf(base), VSCODE_TEST_REPORT: report.file, VSCODE_TEST_GREP: asked.grep },
    launchArgs: [
      workspace,
      `--user-data-dir=${path.join(base, 'user')}`,
      `--extensions-dir=${path.join(base, 'extensions')}`,
    ],
  }).catch((error) => {
    console.error(error.message);
    return typeof error.code === 'number' ? error.code : 1;
  });
  return verdict(report.close(), code);
}

function npmEditor() {
  return { vscodeExecutablePath: path.join(repositoryRoot, 'test/rig/vscode/code-shim.mjs') };
}

function desktopEditor({ desktop }) {
  return { version: desktop, cachePath: path.join(repositoryRoot, '.cache/vscode-test') };
}

// The developer's own git and agents have their settings in HOME; a test must see none of them.
function environmentOf(base) {
  const home = path.join(base, 'home');
  const trust = asked.restricted ? 'restricted' : '';
  return {
    HOME: home,
    USERPROFILE: home,
    GIT_CONFIG_NOSYSTEM: '1',
    VSCODE_HOST_TRUST: trust,
    VSCODE_TEST_NODE: process.execPath,
  };
}

function writeSettings(base) {
  const folder = path.join(base, 'user/User');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(
    path.join(folder, 'settings.json'),
    JSON.stringify({ ...quietSettings, ...(asked.models ? withModels : {}) }, null, 2),
  );
}

// The report and the editor must agree: a run that ended early has passed nothing.
function verdict({ passed, failed, running, finished }, code) {
  if (failed.length > 0 || running) console.log('\nWhat failed:');
  for (const { title, error } of failed) console.log(`\n${title}\n${error}`);
  if (running) console.log(`\nthe extension host ended during: ${running}`);
  console.log(`\n${passed} passed, ${failed.length} failed`);
  if (passed + failed.length === 0) console.log('no test ran');
  const good = finished && failed.length === 0 && passed > 0 && code === 0;
  return good ? 0 : code || 1;
}
