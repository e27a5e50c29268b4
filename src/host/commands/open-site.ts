import * as vscode from 'vscode';
import type { Repository } from '../../git/repository.ts';
import { describe } from '../../model/failure.ts';
import type { Parts } from '../parts.ts';

/** The repository, or what to do to have one. */
export async function openSite({ site, asking }: Parts): Promise<Repository | undefined> {
  if (site.state.kind === 'choose' || site.state.kind === 'failed' || site.state.kind === 'looking') await site.look();
  const { state } = site;
  switch (state.kind) {
    case 'open':
      return state.repository;
    case 'choose':
      await askForRepository({ site, asking }, state.repositories);
      return site.repository;
    case 'failed':
      await asking.tell('error', describe(state.failure));
      return undefined;
    case 'untrusted':
      await offer(asking, vscode.l10n.t('Runs start agents, gates and git: trust this folder first.'), {
        label: vscode.l10n.t('Manage Workspace Trust'),
        command: 'workbench.trust.manage',
      });
      return undefined;
    case 'noFolder':
    case 'looking':
      await offer(asking, vscode.l10n.t('Open the folder of a git repository first.'), {
        label: vscode.l10n.t('Open Folder'),
        command: 'vscode.openFolder',
      });
      return undefined;
  }
}

/** Where files are read and written that need no repository; undefined where no folder is open. */
export const rootOf = ({ repository }: Parts['site']): string | undefined =>
  repository?.root ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;

/** Says what is missing, with the editor's own way to have it. */
async function offer(asking: Parts['asking'], text: string, way: { label: string; command: string }): Promise<void> {
  if ((await asking.tell('warning', text, way.label)) === way.label) await vscode.commands.executeCommand(way.command);
}

/** Works in the repository that the person picks. */
export async function askForRepository(
  { site, asking }: Pick<Parts, 'site' | 'asking'>,
  repositories: readonly Repository[],
): Promise<void> {
  const choices = repositories.map((repository) => ({
    label: repository.root.split(/[\\/]/).at(-1) ?? repository.root,
    description: repository.root,
    icon: 'repo',
    value: repository,
  }));
  const chosen = await asking.pick(vscode.l10n.t('Work in which repository?'), choices);
  if (chosen) await site.choose(chosen);
}
