import * as vscode from 'vscode';
import { fixText } from '../../formats/text/fix.ts';
import { fixesFor } from '../../language/fixes.ts';
import type { Edit, Problem } from '../../model/text/problem.ts';
import { FIX_ALL, openFile } from './open-file.ts';
import { besideOf, problemsIn } from './problems.ts';

/** What puts a problem right; the first of them is preferred where nothing else can have been meant. */
export const fixing: vscode.CodeActionProvider = {
  provideCodeActions: async (document, range, { only, diagnostics }) => {
    if (only && vscode.CodeActionKind.SourceFixAll.intersects(only)) return fixAll(document);
    const file = openFile(document);
    if (!file) return [];
    const asked = (await problemsIn(document)).flatMap((problem) => {
      const diagnostic = diagnostics.find((one) => one.message === problem.message && isAt(one.range, problem));
      return diagnostic && range.intersection(diagnostic.range) ? [{ problem, diagnostic }] : [];
    });
    return asked.flatMap(({ problem, diagnostic }) =>
      fixesFor(file, problem).map(({ title, edits, isCertain }, i) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.diagnostics = [diagnostic];
        action.isPreferred = isCertain && i === 0;
        action.edit = editOf(document, edits);
        return action;
      }),
    );
  },
};

const isAt = ({ start }: vscode.Range, { range }: Problem): boolean =>
  start.line === range.line - 1 && start.character === range.column - 1;

function editOf(document: vscode.TextDocument, edits: readonly Edit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { range, text } of edits) {
    const place = new vscode.Range(range.line - 1, range.column - 1, range.endLine - 1, range.endColumn - 1);
    edit.replace(document.uri, document.validateRange(place), text);
  }
  return edit;
}

async function fixAll(document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
  const file = openFile(document);
  const text = file && fixText(file, await besideOf(document));
  if (!file || text === undefined || text === file.text) return [];
  const action = new vscode.CodeAction(vscode.l10n.t('Fix everything that is certain'), FIX_ALL);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, document.validateRange(new vscode.Range(0, 0, document.lineCount, 0)), text);
  return [action];
}
