import { join } from 'node:path';
import * as vscode from 'vscode';
import { type Account, importFrom, isRefused } from '../../engine/plans/import.ts';
import { accountPage } from '../../formats/account-page.ts';
import { describe } from '../../model/failure.ts';
import { PLACES_OF_OTHERS } from '../import-offer.ts';
import type { ImportPages } from '../import-pages.ts';
import type { Handlers, Parts } from '../parts.ts';
import { rootOf } from './open-site.ts';

/** Plans of other systems become plans of ours: shown first, and written when the person says so. */
export const importCommands = (parts: Parts, pages: ImportPages): Pick<Handlers, 'orchestrate.import'> => ({
  'orchestrate.import': (argument) => importHere(parts, pages, argument),
});

async function importHere({ site, asking }: Parts, pages: ImportPages, argument: unknown): Promise<void> {
  const root = rootOf(site);
  if (root === undefined) return void (await asking.tell('warning', vscode.l10n.t('Open a folder first.')));
  const from = argument instanceof vscode.Uri ? argument : await choose(root, asking);
  if (!from) return;
  const read = await importFrom(from.fsPath, { root, dry: true, force: false });
  if (!read.ok) return void (await asking.tell('error', describe(read.failure)));
  const { accounts, ignored } = read.value;
  await pages.show(accountPage(accounts.map(entryOf), ignored));
  const plans = accounts.filter(({ target }) => target?.written === 'would write' || target?.written === 'differs');
  if (plans.length === 0) return sayNothing(accounts, root, asking);
  await askToWrite({ accounts: plans, root, from, pages }, asking);
}

const entryOf = ({ imported, target }: Account) => ({
  imported,
  ...(target ? { target: { file: target.file, isThere: target.written === 'differs' } } : {}),
});

/** Files of other systems in the folder, or any file. */
async function choose(root: string, asking: Parts['asking']): Promise<vscode.Uri | undefined> {
  const found = await Promise.all(
    PLACES_OF_OTHERS.map(async ({ glob, place }) => {
      const [first] = await vscode.workspace.findFiles(new vscode.RelativePattern(root, glob), null, 1);
      return first ? [place] : [];
    }),
  );
  const another = vscode.l10n.t('Another File or Folder…');
  const choices = [
    ...found.flat().map((place) => ({ label: place, icon: 'folder', value: place })),
    { label: another, icon: 'search', value: '' },
  ];
  const chosen = await asking.pick(vscode.l10n.t('Import what?'), choices);
  if (chosen === undefined) return undefined;
  if (chosen !== '') return vscode.Uri.file(join(root, chosen));
  const options = { canSelectFolders: true, canSelectFiles: true, defaultUri: vscode.Uri.file(root), title: another };
  return (await vscode.window.showOpenDialog(options))?.[0];
}

async function sayNothing(accounts: readonly Account[], root: string, asking: Parts['asking']): Promise<void> {
  const refused = accounts.filter(({ imported }) => isRefused(imported)).length;
  const same = accounts.find(({ target }) => target?.written === 'same')?.target;
  if (same) return void (await vscode.window.showTextDocument(vscode.Uri.file(join(root, same.file))));
  const text =
    refused > 0
      ? vscode.l10n.t('{0} of {1} cannot be read: the page says where and why.', refused, accounts.length)
      : vscode.l10n.t('There is no plan in it.');
  await asking.tell(refused > 0 ? 'error' : 'info', text);
}

interface Writing {
  accounts: readonly Account[];
  root: string;
  from: vscode.Uri;
  pages: ImportPages;
}

async function askToWrite(writing: Writing, asking: Parts['asking']): Promise<void> {
  const { accounts, root, from } = writing;
  const isOver = accounts.some(({ target }) => target?.written === 'differs');
  const file = accounts[0]?.target?.file ?? '';
  const what = accounts.length === 1 ? file : vscode.l10n.t('{0} plans', accounts.length);
  const write = isOver ? vscode.l10n.t('Write Over') : vscode.l10n.t('Write');
  const changes = vscode.l10n.t('Show Changes');
  const text = isOver
    ? vscode.l10n.t('Write {0}? A plan that is there says something else.', what)
    : vscode.l10n.t('Write {0}?', what);
  const answer = await asking.tell('info', text, write, changes);
  if (answer === changes) {
    await showChanges(writing);
    return askToWrite(writing, asking);
  }
  if (answer !== write) return;
  const done = await importFrom(from.fsPath, { root, dry: false, force: isOver });
  if (!done.ok) return void (await asking.tell('error', describe(done.failure)));
  await vscode.window.showTextDocument(vscode.Uri.file(join(root, file)));
}

/** What is there against what would be written. */
async function showChanges({ accounts, root, pages }: Writing): Promise<void> {
  const rows = accounts.map(({ imported, target }) => {
    const there = vscode.Uri.file(join(root, target?.file ?? ''));
    const proposed = pages.add(target?.file ?? '', imported.native ?? '');
    return [there, target?.written === 'differs' ? there : undefined, proposed];
  });
  await vscode.commands.executeCommand('vscode.changes', vscode.l10n.t('Import'), rows);
}
