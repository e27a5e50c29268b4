// The first thing to know when host tests fail: is there an editor at all, and is it the one that was asked for?
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';

describe('the editor', () => {
  it('is one that the extension supports', () => {
    const [major, minor] = vscode.version.split('.').map(Number);
    assert.equal(major, 1);
    assert.ok(minor! >= 101, `VS Code ${vscode.version} is older than engines.vscode`);
  });

  it('has a git repository open as its only folder', () => {
    const folders = vscode.workspace.workspaceFolders ?? [];
    assert.equal(folders.length, 1);
    const branch = execFileSync('git', ['branch', '--show-current'], { cwd: folders[0]!.uri.fsPath, encoding: 'utf8' });
    assert.equal(branch.trim(), 'main');
  });

  it('knows the extension under development', () => {
    assert.ok(vscode.extensions.getExtension('orchestrate.orchestrate'));
  });

  it('shows the tests no settings of the developer', () => {
    assert.throws(() => execFileSync('git', ['config', '--global', 'user.name'], { stdio: 'pipe' }));
  });
});
