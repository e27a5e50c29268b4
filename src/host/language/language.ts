import * as vscode from 'vscode';
import { completing } from './completion.ts';
import { hovering } from './hover.ts';
import { definitions, highlights, references, renaming } from './navigation.ts';
import { filesOf } from './open-file.ts';
import { folding, lenses, outlining } from './outline.ts';

const YAML = filesOf('plan', 'config', 'prd', 'orchestraConfig');

/** What the editor knows about the texts people write for us. It needs no trust, no repository, no other extension. */
export const registerLanguage = (): vscode.Disposable[] => [
  vscode.languages.registerCompletionItemProvider(filesOf(), completing, ' ', '[', ',', '-'),
  vscode.languages.registerHoverProvider(filesOf(), hovering),
  vscode.languages.registerDefinitionProvider(filesOf('plan'), definitions),
  vscode.languages.registerReferenceProvider(filesOf('plan'), references),
  vscode.languages.registerDocumentHighlightProvider(filesOf('plan'), highlights),
  vscode.languages.registerRenameProvider(filesOf('plan'), renaming),
  vscode.languages.registerDocumentSymbolProvider(YAML, outlining),
  vscode.languages.registerFoldingRangeProvider(filesOf('plan', 'config', 'prd', 'orchestraConfig', 'phase'), folding),
  vscode.languages.registerCodeLensProvider(filesOf('plan', 'config'), lenses),
];
