import * as vscode from 'vscode';
import type { Settings } from './contributions.ts';

/** A setting of the manifest; the manifest's default always gives it a value. */
export function setting<K extends keyof Settings>(id: K): Settings[K] {
  const value = vscode.workspace.getConfiguration().get<Settings[K]>(id);
  if (value === undefined) throw new Error(`the manifest gives no default for ${id}`);
  return value;
}
