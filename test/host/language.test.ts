import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated, root } from './orchestrate.ts';

const PLAN = `plan_id: words
objective: Words
tasks:
  - id: en
    title: English words
    wave: 1
    agent: manual
    conflicts_with: [de]
  - id: "de"
    title: German words
    wave: 1
  - id: index
    title: Index of words
    wave: 2
    dependencies:
      - en
      - 'de'
    status: pending
`;

describe('the text of a plan', () => {
  let document: vscode.TextDocument;
  before(async () => {
    await activated();
    const folder = join(root, 'docs/plan/words');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'plan.yaml'), PLAN);
    document = await vscode.workspace.openTextDocument(join(folder, 'plan.yaml'));
    await vscode.window.showTextDocument(document);
  });

  /** Behind the nth time that the words stand there. */
  const behind = (words: string, nth = 1): vscode.Position => {
    let offset = -1;
    for (let n = 0; n < nth; n += 1) offset = document.getText().indexOf(words, offset + 1);
    assert.ok(offset >= 0, words);
    return document.positionAt(offset + words.length);
  };
  const ask = <T>(what: string, ...rest: unknown[]): Thenable<T> =>
    vscode.commands.executeCommand<T>(`vscode.execute${what}`, document.uri, ...rest);
  const lines = (found: readonly { range: vscode.Range }[]): number[] =>
    found.map(({ range }) => range.start.line + 1).toSorted((a, b) => a - b);
  const offered = async (position: vscode.Position): Promise<string[]> => {
    const { items } = await ask<vscode.CompletionList>('CompletionItemProvider', position);
    return items
      .filter(({ kind }) => kind !== vscode.CompletionItemKind.Text)
      .map(({ label }) => (typeof label === 'string' ? label : label.label));
  };

  it('leads from an id to its task', async () => {
    const found = await ask<vscode.Location[]>('DefinitionProvider', behind('- en'));
    assert.deepEqual(lines(found), [4]);
  });

  it('knows who names a task', async () => {
    const found = await ask<vscode.Location[]>('ReferenceProvider', behind('id: "d'));
    assert.deepEqual(lines(found), [8, 9, 17]);
  });

  it('says over an id what the task is', async () => {
    const hovers = await ask<vscode.Hover[]>('HoverProvider', behind('- e'));
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
    assert.match(text, /English(?: |&nbsp;)words/);
    assert.match(text, /Wave(?: |&nbsp;)1/);
    assert.match(text, /Before:(?: |&nbsp;)index/);
    assert.match(text, /same(?: |&nbsp;)time(?: |&nbsp;)as:(?: |&nbsp;)de/);
    assert.match(text, /about(?: |&nbsp;)[\d.]+(?: |&nbsp;)min/);
  });

  it('gives a task another id everywhere, and no id twice', async () => {
    const edit = await ask<vscode.WorkspaceEdit>('DocumentRenameProvider', behind('id: "d'), 'german');
    assert.deepEqual(lines(edit.get(document.uri)), [8, 9, 17]);
    assert.ok(
      edit.get(document.uri).every(({ newText, range }) => newText === 'german' && document.getText(range) === 'de'),
    );
    await assert.rejects(async () => ask('DocumentRenameProvider', behind('id: "d'), 'index'));
  });

  it('offers ids, agents, states and keys where they fit', async () => {
    assert.deepEqual(await offered(behind('conflicts_with: [')), ['de', 'index']);
    assert.deepEqual(await offered(behind('      - ')), ['en', 'de']);
    assert.ok((await offered(behind('agent: '))).includes('claude'));
    assert.ok((await offered(behind('status: '))).includes('needs_revision'));
    assert.ok((await offered(new vscode.Position(6, 4))).includes('dependencies'));
  });

  it('has its tasks in the outline', async () => {
    const symbols = await ask<vscode.DocumentSymbol[]>('DocumentSymbolProvider');
    assert.deepEqual(
      symbols.map(({ name, detail }) => [name, detail]),
      [
        ['en', 'English words'],
        ['de', 'German words'],
        ['index', 'Index of words'],
      ],
    );
  });

  it('can be started and checked from its first line', async () => {
    const lenses = await ask<vscode.CodeLens[]>('CodeLensProvider');
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['orchestrate.startPlan', 'orchestrate.validatePlan'],
    );
  });
});
