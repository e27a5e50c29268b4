// A program inside the extension host of a real VS Code in which a packaged extension is installed as users install it.
// The contract of `runInEditor` stands in in-editor.d.mts.
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
    await developInPage(page, server.port, { extensions: [beside], tests: program });
    await page.goto(url(server.port, workspace));
    const ended = server.exited.then(() => 'the server ended');
    const code = await Promise.race([verdict, ended]);
    if (code !== 0) throw new Error(`the program in the editor ended with ${code}:\n${said.join('\n')}`);
  } finally {
    await close();
  }
}
