import * as vscode from 'vscode';
import { type DocumentKind, PLACES, type TextFile } from '../../language/document.ts';
import type { Span } from '../../language/sketch.ts';

const kinds = Object.entries(PLACES) as [DocumentKind, string][];

/** Files of these kinds, also those of an untrusted folder: nothing here reads more than text. */
export const filesOf = (...wanted: DocumentKind[]): vscode.DocumentSelector =>
  kinds
    .filter(([kind]) => wanted.length === 0 || wanted.includes(kind))
    .map(([, pattern]) => ({ scheme: 'file', pattern }));

/** The kind of an open file by where it lies; undefined for all others. */
export const kindOf = (document: vscode.TextDocument): DocumentKind | undefined =>
  kinds.find(([, pattern]) => vscode.languages.match({ scheme: 'file', pattern }, document) > 0)?.[0];

const known = new WeakMap<vscode.TextDocument, { version: number; file: TextFile }>();

/** The text as it stands in the editor: the same object until it changes. */
export function openFile(document: vscode.TextDocument): TextFile | undefined {
  const before = known.get(document);
  if (before?.version === document.version) return before.file;
  const kind = before?.file.kind ?? kindOf(document);
  if (!kind) return undefined;
  const path = vscode.workspace.asRelativePath(document.uri, false);
  const file = { kind, path, text: document.getText() };
  known.set(document, { version: document.version, file });
  return file;
}

/** A part of the text as the editor counts. */
export const rangeIn = (document: vscode.TextDocument, { start, end }: Span): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));
