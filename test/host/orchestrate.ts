// What the host tests share: the extension as it shows itself in test mode, and the repository it works in.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { RunSession } from '../../src/engine/session.ts';
import type { CommandId } from '../../src/host/contributions.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import type { DrawnRow } from '../../src/host/tree.ts';

export const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

export async function activated(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi>('orchestrate.orchestrate');
  assert.ok(extension, 'the extension is not installed');
  const api = await extension.activate();
  assert.ok(api, 'the extension exports nothing: it does not know that it is tested');
  return api;
}

/** The same once it shows the repository. */
export async function withRepository(): Promise<TestApi> {
  const api = await activated();
  await eventually('the repository is open', () => api.site().kind === 'open', api.site);
  return api;
}

/** Looks again whenever something may have changed, until it is so. The message says what was there at the end. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false,
  seen: () => unknown = () => '',
  patience = 25_000,
): Promise<T> {
  const limit = Date.now() + patience;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > limit)
      assert.fail(`${what}\n${typeof seen() === 'string' ? String(seen()) : JSON.stringify(seen(), null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();

/** Writes files into the checkout and commits them. */
export function commit(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message=More');
}

/** A plan of tasks in YAML's flow style, at its place. */
export const planFiles = (id: string, tasks: readonly object[], config: object = {}): Record<string, string> => ({
  [`docs/plan/${id}/plan.yaml`]: `${JSON.stringify({ plan_id: id, objective: `Objective of ${id}`, tasks }, null, 2)}\n`,
  'orchestrate.yaml': `${JSON.stringify(config, null, 2)}\n`,
});

/** Starts a plan as its editor title does, and answers the run. */
export async function start(api: TestApi, id: string): Promise<RunSession> {
  await run('orchestrate.startPlan', vscode.Uri.file(join(root, `docs/plan/${id}/plan.yaml`)));
  return eventually(
    `a run of ${id}`,
    () => api.sessions().find(({ state }) => state.plan.id === id && !state.ended),
    () => api.asked(),
  );
}

export async function run(command: CommandId, argument?: unknown): Promise<void> {
  await vscode.commands.executeCommand(command, argument);
}

/** What a command gets when its row is clicked. */
export const on = ({ state }: RunSession, task?: string): { target: object } => ({
  target: { run: state.run, ...(task === undefined ? {} : { task }) },
});

/** Presses a button of a row as it stands in the tree. */
export const clicked = (command: CommandId, { target }: DrawnRow): Promise<void> => run(command, { target });

export const ended = ({ state }: RunSession): boolean => state.ended !== undefined;

/** Every row of the tree, whatever its depth. */
export const flat = (rows: readonly DrawnRow[]): DrawnRow[] => rows.flatMap((row) => [row, ...flat(row.children)]);

/** The tree as a person reads it, for messages of failed tests. */
export const outline = (rows: readonly DrawnRow[], depth = 0): string =>
  rows
    .map(
      (row) =>
        `${'  '.repeat(depth)}${row.label} — ${row.description ?? ''} [${row.mark.icon}] {${row.can.join(' ')}}\n${outline(row.children, depth + 1)}`,
    )
    .join('');
