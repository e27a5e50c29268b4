import * as vscode from 'vscode';
import type { RunSession } from '../engine/session.ts';
import { fileAt, type Repository } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { describe, ok, type Result } from '../model/failure.ts';
import type { Attempt } from '../model/state.ts';
import type { Asking } from './asking.ts';
import type { Site } from './site.ts';
import { join } from 'node:path';

const SCHEME = 'orchestrate';

/** Shows what an attempt changed: its base against its result, or against its worktree while it has none. */
export async function openDiff(session: RunSession, attempt: Attempt, asking: Asking): Promise<void> {
  const { repository } = session.ref;
  const commit = attempt.result?.commit ?? undefined;
  const paths = commit === undefined ? await changedPaths(attempt) : ok(attempt.result?.paths ?? []);
  if (!paths.ok) return void (await asking.tell('error', describe(paths.failure)));
  if (paths.value.length === 0)
    return void (await asking.tell('info', vscode.l10n.t('This attempt has changed nothing.')));
  const title = session.state.tasks.get(attempt.task)?.task.title ?? attempt.task;
  const rows = paths.value.map((path) => [
    vscode.Uri.file(join(repository.root, path)),
    addressOf(path, attempt.base),
    commit === undefined ? vscode.Uri.file(join(attempt.path ?? '', path)) : addressOf(path, commit),
  ]);
  await vscode.commands.executeCommand('vscode.changes', `${title} #${attempt.number}`, rows);
}

async function changedPaths({ path, base }: Attempt): Promise<Result<readonly string[]>> {
  if (path === undefined) return ok([]);
  const changed = await git(['diff', '--name-only', '-z', base], { cwd: path });
  const added = await git(['ls-files', '--others', '--exclude-standard', '-z'], { cwd: path });
  if (!changed.ok) return changed;
  if (!added.ok) return added;
  return ok([...new Set(`${changed.value}${added.value}`.split('\0').filter(Boolean))]);
}

const addressOf = (path: string, commit: string): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, path: `/${path}`, query: commit });

/** Files as they are in a commit, read only. A file that the commit does not have is empty. */
export class CommitFiles implements vscode.TextDocumentContentProvider {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent({ path, query }: vscode.Uri): Promise<string> {
    const { repository } = this.#site;
    return repository ? textAt(repository, query, path.slice(1)) : '';
  }
}

async function textAt(repository: Repository, commit: string, path: string): Promise<string> {
  const text = await fileAt(repository, commit, path);
  return text.ok ? (text.value ?? '') : describe(text.failure);
}
