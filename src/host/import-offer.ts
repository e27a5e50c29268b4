import * as vscode from 'vscode';
import type { CommandId } from './contributions.ts';

/** Where other systems keep what they know: a cheap sign of them, and what is imported then. */
export const PLACES_OF_OTHERS = [
  { glob: '.orchestra/milestones/*/milestone.md', place: '.orchestra', name: 'milestones of Orchestra' },
  { glob: 'prompts/*.md', place: 'prompts', name: 'prompts for coding agents' },
  { glob: '.gem-team.yaml', place: 'docs', name: 'plans of gem-team' },
  { glob: '*plan*.json', place: '.', name: 'LLM-native plans' },
] as const;

const ASKED = 'import.asked';
const IMPORT: CommandId = 'orchestrate.import';

/**
 * Says once in a workspace that there is something to import. "Not Now" is for this workspace, "Never" for all of them;
 * the command stays.
 */
export async function offerImport({ workspaceState, globalState }: vscode.ExtensionContext): Promise<void> {
  if (!vscode.workspace.isTrusted || workspaceState.get(ASKED) || globalState.get(ASKED)) return;
  const found = await firstOfOthers();
  if (!found) return;
  await workspaceState.update(ASKED, true);
  const doIt = vscode.l10n.t('Import…');
  const never = vscode.l10n.t('Never');
  const text = vscode.l10n.t('There are {0} here. Orchestrate can read them as plans of its own.', found.name);
  const answer = await vscode.window.showInformationMessage(text, doIt, vscode.l10n.t('Not Now'), never);
  if (answer === never) await globalState.update(ASKED, true);
  if (answer === doIt) await vscode.commands.executeCommand(IMPORT, found.uri);
}

/** The first place that holds what it promises: a folder of prompts may hold anything. */
async function firstOfOthers(): Promise<{ name: string; uri: vscode.Uri } | undefined> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    for (const { glob, place, name } of PLACES_OF_OTHERS) {
      const files = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, glob), null, 10);
      const signs = await Promise.all(files.map(isOfOthers));
      if (signs.includes(true)) return { name, uri: vscode.Uri.joinPath(folder.uri, place) };
    }
  }
  return undefined;
}

const SIGNS: Readonly<Record<string, RegExp>> = {
  json: /"?(?:orchestrationId|waveId)"?\s*:/,
  // The sections that prompts for coding agents have, two of them at least.
  md: /^#{1,3} (?:.*\n)[\s\S]*^## (?:Overview|Problem Statement|Technical Analysis|Requirements|Implementation Plan|Implementation Steps|Success Criteria|Target Files)\b[\s\S]*^## /m,
};

async function isOfOthers(uri: vscode.Uri): Promise<boolean> {
  const [extension = ''] = /[^.]+$/.exec(uri.path) ?? [];
  const sign = uri.path.endsWith('/milestone.md') ? undefined : SIGNS[extension];
  if (!sign) return true;
  const bytes = await vscode.workspace.fs.readFile(uri);
  return bytes.length < 1_000_000 && sign.test(new TextDecoder().decode(bytes));
}
