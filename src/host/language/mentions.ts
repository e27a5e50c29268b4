import * as vscode from 'vscode';
import { readYaml, type Path, type YamlText } from '../../model/yaml-text.ts';

/** Plans wherever they lie below docs/plan; also those of an untrusted folder: nothing here reads more than text. */
export const PLANS: vscode.DocumentSelector = { scheme: 'file', pattern: '**/docs/plan/**/plan*.{yaml,yml}' };

/** One place of a plan's text that names a task. */
export interface Mention {
  task: string;
  /** The task's own id, not another's word for it. */
  defines: boolean;
  /** Without quotes. */
  range: vscode.Range;
}

/** All places that name tasks, in the order of the plan; none while the text is not YAML. */
export function mentionsOf(document: vscode.TextDocument): Mention[] {
  const { yaml } = readYaml(document.getText(), '');
  if (!yaml) return [];
  const found = [...places(yaml.value)];
  return found.flatMap(({ path, defines, task }) => {
    const range = placeOf(document, yaml, { path, word: task });
    return range ? [{ task, defines, range }] : [];
  });
}

/** The titles of a plan's tasks by their ids, also of a plan that has mistakes. */
export function titlesOf(document: vscode.TextDocument): Map<string, string> {
  const tasks = listAt(readYaml(document.getText(), '').yaml?.value, 'tasks');
  const textAt = (task: unknown, ...keys: string[]): string =>
    keys.map((key) => valueAt(task, key)).find((value) => typeof value === 'string') ?? '';
  return new Map(tasks.map((task) => [textAt(task, 'id', 'task_id'), textAt(task, 'title', 'name')]));
}

/** The mention under the cursor. */
export const mentionAt = (document: vscode.TextDocument, position: vscode.Position): Mention | undefined =>
  mentionsOf(document).find(({ range }) => range.contains(position));

interface Place {
  path: Path;
  defines: boolean;
  task: string;
}

function* places(value: unknown): Generator<Place> {
  for (const [index, task] of listAt(value, 'tasks').entries()) {
    const path = ['tasks', index];
    for (const key of ['id', 'task_id']) yield* words(valueAt(task, key), [...path, key], true);
    for (const key of ['dependencies', 'depends_on', 'conflicts_with'])
      yield* words(valueAt(task, key), [...path, key], false);
  }
  for (const [index, contract] of listAt(value, 'contracts').entries())
    for (const key of ['from_task', 'to_task']) yield* words(valueAt(contract, key), ['contracts', index, key], false);
}

function* words(value: unknown, path: Path, defines: boolean): Generator<Place> {
  if (typeof value === 'string' && value !== '') yield { path, defines, task: value };
  if (!Array.isArray(value)) return;
  for (const [index, task] of value.entries())
    if (typeof task === 'string') yield { path: [...path, index], defines, task };
}

const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function listAt(value: unknown, key: string): unknown[] {
  const list = valueAt(value, key);
  return Array.isArray(list) ? list : [];
}

/** Only where the text says just the word: an anchor or an escape is not to be edited. */
function placeOf(
  document: vscode.TextDocument,
  yaml: YamlText,
  { path, word }: { path: Path; word: string },
): vscode.Range | undefined {
  const { line, column, endLine, endColumn } = yaml.rangeAt(path);
  const range = new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
  const within = document.getText(range).indexOf(word);
  if (within < 0 || within > 1) return undefined;
  const start = document.positionAt(document.offsetAt(range.start) + within);
  return new vscode.Range(start, start.translate(0, word.length));
}
