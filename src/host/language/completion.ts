import * as vscode from 'vscode';
import { AGENTS } from '../../agents/all.ts';
import { readGemPrd } from '../../formats/gem/prd.ts';
import { AUTO } from '../../model/crew/auto.ts';
import { APPROVAL } from '../../model/gate.ts';
import { type Offer, offersAt } from '../../language/completion.ts';
import { type ConfigNames, configNames } from '../../language/config-names.ts';
import { requirementsOf } from '../../model/plan/prd.ts';
import type { Names } from '../../language/shapes/shape.ts';
import { MATCHER_NAMES } from '../../model/config/matcher-names.ts';
import { textNear } from './near.ts';
import { openFile, rangeIn } from './open-file.ts';

/** Ids, names, files and words that fit where the cursor is. */
export const completing: vscode.CompletionItemProvider = {
  provideCompletionItems: async (document, position, cancel) => {
    const file = openFile(document);
    const found = file && offersAt(file, document.offsetAt(position));
    if (!found) return undefined;
    const names = found.names ? await namesFor(found.names, document.uri, cancel) : [];
    const range = rangeIn(document, found.replace);
    return [...found.offers, ...names].map((offer, i) => itemOf(offer, range, i));
  },
};

const KINDS: Record<Offer['kind'], vscode.CompletionItemKind> = {
  key: vscode.CompletionItemKind.Property,
  word: vscode.CompletionItemKind.EnumMember,
  task: vscode.CompletionItemKind.Reference,
  name: vscode.CompletionItemKind.Value,
  file: vscode.CompletionItemKind.File,
};

/** In the order in which they come: that of the plan, or of what is usual. */
function itemOf(
  { label, insert, kind, detail, about, isOld }: Offer,
  range: vscode.Range,
  at: number,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, KINDS[kind]);
  item.insertText = insert;
  item.range = range;
  item.detail = detail;
  item.sortText = String(at).padStart(6, '0');
  if (about !== '') item.documentation = about;
  if (isOld) item.tags = [vscode.CompletionItemTag.Deprecated];
  return item;
}

const nameOffer = (label: string, detail = '', kind: Offer['kind'] = 'name'): Offer => ({
  label,
  insert: label,
  kind,
  detail,
  about: '',
  isOld: false,
});

async function namesFor(
  names: Exclude<Names, 'tasks'>,
  uri: vscode.Uri,
  cancel: vscode.CancellationToken,
): Promise<Offer[]> {
  switch (names) {
    case 'agents':
      return agentsFor(await configNear(uri));
    case 'gates':
      return [...new Set([...(await configNear(uri)).gates, APPROVAL.name])].map((name) => nameOffer(name));
    case 'matchers':
      return MATCHER_NAMES.map((name) => nameOffer(name));
    case 'files':
      return filesNear(uri, cancel);
    case 'phases':
      return phasesBeside(uri);
    case 'requirements':
      return requirementsNear(uri);
  }
}

/** The roles of the configuration are names of agents too. */
function agentsFor({ roles, agent }: ConfigNames): Offer[] {
  const usual = (name: string): string => (name === agent ? vscode.l10n.t('default') : '');
  return [
    ...[AUTO, ...AGENTS.map(({ name }) => name)].map((name) => nameOffer(name, usual(name))),
    ...Object.entries(roles).map(([role, plays]) => nameOffer(role, plays)),
  ];
}

const configNear = async (uri: vscode.Uri): Promise<ConfigNames> =>
  configNames((await textNear(uri, 'orchestrate.yaml')) ?? '');

async function requirementsNear(uri: vscode.Uri): Promise<Offer[]> {
  const { prd } = readGemPrd({ path: 'docs/PRD.yaml', text: (await textNear(uri, 'docs/PRD.yaml')) ?? '' });
  return prd ? requirementsOf(prd).map(({ id, text }) => nameOffer(id, text)) : [];
}

const MOST_FILES = 2_000;

/** Files of the folder, and their folders with all that is in them. */
async function filesNear(uri: vscode.Uri, cancel: vscode.CancellationToken): Promise<Offer[]> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) return [];
  const pattern = new vscode.RelativePattern(folder, '**/*');
  const found = await vscode.workspace.findFiles(pattern, '**/{node_modules,.git,.worktrees}/**', MOST_FILES, cancel);
  const paths = found.map((file) => vscode.workspace.asRelativePath(file, false)).toSorted();
  const folders = new Set(
    paths.flatMap((path) => (path.includes('/') ? [`${path.slice(0, path.lastIndexOf('/'))}/**`] : [])),
  );
  return [...folders, ...paths].map((path) => nameOffer(path, '', 'file'));
}

async function phasesBeside(uri: vscode.Uri): Promise<Offer[]> {
  const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(uri, '..'));
  const names = entries.flatMap(([name]) =>
    name.endsWith('.md') && !uri.path.endsWith(`/${name}`) ? [name.slice(0, -3)] : [],
  );
  return names.toSorted().map((name) => nameOffer(name));
}
