import * as vscode from 'vscode';
import { type DocumentKind, type Feature, KINDS, newMemory, type TextFile } from '../../language/document.ts';
import type { Span } from '../../language/entry.ts';

const kinds = Object.entries(KINDS) as [DocumentKind, (typeof KINDS)[DocumentKind]][];
const filesAt = (pattern: string): vscode.DocumentFilter => ({ scheme: 'file', pattern });

/** Files that have a feature, also those of an untrusted folder: nothing here reads more than text. */
export const filesWith = (feature: Feature): vscode.DocumentSelector =>
  kinds.filter(([, { features }]) => features.includes(feature)).map(([, { place }]) => filesAt(place));

/** The kind of an open file by where it lies; undefined for all others. */
export const kindOf = (document: vscode.TextDocument): DocumentKind | undefined =>
  kinds.find(([, { place }]) => vscode.languages.match(filesAt(place), document) > 0)?.[0];

const known = new WeakMap<vscode.TextDocument, { version: number; file: TextFile }>();

/** The text as it stands in the editor: the same object until it changes. */
export function openFile(document: vscode.TextDocument): TextFile | undefined {
  const before = known.get(document);
  if (before?.version === document.version) return before.file;
  const kind = before?.file.kind ?? kindOf(document);
  if (!kind) return undefined;
  const path = vscode.workspace.asRelativePath(document.uri, false);
  const memory = before?.file.memory ?? newMemory();
  const file = { kind, path, text: document.getText(), memory };
  known.set(document, { version: document.version, file });
  return file;
}

/** A part of the text as the editor counts. */
export const rangeIn = (document: vscode.TextDocument, { start, end }: Span): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));

/** Fixes everything that is certain, also when a file is saved, where a person has set that. */
export const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('orchestrate');
