import * as vscode from 'vscode';
import { readConfig } from '../model/config-reader.ts';
import { readPlan } from '../model/plan-reader.ts';
import type { Problem } from '../model/problem.ts';
import { diagnosticOf } from './diagnostic.ts';
import { isConfigFile, isPlanFile } from './plans.ts';

/** Mistakes of plan.yaml and orchestrate.yaml, as the text stands in the editor. Reads text and nothing else. */
export class FileProblems implements vscode.Disposable {
  readonly #found = vscode.languages.createDiagnosticCollection('orchestrate-files');
  readonly #listening: vscode.Disposable[];

  constructor() {
    this.#listening = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#check(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.#check(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#found.delete(uri)),
    ];
    for (const document of vscode.workspace.textDocuments) this.#check(document);
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#found]) one.dispose();
  }

  #check(document: vscode.TextDocument): void {
    if (!isPlanFile(document.uri) && !isConfigFile(document.uri)) return;
    this.#found.set(document.uri, checkFile(document).map(diagnosticOf));
  }
}

export function checkFile(document: vscode.TextDocument): readonly Problem[] {
  const file = vscode.workspace.asRelativePath(document.uri, false);
  const read = isConfigFile(document.uri) ? readConfig : readPlan;
  return read(document.getText(), file).problems;
}
