import * as vscode from 'vscode';

/** Opens the workbench where a folder of the window has runs, or gets one. */
export function whenNeeded(open: () => Promise<unknown>): vscode.Disposable[] {
  const look = (): void => {
    for (const folder of vscode.workspace.workspaceFolders ?? []) void mayHaveRuns(folder).then((has) => has && open());
  };
  if (vscode.workspace.isTrusted) setImmediate(look);
  else void vscode.commands.executeCommand('setContext', 'orchestrate.site', 'untrusted');
  return [
    vscode.workspace.onDidGrantWorkspaceTrust(() => void open()),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    ...watchForRuns(open),
  ];
}

/** Runs lie in the repository's own folder; where that is not simply here, it takes git to find out. */
async function mayHaveRuns({ uri }: vscode.WorkspaceFolder): Promise<boolean> {
  if ((await typeOf(uri, '.git')) !== vscode.FileType.Directory) return true;
  return (await typeOf(uri, '.git', 'orchestrate', 'runs')) !== undefined;
}

const typeOf = (uri: vscode.Uri, ...names: string[]): Thenable<vscode.FileType | undefined> =>
  vscode.workspace.fs.stat(vscode.Uri.joinPath(uri, ...names)).then(
    ({ type }) => type,
    () => undefined, // there is none
  );

/** A run that somebody starts in a terminal. */
function watchForRuns(open: () => Promise<unknown>): vscode.Disposable[] {
  return (vscode.workspace.workspaceFolders ?? []).map((folder) => {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, '.git/orchestrate/runs/*'),
    );
    watcher.onDidCreate(() => vscode.workspace.isTrusted && void open());
    return watcher;
  });
}
