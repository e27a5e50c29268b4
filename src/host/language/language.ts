import * as vscode from 'vscode';
import { completing } from './completion.ts';
import { hovering } from './hover.ts';
import { PLANS } from './mentions.ts';
import { definitions, references } from './navigation.ts';
import { lenses, outlining } from './outline.ts';
import { renaming } from './rename.ts';

/** What the editor knows about the text of plans. It needs no trust, no repository and no other extension. */
export const registerLanguage = (): vscode.Disposable[] => [
  vscode.languages.registerCompletionItemProvider(PLANS, completing, ' ', '[', ','),
  vscode.languages.registerHoverProvider(PLANS, hovering),
  vscode.languages.registerDefinitionProvider(PLANS, definitions),
  vscode.languages.registerReferenceProvider(PLANS, references),
  vscode.languages.registerRenameProvider(PLANS, renaming),
  vscode.languages.registerDocumentSymbolProvider(PLANS, outlining),
  vscode.languages.registerCodeLensProvider(PLANS, lenses),
];
