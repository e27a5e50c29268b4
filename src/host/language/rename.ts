import * as vscode from 'vscode';
import { mentionAt, mentionsOf } from './mentions.ts';

/** Ids that mean the same with and without quotes, wherever they stand. */
const PLAIN = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/** Another id for a task, in every place of the plan that names it. */
export const renaming: vscode.RenameProvider = {
  prepareRename: (document, position) => {
    const mention = mentionAt(document, position);
    if (!mention) throw new Error(vscode.l10n.t('Here is no id of a task.'));
    return { range: mention.range, placeholder: mention.task };
  },

  provideRenameEdits: (document, position, name) => {
    const mentions = mentionsOf(document);
    const old = mentions.find(({ range }) => range.contains(position))?.task;
    if (!PLAIN.test(name)) throw new Error(vscode.l10n.t('An id is made of letters, digits, ".", "_" and "-".'));
    if (name !== old && mentions.some(({ task, defines }) => defines && task === name))
      throw new Error(vscode.l10n.t('There is a task "{0}" already.', name));
    const edit = new vscode.WorkspaceEdit();
    for (const { task, range } of mentions) if (task === old) edit.replace(document.uri, range, name);
    return edit;
  },
};
