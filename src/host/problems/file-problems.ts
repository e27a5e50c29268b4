import * as vscode from 'vscode';
import { PLAN_RULES } from '../../model/plan/rules.ts';
import type { Problem } from '../../model/text/problem.ts';
import { diagnosticOf } from './diagnostic.ts';
import { features } from '../language/language.ts';
import { kindOf } from '../language/open-file.ts';

/**
 * Mistakes of the files that people write for us, as the text stands in the editor, saved or not. All edits that have
 * arrived by the time a check begins are checked as one. Reads text and nothing else.
 */
export class FileProblems implements vscode.Disposable {
  readonly #found = vscode.languages.createDiagnosticCollection('orchestrate-files');
  readonly #due = new Set<vscode.TextDocument>();
  readonly #listening: vscode.Disposable[];

  /** Where it is written what each rule is for. */
  readonly #rules: vscode.Uri;

  constructor(rules: vscode.Uri) {
    this.#rules = rules;
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
    const kind = kindOf(document);
    if (!kind) return;
    if (this.#due.size === 0) setImmediate(() => void this.#checkAll());
    this.#due.add(document);
    // Plans are held to the PRD beside them.
    if (kind === 'prd')
      for (const other of vscode.workspace.textDocuments) if (kindOf(other) === 'plan') this.#due.add(other);
  }

  #forget(document: vscode.TextDocument): void {
    this.#due.delete(document);
    this.#found.delete(document.uri);
  }

  /** What is found in a text that has changed meanwhile is dropped: the change asked for a check of its own. */
  async #checkAll(): Promise<void> {
    const due = [...this.#due].map((document) => ({ document, version: document.version }));
    this.#due.clear();
    for (const { document, version } of due) {
      const problems = await checkFile(document);
      if (document.version === version && !document.isClosed)
        this.#found.set(
          document.uri,
          problems.map((problem) => this.#diagnosticOf(problem)),
        );
    }
  }

  /** A rule leads to its explanation. */
  #diagnosticOf(problem: Problem): vscode.Diagnostic {
    const diagnostic = diagnosticOf(problem);
    const { code } = problem;
    if (code !== undefined && Object.hasOwn(PLAN_RULES, code))
      diagnostic.code = { value: code, target: this.#rules.with({ fragment: code }) };
    return diagnostic;
  }
}

/** What is wrong with an open file; nothing where it is none of ours. */
export async function checkFile(document: vscode.TextDocument): Promise<readonly Problem[]> {
  const { problemsIn } = await features();
  return problemsIn(document);
}
