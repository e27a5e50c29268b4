import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  lstatSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** `null` removes the file; `{ link }` makes a symbolic link. */
export type Files = Readonly<Record<string, string | null | { link: string }>>;

/**
 * A real repository in a temporary folder, gone when disposed:
 *
 *     await using repo = TemporaryRepository.with({ 'a.txt': 'one\n' });
 */
export class TemporaryRepository implements AsyncDisposable {
  readonly #folder: string;
  readonly #after: (() => unknown)[] = [];

  /** The checkout. */
  readonly root: string;

  private constructor(name: string, init: readonly string[], within: string) {
    this.#folder = realpathSync(mkdtempSync(join(within, 'orchestrate-')));
    this.root = join(this.#folder, name);
    mkdirSync(this.root);
    gitIn(this.root, ['init', '--quiet', '-b', 'main', ...init]);
    gitIn(this.root, ['config', 'user.name', 'Ada']);
    gitIn(this.root, ['config', 'user.email', 'ada@example.org']);
  }

  /** Without a commit. `name` is that of the folder; `init` further arguments of `git init`; `within` its parent. */
  static empty({ name = 'repo', init = [], within = tmpdir() }: RepositoryOptions = {}): TemporaryRepository {
    return new TemporaryRepository(name, init, within);
  }

  /** With one commit of these files. */
  static with(files: Files, options?: RepositoryOptions): TemporaryRepository {
    const repository = TemporaryRepository.empty(options);
    repository.commit(files, 'base');
    return repository;
  }

  /** A folder beside the checkout that goes with it. */
  folder(name: string): string {
    const path = join(this.#folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  git(...args: string[]): string {
    return gitIn(this.root, args);
  }

  write(files: Files): this {
    writeFiles(this.root, files);
    return this;
  }

  /** Writes the files, commits everything and gives the commit. */
  commit(files: Files, message = 'change'): string {
    this.write(files);
    this.git('add', '-A');
    this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.head();
  }

  head(): string {
    return this.git('rev-parse', 'HEAD');
  }

  /** What a commit holds, file by file. */
  files(commit: string): Record<string, string> {
    const names = this.git('ls-tree', '-r', '-z', '--name-only', commit).split('\0').filter(Boolean);
    return Object.fromEntries(names.map((name) => [name, this.show(commit, name)]));
  }

  show(commit: string, path: string): string {
    return execGit(this.root, ['cat-file', '-p', `${commit}:${path}`]);
  }

  tree(commit: string): string {
    return this.git('rev-parse', `${commit}^{tree}`);
  }

  /** Runs when the repository is disposed, before its folder goes. */
  atEnd(work: () => unknown): this {
    this.#after.push(work);
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const work of this.#after.toReversed()) await work();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }
}

export interface RepositoryOptions {
  name?: string;
  init?: readonly string[];
  within?: string;
}

export function writeFiles(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    if (typeof content === 'string' ? isFolder(file) : isThere(file)) rmSync(file, { recursive: true });
    if (content === null) continue;
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'object') symlinkSync(content.link, file);
    else writeFileSync(file, content);
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false; // nothing there, or a file where its folder would be
  }
}

/** git as a person or an agent would run it in `cwd`, with no configuration of this machine. Trimmed. */
export const gitIn = (cwd: string, args: readonly string[]): string => execGit(cwd, args).trim();

export const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');
export const has = (root: string, path: string): boolean => existsSync(join(root, path));
export const makeExecutable = (root: string, path: string): void => chmodSync(join(root, path), 0o755);

function execGit(cwd: string, args: readonly string[]): string {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e9 });
}
