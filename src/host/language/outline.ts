import * as vscode from 'vscode';
import { foldsOf, outlineOf, type Symbol } from '../../language/outline.ts';
import type { CommandId } from '../contributions.ts';
import { isConfigFile, isPlanFile } from '../plans.ts';
import { openFile, rangeIn } from './open-file.ts';

const KINDS: Record<Symbol['kind'], vscode.SymbolKind> = {
  task: vscode.SymbolKind.Event,
  gate: vscode.SymbolKind.Operator,
  section: vscode.SymbolKind.Module,
  entry: vscode.SymbolKind.Field,
};

/** What stands in a file, for the outline and for going to it by its name. */
export const outlining: vscode.DocumentSymbolProvider = {
  provideDocumentSymbols: (document) => {
    const file = openFile(document);
    return file && outlineOf(file).map((symbol) => symbolOf(document, symbol));
  },
};

function symbolOf(document: vscode.TextDocument, symbol: Symbol): vscode.DocumentSymbol {
  const { name, detail, kind, selection } = symbol;
  const range = rangeIn(document, symbol);
  const made = new vscode.DocumentSymbol(name, detail, KINDS[kind], range, rangeIn(document, selection));
  made.children = symbol.children.map((child) => symbolOf(document, child));
  return made;
}

export const folding: vscode.FoldingRangeProvider = {
  provideFoldingRanges: (document) => {
    const file = openFile(document);
    return (
      file &&
      foldsOf(file).map(({ start, end, isComment }) =>
        isComment
          ? new vscode.FoldingRange(start, end, vscode.FoldingRangeKind.Comment)
          : new vscode.FoldingRange(start, end),
      )
    );
  },
};

/** What can be done with the file, over its first line. In an untrusted folder nothing is started. */
export const lenses: vscode.CodeLensProvider = {
  provideCodeLenses: ({ uri }) => {
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (command: CommandId, title: string): vscode.CodeLens =>
      new vscode.CodeLens(top, { command, title, arguments: [uri] });
    const starts = isPlanFile(uri) && vscode.workspace.isTrusted;
    return [
      ...(starts ? [lens('orchestrate.startPlan', vscode.l10n.t('$(play) Start Plan'))] : []),
      ...(isPlanFile(uri) || isConfigFile(uri)
        ? [lens('orchestrate.validatePlan', vscode.l10n.t('$(verified) Validate'))]
        : []),
    ];
  },
};
