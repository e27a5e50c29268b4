// The Chromium that draws the workbench. It comes from npm, with the libraries a bare machine lacks.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { chosenEdition, repositoryRoot } from './edition.mjs';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
flags.push('--disable-component-update', '--disable-sync', '--font-render-hinting=none');

/** Opens a window with a fresh profile inside `base`: `{ page, close }`. */
export async function openBrowser(base, viewport = { width: 1400, height: 900 }) {
  const browser = await unpackedBrowser();
  const context = await chromium.launchPersistentContext(path.join(base, 'chromium'), {
    executablePath: path.join(browser, 'chromium'),
    headless: true,
    viewport,
    args: flags,
    // Left to itself playwright ends this process at a signal, before the server could be ended.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: {
      ...process.env,
      TMPDIR: base,
      LD_LIBRARY_PATH: path.join(browser, 'al2023/lib'),
      FONTCONFIG_FILE: writeFontConfig(base, browser),
    },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return { page, close: () => context.close() };
}

/**
 * Makes the workbench treat folders as extensions under development and, with `tests`, run a test entry in the
 * extension host. To be called before the page loads. A built workbench ignores those wishes in its address, so they
 * are put into its configuration while the page is read: after the element is there, before the script that reads it.
 * (To rewrite the server's response instead does not work, the browser then refuses the WebSocket.)
 */
export async function developInPage(page, port, { extensions = [], tests } = {}) {
  const remote = (file) => ({ scheme: 'vscode-remote', authority: `127.0.0.1:${port}`, path: file });
  const wishes = { extensions: extensions.map(remote), ...(tests && { extensionTestsPath: remote(tests) }) };
  // On the context, not the page, so that windows which the extension opens get it too.
  await page.context().addInitScript((developmentOptions) => {
    document.addEventListener('readystatechange', () => {
      const element = document.getElementById('vscode-workbench-web-configuration');
      if (document.readyState !== 'interactive' || !element) return;
      const settings = JSON.parse(element.dataset.settings);
      settings.developmentOptions = { ...settings.developmentOptions, ...developmentOptions };
      element.dataset.settings = JSON.stringify(settings);
    });
  }, wishes);
}

// Unpacked once, then shared by all runs: 200 MB and some seconds.
async function unpackedBrowser() {
  const packageFile = path.join(repositoryRoot, 'node_modules/@sparticuz/chromium/package.json');
  const { version } = createRequire(import.meta.url)(packageFile);
  const folder = path.join(repositoryRoot, '.cache', `chromium-${version}`);
  if (fs.existsSync(folder)) return folder;
  const draft = `${folder}-${randomUUID()}`;
  fs.mkdirSync(draft, { recursive: true });
  // The package unpacks into the temporary folder and adds its libraries only where it believes to be on a bare
  // machine. It decides while it loads, so it runs in a process with an environment of its own.
  const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  const env = { ...process.env, TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' };
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: repositoryRoot, env });
  moveUnlessThere(draft, folder);
  return folder;
}

// Two runs may unpack at once. The first to finish wins; the other throws its own copy away.
function moveUnlessThere(draft, folder) {
  try {
    fs.renameSync(draft, folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

// The pictures use the fonts of the installation and no others, so they look alike on every machine.
function writeFontConfig(base, browser) {
  const file = path.join(base, 'fonts.conf');
  const lines = [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
    `<dir>${path.join(browser, 'fonts/fonts')}</dir>`,
    `<dir>${path.join(chosenEdition().modules, 'dejavu-fonts-ttf/ttf')}</dir>`,
    `<cachedir>${path.join(base, 'fonts')}</cachedir>`,
    prefer('sans-serif', 'Open Sans'),
    prefer('monospace', 'DejaVu Sans Mono'),
    '</fontconfig>',
  ];
  fs.writeFileSync(file, lines.join('\n'));
  return file;
}

function prefer(family, font) {
  return `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
}
