import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunSession } from '../engine/session.ts';
import { fileAt } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { describe, ok, type Result } from '../model/failure.ts';
import type { Attempt } from '../model/run/state.ts';
import type { Asking } from './asking/asking.ts';
import type { Site } from './site.ts';
import { wayBelow } from '../process/below.ts';

/** The scheme of addresses of files as they are in a commit. */
export const COMMITS = 'orchestrate';

/** Shows what an attempt changed: its base against its result, or against its worktree while it has none. */
export async function openDiff(session: RunSession, attempt: Attempt, asking: Asking): Promise<void> {
  const { root } = session.ref.repository;
  const changes = await changesOf(root, attempt);
  if (!changes.ok) return void (await asking.tell('error', describe(changes.failure)));
  if (changes.value.length === 0) {
    return void (await asking.tell('info', vscode.l10n.t('This attempt has changed nothing.')));
  }
  const title = session.state.tasks.get(attempt.task)?.task.title ?? attempt.task;
  const rows = changes.value.map(({ path, how }) => [
    vscode.Uri.file(join(root, path)),
    how === 'A' ? undefined : addressOf(path, attempt.base),
    how === 'D' ? undefined : changedSide(attempt, path),
  ]);
  await vscode.commands.executeCommand('vscode.changes', `${title} #${attempt.number}`, rows);
}

/** A file as the attempt left it: in its result, or in its worktree while it has none. */
export const changedSide = ({ result, path }: Attempt, file: string): vscode.Uri =>
  result?.commit ? addressOf(file, result.commit) : vscode.Uri.file(join(path ?? '', file));

/** The other way round: which file of the attempt's is shown there, if one is. */
export function changedFile({ result, path }: Attempt, uri: vscode.Uri): string | undefined {
  if (uri.scheme === COMMITS) return uri.query === result?.commit ? uri.path.slice(1) : undefined;
  return uri.scheme === 'file' && path !== undefined ? wayBelow(path, uri.fsPath) : undefined;
}

interface FileChange {
  path: string;
  /** Added, deleted, or another letter of git's for changed. */
  how: string;
}

async function changesOf(root: string, { result, base, path }: Attempt): Promise<Result<readonly FileChange[]>> {
  const names = ['diff', '--name-status', '--no-renames', '-z', base];
  if (result?.commit) return listed(await git([...names, result.commit], { cwd: root }));
  if (path === undefined) return ok([]);
  const changed = listed(await git(names, { cwd: path }));
  const added = await git(['ls-files', '--others', '--exclude-standard', '-z'], { cwd: path });
  if (!changed.ok || !added.ok) return changed;
  const untracked = added.value.split('\0').filter(Boolean);
  return ok([...changed.value, ...untracked.map((one) => ({ path: one, how: 'A' }))]);
}

/** `M`, path, `A`, path, … with zeros between them. */
function listed(told: Result<string>): Result<readonly FileChange[]> {
  if (!told.ok) return told;
  const words = told.value.split('\0');
  return ok(
    words.flatMap((how, index) => (index % 2 === 0 && how !== '' ? [{ how, path: words[index + 1] ?? '' }] : [])),
  );
}

/** A file as it is in a commit, read only. */
export const addressOf = (path: string, commit: string): vscode.Uri =>
  vscode.Uri.from({ scheme: COMMITS, path: `/${path}`, query: commit });

/** Files as they are in a commit, read only. A file that the commit does not have is empty. */
export class CommitFiles implements vscode.TextDocumentContentProvider {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(COMMITS, this);
  }

  async provideTextDocumentContent({ path, query }: vscode.Uri): Promise<string> {
    const { state } = this.#site;
    const found = await Promise.all(
      ('repositories' in state ? state.repositories : []).map((one) => fileAt(one, query, path.slice(1))),
    );
    const text = found.find((one) => one.ok) ?? found[0];
    if (text === undefined) return '';
    return text.ok ? (text.value ?? '') : describe(text.failure);
  }
}
