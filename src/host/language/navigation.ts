import * as vscode from 'vscode';
import { type Mention, mentionAt, mentionsOf } from '../../language/mentions.ts';
import { renameTask } from '../../language/rename.ts';
import { openFile, rangeIn } from './open-file.ts';

/** From a task's id to where the task is written. */
export const definitions: vscode.DefinitionProvider = {
  provideDefinition: (document, position) => located(document, position, ({ defines }) => defines),
};

/** Who names this task. */
export const references: vscode.ReferenceProvider = {
  provideReferences: (document, position, { includeDeclaration }) =>
    located(document, position, ({ defines }) => includeDeclaration || !defines),
};

/** The same, under the cursor and as colours. */
export const highlights: vscode.DocumentHighlightProvider = {
  provideDocumentHighlights: (document, position) =>
    located(document, position, () => true).map(({ range }) => new vscode.DocumentHighlight(range)),
};

function located(
  document: vscode.TextDocument,
  position: vscode.Position,
  fits: (mention: Mention) => boolean,
): vscode.Location[] {
  const file = openFile(document);
  const task = file && mentionAt(file, document.offsetAt(position))?.task;
  if (!file || task === undefined) return [];
  return mentionsOf(file)
    .filter((mention) => mention.task === task && fits(mention))
    .map((mention) => new vscode.Location(document.uri, rangeIn(document, mention)));
}

/** Another id for a task, in every place of the plan that names it. */
export const renaming: vscode.RenameProvider = {
  prepareRename: (document, position) => {
    const file = openFile(document);
    const mention = file && mentionAt(file, document.offsetAt(position));
    if (!mention) throw new Error(vscode.l10n.t('Here is no id of a task.'));
    return { range: rangeIn(document, mention), placeholder: mention.task };
  },

  provideRenameEdits: (document, position, name) => {
    const file = openFile(document);
    const found = file && renameTask(file, document.offsetAt(position), name);
    if (!found) return undefined;
    if ('kind' in found) throw new Error(refusal(found.kind, name));
    const edit = new vscode.WorkspaceEdit();
    for (const mention of found) edit.replace(document.uri, rangeIn(document, mention), name);
    return edit;
  },
};

function refusal(kind: 'noTask' | 'notPlain' | 'taken', name: string): string {
  switch (kind) {
    case 'noTask':
      return vscode.l10n.t('Here is no id of a task.');
    case 'notPlain':
      return vscode.l10n.t('An id is made of letters, digits, ".", "_" and "-".');
    case 'taken':
      return vscode.l10n.t('There is a task "{0}" already.', name);
  }
}
