import * as vscode from 'vscode';
import { AGENTS } from '../../agents/all.ts';
import { readConfig } from '../../model/config-reader.ts';
import { TASK_STATUSES } from '../../model/plan.ts';

const TASK_KEYS =
  `id title description wave agent priority status dependencies conflicts_with scope run gates model effort
  produces estimated_effort acceptance_criteria verification context_files`.split(/\s+/);
const PLAN_KEYS = ['plan_id', 'objective', 'tasks', 'contracts'];

/** Ids, names and words that fit where the cursor is. It goes by lines: a text that is being written is seldom YAML. */
export const completing: vscode.CompletionItemProvider = {
  provideCompletionItems: async (document, position) => {
    const key = keyAround(document, position);
    if (key === undefined) return keysAt(document, position);
    const { kind, words } = await wordsFor(key, document);
    return words.map((word) => new vscode.CompletionItem(word, kind));
  },
};

/** The key whose value is written: on this line, or above a list that this line is an entry of. */
function keyAround(document: vscode.TextDocument, position: vscode.Position): string | undefined {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  const inline = /(?:^|[\s{,])(\w+):\s*(?:\[[^\]]*|[^[\]{},:]*)$/.exec(before)?.[1];
  if (inline !== undefined) return inline;
  const entry = /^(\s*)-\s+[^\s:]*$/.exec(before);
  if (!entry) return undefined;
  for (let line = position.line - 1; line >= 0; line -= 1) {
    const { text } = document.lineAt(line);
    if (/^\s*-\s+[^\s:]+\s*$/.test(text) || text.trim() === '') continue;
    const key = /^[\s-]*(\w+):\s*$/.exec(text)?.[1];
    return key === 'tasks' || key === 'contracts' ? undefined : key;
  }
  return undefined;
}

async function wordsFor(
  key: string,
  document: vscode.TextDocument,
): Promise<{ kind: vscode.CompletionItemKind; words: readonly string[] }> {
  const { Reference, Value, EnumMember } = vscode.CompletionItemKind;
  switch (key) {
    case 'dependencies':
    case 'depends_on':
    case 'conflicts_with':
    case 'from_task':
    case 'to_task':
      return { kind: Reference, words: idsIn(document.getText()) };
    case 'agent':
      return { kind: Value, words: AGENTS.map(({ name }) => name) };
    case 'gates':
      return { kind: Value, words: await gatesFor(document.uri) };
    case 'status':
      return { kind: EnumMember, words: TASK_STATUSES };
    case 'priority':
      return { kind: EnumMember, words: ['high', 'medium', 'low'] };
    case 'produces':
      return { kind: EnumMember, words: ['change', 'report'] };
    default:
      return { kind: Value, words: [] };
  }
}

const idsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/(?:^[ \t-]*|[{,]\s*)(?:task_)?id:\s*["']?([^\s"',}]+)/gm)].map(([, id]) => id ?? '')),
];

async function gatesFor(uri: vscode.Uri): Promise<string[]> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) return [];
  const file = vscode.Uri.joinPath(folder.uri, 'orchestrate.yaml');
  const read = await vscode.workspace.openTextDocument(file).then(
    (document) => document.getText(),
    () => null, // there is none: then there are no gates
  );
  return readConfig(read, 'orchestrate.yaml').config?.gates.map(({ name }) => name) ?? [];
}

function keysAt(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  if (!/^[\s-]*\w*$|[{,]\s*\w*$/.test(before)) return [];
  const keys = /^\w*$/.test(before) ? PLAN_KEYS : TASK_KEYS;
  return keys.map((key) => {
    const item = new vscode.CompletionItem(key, vscode.CompletionItemKind.Property);
    item.insertText = `${key}: `;
    return item;
  });
}
