import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { isPlanFile } from '../plans.ts';
import { mentionsOf, titlesOf } from './mentions.ts';

/** The tasks of a plan, for the outline and for going to one by its name. */
export const outlining: vscode.DocumentSymbolProvider = {
  provideDocumentSymbols: (document) => {
    const titles = titlesOf(document);
    return mentionsOf(document)
      .filter(({ defines }) => defines)
      .map(({ task, range }) => {
        const line = document.lineAt(range.start.line).range;
        return new vscode.DocumentSymbol(task, titles.get(task) ?? '', vscode.SymbolKind.Event, line, range);
      });
  },
};

/** What can be done with the plan, over its first line. In an untrusted folder nothing is started. */
export const lenses: vscode.CodeLensProvider = {
  provideCodeLenses: ({ uri }) => {
    if (!isPlanFile(uri)) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (command: CommandId, title: string): vscode.CodeLens =>
      new vscode.CodeLens(top, { command, title, arguments: [uri] });
    return [
      ...(vscode.workspace.isTrusted ? [lens('orchestrate.startPlan', vscode.l10n.t('$(play) Start Plan'))] : []),
      lens('orchestrate.validatePlan', vscode.l10n.t('$(verified) Validate')),
    ];
  },
};
