import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';

/** The text of another file of the folder, as it stands in an editor or else on disk; undefined where there is none. */
export async function textNear(uri: vscode.Uri, name: string): Promise<string | undefined> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) return undefined;
  const file = vscode.Uri.joinPath(folder.uri, name);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  if (open) return open.getText();
  // Not by the editor's own file system: that asks the window first, and a check would wait for its answer.
  return readFile(file.fsPath, 'utf8').catch(() => undefined); // there is none
}
