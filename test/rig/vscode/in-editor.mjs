// A program inside the extension host of a real VS Code in which a packaged extension is installed as users install it.
// The contract of `runInEditor` stands in in-editor.d.mts.
import { once } from 'node:events';
import fs from 'node:fs';
import { developInPage, openBrowser } from './browser.mjs';
import { installVsix, makeBase, prepare, startServer, url } from './host.mjs';

export async function runInEditor({ vsix, beside, program, workspace, env = {} }) {
  const base = makeBase();
  try {
    prepare(base);
    installVsix(base, vsix);
    const server = await startServer(base, { env });
    try {
      await run(base, server, { beside, program, workspace });
    } finally {
      await server.stop();
    }
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
}

async function run(base, server, { beside, program, workspace }) {
  const { page, close } = await openBrowser(base);
  try {
    const said = [];
    const verdict = new Promise((resolve) => {
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.exposeFunction('codeAutomationLog', (kind, words) => {
      if (kind === 'error') said.push(String(words));
    });
    await developInPage(page, server.port, { extensions: beside, tests: program });
    await page.goto(url(server.port, workspace));
    const ended = server.exited.then(() => 'the end of the server');
    const late = once(page, 'crash').then(() => 'a crash of the page');
    const code = await Promise.race([verdict, ended, late, patience()]);
    if (code !== 0) throw new Error(`the program in the editor ended with ${code}:\n${said.join('\n')}`);
  } finally {
    await close();
  }
}

function patience() {
  return new Promise((resolve) => {
    setTimeout(() => resolve('nothing said for ten minutes'), 600_000).unref();
  });
}
