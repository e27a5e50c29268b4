import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileEdit } from '../../formats/shown.ts';
import type { Repository } from '../../git/repository.ts';
import type { RunState } from '../../model/run/state.ts';
import { decodeUtf8 } from '../../model/text/utf8.ts';
import { readJson, writeByRename } from '../../process/durable.ts';
import { systemError } from '../../process/durable-now.ts';
import { marksFolder, planMark, runsFolder } from '../places.ts';
import { liesInside, sha256 } from '../text-file.ts';

/**
 * One file in the user's checkout that a run writes: only while its bytes are those that were last read or written.
 * What they were is kept in the run's folder, so that it outlives the engine.
 */
export class CheckoutFile {
  readonly #root: string;
  readonly #path: string;
  readonly #mark: string;
  readonly #firstHash: string | undefined;

  /** `firstHash` is of the text that was read when the run was made; without it the first that is read counts. */
  constructor({ root, file, mark, firstHash }: { root: string; file: string; mark: string; firstHash?: string }) {
    this.#root = root;
    this.#path = join(root, file);
    this.#mark = mark;
    this.#firstHash = firstHash;
  }

  /** Why it was left alone, in words that follow its name; undefined where it says what it should. */
  async write({ change, objection }: Omit<FileEdit, 'file'>): Promise<string | undefined> {
    const text = await this.#read();
    if (text === null) return 'cannot be read as UTF-8';
    const known = await this.#known();
    const taken = known === undefined && text !== undefined ? objection?.(text) : undefined;
    if (taken !== undefined) return `is ${taken}`;
    if (known && !known.includes(hash(text))) return 'was changed meanwhile';
    const next = change(text);
    if (next !== undefined && next !== text) return this.#replace(text, next);
    return known ? undefined : this.#keep([hash(text)]);
  }

  async #replace(text: string | undefined, next: string): Promise<string | undefined> {
    const folder = dirname(this.#path);
    if (!(await liesInside(folder, this.#root))) return 'lies outside the repository';
    await mkdir(folder, { recursive: true }).catch(() => {});
    const unkept = await this.#keep([hash(text), hash(next)]);
    if (unkept !== undefined) return unkept;
    const written = await writeByRename(this.#path, next);
    return written.ok ? undefined : 'cannot be written';
  }

  /** The hashes of what was last read or written; undefined before the first time. */
  async #known(): Promise<readonly unknown[] | undefined> {
    const kept = await readJson(this.#mark);
    if (!Array.isArray(kept)) return this.#firstHash === undefined ? undefined : [this.#firstHash];
    return this.#firstHash === undefined ? kept : [...kept, this.#firstHash];
  }

  async #keep(hashes: readonly unknown[]): Promise<string | undefined> {
    await mkdir(dirname(this.#mark), { recursive: true });
    const kept = await writeByRename(this.#mark, JSON.stringify(hashes));
    return kept.ok ? undefined : 'cannot be noted';
  }

  /** Undefined where there is none, null where it cannot be read, or is no UTF-8 and would lose bytes. */
  async #read(): Promise<string | undefined | null> {
    try {
      const { text, fault } = decodeUtf8(await readFile(this.#path));
      return fault ? null : text;
    } catch (error) {
      return systemError(error).code === 'ENOENT' ? undefined : null;
    }
  }
}

/** Tells whether a file, or each one in a folder, is just as one of the repository's runs last wrote it. */
export function asWritten(repository: Repository): (path: string) => Promise<boolean> {
  let written: Promise<ReadonlySet<unknown>> | undefined;
  return async (path) => areIn(await (written ??= marks(repository)), join(repository.root, path));
}

async function areIn(written: ReadonlySet<unknown>, place: string): Promise<boolean> {
  const files = await readdir(place, { withFileTypes: true, recursive: true }).then(
    (entries) => entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)),
    () => [place],
  );
  const isOne = (file: string): Promise<boolean> =>
    readFile(file, 'utf8').then(
      (text) => written.has(hash(text)),
      () => false,
    );
  return (await Promise.all(files.slice(0, MOST).map(isOne))).every(Boolean) && files.length <= MOST;
}

/** A folder of more files than these is none of ours. */
const MOST = 200;

/** The hashes of all that runs have written. */
async function marks(repository: Repository): Promise<ReadonlySet<unknown>> {
  const runs = await readdir(runsFolder(repository)).catch(() => []);
  const perRun = runs.map(async (run) => {
    const ref = { folder: join(runsFolder(repository), run) };
    const others = await readdir(marksFolder(ref)).catch(() => []);
    return [planMark(ref), ...others.map((name) => join(marksFolder(ref), name))];
  });
  const kept = await Promise.all((await Promise.all(perRun)).flat().map(readJson));
  return new Set(kept.flatMap((hashes): unknown[] => (Array.isArray(hashes) ? hashes : [])));
}

/** Whether the checkout is on the branch the run was started on: elsewhere its files are others. */
export async function isOnBranch({ gitDir }: Repository, { baseBranch }: RunState): Promise<boolean> {
  if (baseBranch === undefined) return true;
  const head = await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '');
  return head.trim() === `ref: refs/heads/${baseBranch}`;
}

const hash = (text: string | undefined): string | null => (text === undefined ? null : sha256(text));
