import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { openRepository, type Repository } from '../git/repository.ts';
import { describe, type Failure, type Result } from '../model/failure.ts';

/** Where this window works, or why it cannot. */
export type SiteState =
  | { kind: 'noFolder' }
  | { kind: 'untrusted' }
  | { kind: 'looking' }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'choose'; repositories: readonly Repository[] }
  | { kind: 'open'; repository: Repository; repositories: readonly Repository[] };

/**
 * Finds the repository to work in, again whenever folders or trust change.
 *
 *     noFolder · untrusted → looking → open | choose | failed
 */
export class Site implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<SiteState>();
  readonly onDidChange = this.#changed.event;
  readonly #memory: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;
  readonly #listening: vscode.Disposable[];
  #watchers: vscode.Disposable[] = [];
  #state: SiteState = { kind: 'looking' };
  #looks = 0;

  constructor(memory: vscode.Memento, log: vscode.LogOutputChannel) {
    this.#memory = memory;
    this.#log = log;
    this.#listening = [
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.look()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.look()),
    ];
  }

  get state(): SiteState {
    return this.#state;
  }

  get repository(): Repository | undefined {
    return this.#state.kind === 'open' ? this.#state.repository : undefined;
  }

  /** Looks at the folders of the window again. */
  async look(): Promise<void> {
    const look = (this.#looks += 1);
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    if (folders.length === 0) return this.#become({ kind: 'noFolder' });
    if (!vscode.workspace.isTrusted) return this.#become({ kind: 'untrusted' });
    if (this.#state.kind !== 'open') this.#become({ kind: 'looking' });
    const opened = (await Promise.all(folders.map(({ uri }) => openIn(uri.fsPath)))).flat();
    if (look !== this.#looks) return; // a later look is on its way
    const repositories = opened.flatMap((result) => (result.ok ? [result.value] : []));
    const failures = opened.flatMap((result) => (result.ok ? [] : [result.failure]));
    this.#become(this.#choose(distinct(repositories), failures));
  }

  /** The person's choice among several repositories; it is remembered for this workspace. */
  async choose(repository: Repository): Promise<void> {
    await this.#memory.update(REMEMBERED, repository.root);
    const repositories = 'repositories' in this.#state ? this.#state.repositories : [repository];
    this.#become({ kind: 'open', repository, repositories });
  }

  dispose(): void {
    for (const one of [...this.#listening, ...this.#watchers, this.#changed]) one.dispose();
  }

  #choose(found: readonly Repository[], failures: readonly Failure[]): SiteState {
    // The objects that are in use stay in use: they hold the turns of work in progress.
    const known = 'repositories' in this.#state ? this.#state.repositories : [];
    const repositories = found.map((one) => known.find(({ root }) => root === one.root) ?? one);
    const remembered = this.#memory.get<string>(REMEMBERED);
    const repository =
      repositories.length === 1 ? repositories[0] : repositories.find(({ root }) => root === remembered);
    if (repository) return { kind: 'open', repository, repositories };
    if (repositories.length > 0) return { kind: 'choose', repositories };
    return failures[0] ? { kind: 'failed', failure: failures[0] } : { kind: 'noFolder' };
  }

  #become(state: SiteState): void {
    const before = this.#state;
    this.#state = state;
    for (const watcher of this.#watchers.splice(0)) watcher.dispose();
    if (state.kind === 'failed') {
      this.#log.info(describe(state.failure));
      this.#watchers = watchForRepository(() => void this.look());
    }
    if (
      before.kind === 'open' &&
      state.kind === 'open' &&
      before.repository === state.repository &&
      before.repositories.length === state.repositories.length
    )
      return;
    this.#changed.fire(state);
  }
}

const REMEMBERED = 'repository';

/** The repository a folder lies in; where it is in none, those that lie directly in it. */
async function openIn(folder: string): Promise<Result<Repository>[]> {
  const own = await openRepository(folder);
  if (own.ok || own.failure.kind !== 'notARepository') return [own];
  const inside = await foldersWithGit(folder);
  return inside.length === 0 ? [own] : Promise.all(inside.map(openRepository));
}

async function foldersWithGit(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // a person may not look into it
  const places = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const found = await Promise.all(
    places.map((place) =>
      access(join(place, '.git')).then(
        () => [place],
        () => [], // there is none
      ),
    ),
  );
  return found.flat();
}

const distinct = (repositories: readonly Repository[]): Repository[] => [
  ...new Map(repositories.map((one) => [one.root, one])).values(),
];

/** `git init` and the first commit, made in a terminal or by the editor. */
function watchForRepository(found: () => void): vscode.Disposable[] {
  return (vscode.workspace.workspaceFolders ?? []).map((folder) => {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, '{.git,*/.git}/{HEAD,logs/HEAD}'),
    );
    watcher.onDidCreate(found);
    watcher.onDidChange(found);
    return watcher;
  });
}
