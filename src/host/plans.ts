import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { wayBelow } from '../process/below.ts';

/** Plans of a checkout: `docs/plan/<id>/plan.yaml`, relative to its root with `/`. */
export async function findPlans(root: string): Promise<string[]> {
  const folder = join(root, 'docs', 'plan');
  const names = (await readdir(folder).catch(() => [])).toSorted((a, b) => a.localeCompare(b));
  const found = await Promise.all(
    names.map(async (name) => {
      const files = await readdir(join(folder, name)).catch(() => []);
      return files.filter((file) => isPlanName(file)).map((file) => `docs/plan/${name}/${file}`);
    }),
  );
  return found.flat();
}

const isPlanName = (name: string): boolean => name === 'plan.yaml' || name === 'plan.yml';

/** Whether a file is a plan by where it lies. */
export const isPlanFile = (uri: vscode.Uri): boolean =>
  uri.scheme === 'file' && /\/docs\/plan\/[^/]+\/plan\.ya?ml$/.test(uri.path);

/** Whether a file is the configuration by its name. */
export const isConfigFile = (uri: vscode.Uri): boolean =>
  uri.scheme === 'file' && uri.path.endsWith('/orchestrate.yaml');

/** A file with unsaved changes: a save over them would lose what was written meanwhile, or what the person did. */
export const isUnsaved = (path: string): boolean =>
  vscode.workspace.textDocuments.some(({ isDirty, uri }) => isDirty && uri.fsPath === path);

/** The plan in the active editor, relative to the root; undefined when there is none of this checkout. */
export function activePlan(root: string, asked?: unknown): string | undefined {
  const uri = asked instanceof vscode.Uri ? asked : vscode.window.activeTextEditor?.document.uri;
  return uri && isPlanFile(uri) ? wayBelow(root, uri.fsPath) : undefined;
}
