import * as vscode from 'vscode';

const SCHEME = 'orchestrate-import';

/** Texts about an import, and texts that it would write: they are read in editors and lie nowhere on disk. */
export class ImportPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.#texts.get(path) ?? '';
  }

  /** The address of a text; its name is the end of the path. */
  add(name: string, text: string): vscode.Uri {
    const path = `/${this.#texts.size + 1}/${name}`;
    this.#texts.set(path, text);
    return vscode.Uri.from({ scheme: SCHEME, path });
  }

  /** Shows Markdown as a page; where the editor's own preview is switched off, as the text that it is. */
  async show(markdown: string): Promise<void> {
    const uri = this.add('Import.md', markdown);
    await vscode.commands.executeCommand('markdown.showPreview', uri).then(undefined, async () => {
      await vscode.window.showTextDocument(uri);
    });
  }

  dispose(): void {
    this.#registered.dispose();
  }
}
