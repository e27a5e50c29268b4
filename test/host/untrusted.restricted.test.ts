import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, eventually, root, run } from './orchestrate.ts';

describe('in a folder that nobody has trusted', () => {
  it('no repository is opened and nothing is written', async () => {
    const api = await activated();
    await eventually(
      'it knows',
      () => api.site().kind === 'untrusted',
      () => api.site(),
    );
    assert.deepEqual(api.rows(), []);
    assert.ok(!existsSync(join(root, '.git/orchestrate')));
  });

  it('plans are checked as they are written', async () => {
    await activated();
    const file = join(root, 'docs/plan/bad/plan.yaml');
    mkdirSync(join(root, 'docs/plan/bad'), { recursive: true });
    writeFileSync(file, 'plan_id: bad\nobjective: x\ntasks:\n  - id: a\n    title: A\n    dependencies: [b]\n');
    const uri = vscode.Uri.file(file);
    await vscode.window.showTextDocument(uri);
    const found = await eventually('a problem of the plan', () => {
      const diagnostics = vscode.languages.getDiagnostics(uri);
      return diagnostics.length > 0 && diagnostics;
    });
    assert.ok(
      found.some(({ message, range }) => message.includes('b') && range.start.line === 5),
      JSON.stringify(found),
    );
    await run('orchestrate.validatePlan');
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    );
    assert.deepEqual(
      symbols.map(({ name, detail }) => [name, detail]),
      [['a', 'A']],
    );
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['orchestrate.validatePlan'],
    );
  });
});
