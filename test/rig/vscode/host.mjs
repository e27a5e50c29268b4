// A VS Code server of the rig: prepared in a folder of its own, started, filled with extensions, and ended with all
// that came out of it. The workbench it serves is drawn by browser.mjs.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chosenEdition, repositoryRoot } from './edition.mjs';
import { installHost } from './install.mjs';
import { endAll, markOf } from './processes.mjs';

/** Settings that keep the workbench still: nothing pops up that the extension under test did not open. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Default Dark Modern',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'window.commandCenter': false,
  'window.title': '${activeEditorShort}${separator}${rootName}',
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  // Tests write as fast as they can; what a file says on disk is for them to say.
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  // Letters in the page instead of a picture, so that a scene can read what a terminal says.
  'terminal.integrated.gpuAcceleration': 'off',
};

/** The extension that brings a language model, and the settings without which the editor has none. */
export const scriptedModel = path.join(repositoryRoot, 'test/rig/scripted-model');
export const withModels = { 'chat.disableAIFeatures': false };

/**
 * One short folder for everything a run leaves on disk. Short, because the editor makes Unix sockets in it and their
 * paths end at 107 bytes. Whoever makes the folder removes it.
 */
export function makeBase() {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'oh-')));
}

/** Lays out the folder: user data with these settings over the quiet ones, no extensions, no login. */
export function prepare(base, settings = {}) {
  for (const folder of ['user/User', 'extensions', 'home']) fs.mkdirSync(path.join(base, folder), { recursive: true });
  // Sockets of the editor lie here; it refuses a folder that others can read.
  fs.mkdirSync(path.join(base, 't'), { recursive: true, mode: 0o700 });
  // A prompt that names neither a user nor a machine.
  fs.writeFileSync(path.join(base, 'home/.bashrc'), "PS1='\\W $ '\n");
  fs.writeFileSync(path.join(base, 'config.yaml'), 'auth: none\ncert: false\n');
  fs.writeFileSync(
    path.join(base, 'user/User/settings.json'),
    JSON.stringify({ ...quietSettings, ...settings }, null, 2),
  );
}

/** Installs a packaged extension. Throws with the editor's words when it refuses, for example an engine too old. */
export function installVsix(base, vsix) {
  return codeServer(base, '--install-extension', path.resolve(vsix), '--force');
}

function codeServer(base, ...words) {
  const edition = chosenEdition();
  installHost(edition);
  const options = { encoding: 'utf8', env: environmentOf(base, {}), stdio: ['ignore', 'pipe', 'pipe'] };
  return execFileSync(edition.node, [edition.entry, ...placesOf(base), ...words], options);
}

/**
 * Starts the server on a free port and answers once it listens: `{ port, exited, stop }`.
 * `env` reaches the extension host, its terminals and all they start. With `trust: false` workspace trust stays
 * enabled and every folder opens restricted. `exited` settles when the server ends, asked or not. `stop()` ends the
 * server and everything it started, and answers the command lines of what outlived it.
 */
export async function startServer(base, { env = {}, trust = true } = {}) {
  const edition = chosenEdition();
  installHost(edition);
  const words = ['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--disable-telemetry', '--disable-update-check'];
  words.push('--disable-getting-started-override', '--ignore-last-opened');
  if (trust) words.push('--disable-workspace-trust');
  const child = spawn(edition.node, [edition.entry, ...placesOf(base), ...words], {
    cwd: base,
    env: environmentOf(base, env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group of its own, so that it can be ended as one
  });
  const exited = once(child, 'exit');
  const log = fs.createWriteStream(path.join(base, 'server.log'));
  child.stderr.pipe(log, { end: false });
  child.stdout.pipe(log, { end: false });
  const stop = () => stopServer(base, child, exited);
  try {
    return { port: await portOf(child, base), exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// The lines are read to the end, also after the answer: a pipe that fills up would block the server.
function portOf(child, base) {
  return new Promise((resolve, reject) => {
    const said = [];
    createInterface({ input: child.stdout })
      .on('line', (line) => {
        said.push(line);
        const port = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (port !== undefined) resolve(Number(port));
      })
      .on('close', () =>
        reject(new Error(`the VS Code server in ${base} ended before it listened:\n${said.join('\n')}`)),
      );
  });
}

async function stopServer(base, child, exited) {
  signalGroup(child, 'SIGTERM');
  const late = setTimeout(() => signalGroup(child, 'SIGKILL'), 5000);
  if (child.exitCode === null && child.signalCode === null) await exited;
  clearTimeout(late);
  signalGroup(child, 'SIGKILL'); // the extension host and the terminals' host share the group
  return endAll(base);
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // the group is gone: what was wanted
  }
}

/** The address of the workbench with a folder or a `.code-workspace` file open, or with none. */
export function url(port, folder) {
  const address = new URL(`http://127.0.0.1:${port}/`);
  if (folder === undefined) address.searchParams.set('ew', 'true');
  else address.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  address.searchParams.set('payload', JSON.stringify([['skipWelcome', 'true']]));
  return address.href;
}

function placesOf(base) {
  const places = { 'user-data-dir': 'user', 'extensions-dir': 'extensions', config: 'config.yaml' };
  return Object.entries(places).flatMap(([option, place]) => [`--${option}`, path.join(base, place)]);
}

// What an outer editor, npm or the developer's home would bring along is left out, so that a run means the same everywhere.
function environmentOf(base, env) {
  const foreign = /^(VSCODE_(?!TEST_)|ELECTRON_|NODE_OPTIONS$|npm_|XDG_)/i;
  const outer = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return {
    ...outer,
    HOME: path.join(base, 'home'),
    SHELL: '/bin/bash',
    ...env,
    ...markOf(base),
    TMPDIR: path.join(base, 't'),
    XDG_RUNTIME_DIR: path.join(base, 't'),
    XDG_DATA_HOME: path.join(base, 'share'),
    // No marketplace: a test must not depend on what is published today.
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '' }),
    // Without it the extension host takes its environment from a login shell, whose PATH then hides the test's.
    VSCODE_CLI: '1',
  };
}
