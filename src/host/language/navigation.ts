import * as vscode from 'vscode';
import { mentionAt, mentionsOf } from './mentions.ts';

/** From a task's id to where the task is written. */
export const definitions: vscode.DefinitionProvider = {
  provideDefinition: (document, position) => {
    const { task } = mentionAt(document, position) ?? {};
    return mentionsOf(document)
      .filter((mention) => mention.defines && mention.task === task)
      .map(({ range }) => new vscode.Location(document.uri, range));
  },
};

/** Who names this task. */
export const references: vscode.ReferenceProvider = {
  provideReferences: (document, position, { includeDeclaration }) => {
    const { task } = mentionAt(document, position) ?? {};
    return mentionsOf(document)
      .filter((mention) => mention.task === task && (includeDeclaration || !mention.defines))
      .map(({ range }) => new vscode.Location(document.uri, range));
  },
};
