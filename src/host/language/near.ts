import * as vscode from 'vscode';

/** The text of another file of the folder, as it stands in an editor or else on disk; undefined where there is none. */
export async function textNear(uri: vscode.Uri, name: string): Promise<string | undefined> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) return undefined;
  const file = vscode.Uri.joinPath(folder.uri, name);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  if (open) return open.getText();
  return vscode.workspace.fs.readFile(file).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => undefined, // there is none
  );
}
