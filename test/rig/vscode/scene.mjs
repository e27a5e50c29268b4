// A scene: the packaged extension, installed as a user installs it, in a workbench that a script clicks through and
// takes pictures of. The contract of each function stands in scene.d.mts.
import fs from 'node:fs';
import path from 'node:path';
import { openBrowser } from './browser.mjs';
import { repositoryRoot } from './edition.mjs';
import { installVsix, makeBase, prepare, startServer, url } from './host.mjs';
import { end, processesOf } from './processes.mjs';
import { workbenchOf } from './workbench.mjs';

export { withModels } from './host.mjs';

export async function openScene({ name, vsix, workspace, settings = {}, env = {}, trust = true, viewport }) {
  const base = makeBase();
  const undo = [() => fs.rmSync(base, { recursive: true, force: true })];
  let closing;
  // Asked twice, by a signal and by the scene that fails of it, both wait for the one end.
  const close = () => (closing ??= undoAll(undo));
  undo.push(closeOnSignals(close));
  try {
    prepare(base, settings);
    for (const one of [vsix ?? []].flat()) installVsix(base, one);
    const server = await startServer(base, { env, trust });
    undo.push(server.stop);
    const browser = await openBrowser(base, viewport);
    undo.push(browser.close);
    const { page } = browser;
    await page.goto(url(server.port, workspace));
    const workbench = workbenchOf(page);
    await workbench.ready();
    return {
      page,
      base,
      ...workbench,
      shot: photographer(page, name),
      reload: () => reload(page, workbench),
      killExtensionHost: () => killExtensionHost(base),
      processes: () => processesOf(base),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

// Newest first. The server's step answers what outlived it; the others answer nothing.
async function undoAll(steps) {
  let outlived = [];
  for (const step of steps.toReversed()) outlived = (await step()) ?? outlived;
  return outlived;
}

// A scene that is interrupted leaves as little behind as one that ends. Answers how to stop listening.
function closeOnSignals(close) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const leave = () => void close().finally(() => process.exit(130));
  for (const signal of signals) process.on(signal, leave);
  return () => signals.forEach((signal) => process.off(signal, leave));
}

// Pictures are numbered in the order they are taken. Those of an earlier run of the scene go first.
function photographer(page, scene) {
  const folder = path.join(repositoryRoot, '.pictures', scene);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  let taken = 0;
  return async (name) => {
    taken += 1;
    const file = path.join(folder, `${String(taken).padStart(2, '0')}-${name}.png`);
    // Fades jump to their end, so that two runs give the same picture without waiting for them.
    await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    return file;
  };
}

async function reload(page, workbench) {
  await page.reload();
  await workbench.ready();
}

// The editor sees what it would see after a crash: its extension host is gone without a word. That of the window before a
// reload may still be on its way out, and goes with it.
async function killExtensionHost(base) {
  const hosts = processesOf(base).filter(({ command }) => command.includes('--type=extensionHost'));
  if (hosts.length === 0) throw new Error('there is no extension host');
  for (const { id } of hosts) end(id);
}
