import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/host/test-api.ts';
import { activated, eventually, root, run } from './orchestrate.ts';

const PROMPT = '# Add a login\n\n## Overview\n\nPeople log in.\n\n## Target Files\n\n- src/login.ts\n';

describe('an import', () => {
  let api: TestApi;
  const folder = join(root, 'import-me/prompts');
  before(async () => {
    api = await activated();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'login.md'), PROMPT);
  });
  after(() => rmSync(join(root, 'import-me'), { recursive: true, force: true }));

  const target = join(root, 'docs/plan/login/plan.yaml');
  const isShown = (path: string) => vscode.window.activeTextEditor?.document.uri.fsPath === path;

  it('shows what it read, and writes nothing unless told to', async () => {
    await run('orchestrate.import', vscode.Uri.file(folder));
    assert.ok(
      api.asked().some((text) => text.includes('Write docs/plan/login/plan.yaml?')),
      api.asked().join('\n'),
    );
    assert.ok(!existsSync(target));
    await eventually('the page', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.includes('Import')),
    );
  });

  it('writes the plan and shows it', async () => {
    api.answer('Write');
    await run('orchestrate.import', vscode.Uri.file(folder));
    assert.match(readFileSync(target, 'utf8'), /Add a login[\s\S]*src\/login\.ts/);
    assert.ok(isShown(target));
  });

  it('shows the plan that is there already', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await run('orchestrate.import', vscode.Uri.file(folder));
    assert.ok(isShown(target));
  });

  it('writes over another plan only after a word', async () => {
    writeFileSync(join(folder, 'login.md'), PROMPT.replace('People log in.', 'People log in twice.'));
    api.answer('Show Changes', 'Write Over');
    await run('orchestrate.import', vscode.Uri.file(folder));
    assert.ok(api.asked().at(-1)?.includes('says something else'));
    assert.match(readFileSync(target, 'utf8'), /log in twice/);
  });

  it('says where a file cannot be read', async () => {
    const bad = join(root, 'import-me/plan-bad.json');
    writeFileSync(bad, '{"waves": [{"agents": ]}\n');
    await run('orchestrate.import', vscode.Uri.file(bad));
    assert.ok(api.asked().at(-1)?.includes('cannot be read'), api.asked().at(-1));
  });
});
