#!/usr/bin/env node
// Stands in for the `code` executable where no desktop VS Code can be had: the arguments @vscode/test-electron gives,
// the same environment for the extension host, the output of the tests, and their exit code.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { developInPage, openBrowser } from './browser.mjs';
import { repositoryRoot } from './edition.mjs';
import { makeBase, prepare, startServer, url } from './host.mjs';

// Codes for an end that is not the tests' own.
const timedOut = 98;
const hostFailed = 99;
const interrupted = 130;

const base = makeBase();
process.exitCode = await runIn(base).catch((error) => {
  console.error(error);
  return hostFailed;
});
fs.rmSync(base, { recursive: true, force: true });
process.stdin.destroy(); // being watched, it would keep the process

async function runIn(folder) {
  const wanted = readArguments(process.argv.slice(2));
  prepare(folder, wanted.settings);
  // The base's own marks and places come on top; everything else that the tests pass gets through, HOME included.
  const env = process.env.HOME === undefined ? {} : { HOME: process.env.HOME };
  const server = await startServer(folder, { env, trust: process.env.VSCODE_HOST_TRUST !== 'restricted' });
  try {
    return await runTests(folder, server, wanted);
  } finally {
    for (const command of await server.stop()) console.error(`outlived the editor, ended: ${command}`);
  }
}

async function runTests(folder, server, wanted) {
  const { page, close } = await openBrowser(folder);
  try {
    const verdict = new Promise((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code) => resolve({ code }));
    });
    await page.exposeFunction('codeAutomationLog', (kind, words) => tell(kind, format(...words)));
    await developInPage(page, server.port, wanted);
    await page.goto(url(server.port, wanted.folder));
    const { code, reason } = await Promise.race([verdict, crash(page), serverEnd(server), timeLimit(page), farewell()]);
    if (reason) console.error(reason);
    return code;
  } finally {
    await close();
  }
}

// The consoles of the workbench and of the extension host come as one. What the workbench tells of itself is left out.
function tell(kind, text) {
  const chatter = [
    /^Resolv(ing|ed) connection token/,
    /^Creating a socket/,
    /^\[(reconnection-grace-time|Service Worker|AgentHost:remote|AccountPolicyGate)\]/,
    /^(Updating|Ignoring fetching) additional builtin extensions/,
    /^Error while fetching the extension under development .* not a web extension/, // it goes to the other host, in Node
    /^ChatSessionStore: /,
    /^\[CHAT\] extension request ERRORED/, // a model that fails is meant to
    /^Creation of workbench contribution/,
    /^Canceled: Canceled/, // while it takes the extension host down after the last test
  ];
  if (chatter.some((pattern) => pattern.test(text))) return;
  if (kind === 'error') console.error(text);
  else console.log(text);
}

async function crash(page) {
  await new Promise((resolve) => {
    page.once('crash', resolve);
  });
  return { code: hostFailed, reason: 'the page of the workbench crashed' };
}

async function serverEnd(server) {
  await server.exited;
  return { code: hostFailed, reason: 'the VS Code server ended' };
}

async function timeLimit(page) {
  const seconds = Number(process.env.VSCODE_HOST_TIMEOUT || 600);
  await new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000).unref();
  });
  const picture = path.join(repositoryRoot, '.pictures/host-tests/timed-out.png');
  await page.screenshot({ path: picture });
  return {
    code: timedOut,
    reason: `no verdict after ${seconds} s (VSCODE_HOST_TIMEOUT), the workbench then: ${picture}`,
  };
}

// The runner is gone when our input ends, even if it was killed and could say nothing.
async function farewell() {
  await new Promise((resolve) => {
    // Not just once: at Ctrl+C the terminal signals us and the runner does so again.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
    process.stdin.once('end', resolve).once('error', resolve).resume();
  });
  return { code: interrupted, reason: 'asked to end before the tests were through' };
}

function readArguments(words) {
  const values = (name) =>
    words.filter((word) => word.startsWith(`--${name}=`)).map((word) => word.slice(name.length + 3));
  const user = values('user-data-dir').at(-1);
  const settings = user && path.join(user, 'User/settings.json');
  const folder = words.find((word) => !word.startsWith('-'));
  return {
    extensions: values('extensionDevelopmentPath').map(plainPath),
    tests: values('extensionTestsPath').map(plainPath).at(-1),
    settings: settings && fs.existsSync(settings) ? JSON.parse(fs.readFileSync(settings, 'utf8')) : {},
    folder: folder && plainPath(folder),
  };
}

function plainPath(place) {
  return place.startsWith('file:') ? fileURLToPath(place) : path.resolve(place);
}
