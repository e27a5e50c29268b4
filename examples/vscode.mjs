// `npm run vscode [-- <folder>]`: opens an example repository in VS Code with the extension as it is built here.
// With `code` on PATH that is the desktop editor; else the editor that npm ships, in a browser, on Linux x64.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, home, makeRepository } from './repository.mjs';

const [given] = process.argv.slice(2);
if (given !== undefined && !existsSync(given)) {
  console.error(`There is no folder ${given}. Without one, a new example repository is made.`);
  process.exit(2);
}
build();
const folder = given === undefined ? makeRepository('shop') : path.resolve(given);
const hasDesktop =
  spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
await (hasDesktop ? openDesktop() : openBrowser());

function openDesktop() {
  console.log(`opening ${folder} in the desktop editor`);
  const words = ['--new-window', `--extensionDevelopmentPath=${home}`, folder];
  process.exitCode = spawnSync('code', words, { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;
}

async function openBrowser() {
  const { installVsix, makeBase, prepare, startServer, url } = await import('../test/rig/vscode/host.mjs');
  const base = makeBase();
  process.on('exit', () => rmSync(base, { recursive: true, force: true, maxRetries: 5 }));
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, resolve);
  });
  const vsix = path.join(base, 'orchestrate.vsix');
  pack(vsix);
  prepare(base);
  installVsix(base, vsix);
  const server = await startServer(base);
  const remove = given === undefined ? `\n Remove    rm -rf ${path.dirname(folder)}` : '';
  console.log(`\n Open      ${url(server.port, folder)}\n Folder    ${folder}\n Stop      Ctrl+C${remove}\n`);
  await Promise.race([stopped, server.exited]);
  await server.stop();
  process.exit();
}

function pack(file) {
  const vsce = path.join(home, 'node_modules', '@vscode', 'vsce', 'vsce');
  const words = ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', file];
  const { status } = spawnSync(process.execPath, [vsce, ...words], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}
