// What a user of the extension types into a terminal of the editor: `orchestrate`, without having installed it.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { root, withRepository } from './orchestrate.ts';

describe('a terminal of the editor', function () {
  this.timeout(60_000);
  before(() => withRepository());

  it('knows the command, and starts it with the Node.js of the user', async () => {
    const extension = vscode.extensions.getExtension('orchestrate.orchestrate')!;
    const told = join(root, '..', 'version.txt');
    const closed = new Promise<void>((resolve) => {
      const listening = vscode.window.onDidCloseTerminal((one) => {
        if (one !== terminal) return;
        listening.dispose();
        resolve();
      });
    });
    const terminal = vscode.window.createTerminal({
      shellPath: '/bin/sh',
      shellArgs: ['-c', `orchestrate --version > '${told}' 2>&1`],
    });
    await closed;
    assert.equal(readFileSync(told, 'utf8').trim(), extension.packageJSON.version);
  });
});
