import * as vscode from 'vscode';
import { filesWith, FIX_ALL } from './open-file.ts';

/** The features themselves, loaded when one of them is first asked for. */
export const features = async () => (await import('./providers.ts')).providers;

/**
 * What the editor knows about the texts people write for us. It needs no trust, no repository and no other extension.
 */
export function registerLanguage(): vscode.Disposable[] {
  const { languages } = vscode;
  return [
    languages.registerCompletionItemProvider(
      filesWith('completion'),
      { provideCompletionItems: async (...asked) => (await features()).completing.provideCompletionItems(...asked) },
      ' ',
      '[',
      ',',
      '-',
    ),
    languages.registerCodeActionsProvider(
      filesWith('fixes'),
      { provideCodeActions: async (...asked) => (await features()).fixing.provideCodeActions(...asked) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL] },
    ),
    languages.registerHoverProvider(filesWith('hover'), {
      provideHover: async (...asked) => (await features()).hovering.provideHover(...asked),
    }),
    languages.registerDefinitionProvider(filesWith('navigation'), {
      provideDefinition: async (...asked) => (await features()).definitions.provideDefinition(...asked),
    }),
    languages.registerReferenceProvider(filesWith('navigation'), {
      provideReferences: async (...asked) => (await features()).references.provideReferences(...asked),
    }),
    languages.registerDocumentHighlightProvider(filesWith('navigation'), {
      provideDocumentHighlights: async (...asked) => (await features()).highlights.provideDocumentHighlights(...asked),
    }),
    languages.registerRenameProvider(filesWith('rename'), {
      prepareRename: async (...asked) => (await features()).renaming.prepareRename?.(...asked),
      provideRenameEdits: async (...asked) => (await features()).renaming.provideRenameEdits(...asked),
    }),
    languages.registerDocumentSymbolProvider(filesWith('outline'), {
      provideDocumentSymbols: async (...asked) => (await features()).outlining.provideDocumentSymbols(...asked),
    }),
    languages.registerFoldingRangeProvider(filesWith('folding'), {
      provideFoldingRanges: async (...asked) => (await features()).folding.provideFoldingRanges(...asked),
    }),
    languages.registerCodeLensProvider(filesWith('lenses'), {
      provideCodeLenses: async (...asked) => (await features()).lenses.provideCodeLenses(...asked),
    }),
  ];
}
