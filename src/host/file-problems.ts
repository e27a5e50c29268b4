import * as vscode from 'vscode';
import { problemsOf } from '../language/check.ts';
import type { Problem } from '../model/problem.ts';
import { diagnosticOf } from './diagnostic.ts';
import { kindOf, openFile } from './language/open-file.ts';

/**
 * Mistakes of the files that people write for us, as the text stands in the editor, saved or not. All edits that have
 * arrived by the time a check begins are checked as one. Reads text and nothing else.
 */
export class FileProblems implements vscode.Disposable {
  readonly #found = vscode.languages.createDiagnosticCollection('orchestrate-files');
  readonly #due = new Set<vscode.TextDocument>();
  readonly #listening: vscode.Disposable[];

  constructor() {
    this.#listening = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#ask(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#ask(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    ];
    for (const document of vscode.workspace.textDocuments) this.#ask(document);
  }

  dispose(): void {
    this.#due.clear();
    for (const one of [...this.#listening, this.#found]) one.dispose();
  }

  #ask(document: vscode.TextDocument): void {
    if (!kindOf(document)) return;
    if (this.#due.size === 0) setImmediate(() => this.#checkAll());
    this.#due.add(document);
  }

  #forget(document: vscode.TextDocument): void {
    this.#due.delete(document);
    this.#found.delete(document.uri);
  }

  #checkAll(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const document of due) this.#found.set(document.uri, checkFile(document).map(diagnosticOf));
  }
}

/** What is wrong with an open file; nothing where it is none of ours. */
export function checkFile(document: vscode.TextDocument): readonly Problem[] {
  const file = openFile(document);
  return file ? problemsOf(file) : [];
}
