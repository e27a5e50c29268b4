import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as others } from 'node:timers/promises';
import type { Repository } from '../../git/repository.ts';
import { readJson, writeByRename } from '../../process/durable.ts';

/**
 * Bytes that a folder or file takes on the disk; nothing for what is not there or goes meanwhile. It lets others have
 * their turn: a removed worktree may have a hundred thousand files.
 */
export async function sizeOf(path: string, progress = { seen: 0 }): Promise<number> {
  const stats = quietly(() => lstatSync(path));
  if (!stats) return 0;
  progress.seen += 1;
  if (progress.seen % AT_ONCE === 0) await others();
  // Windows tells no blocks.
  const own = stats.blocks > 0 ? stats.blocks * BLOCK : stats.size;
  if (!stats.isDirectory()) return own;
  let all = own;
  for (const name of quietly(() => readdirSync(path)) ?? []) all += await sizeOf(join(path, name), progress);
  return all;
}

const AT_ONCE = 200;
const BLOCK = 512;

function quietly<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined; // it went, or nobody may look: then it is not ours to count
  }
}

/** Sizes of what does not change any more, from the last time they were measured. Only a copy. */
export class Sizes {
  readonly #file: string;
  readonly #before: ReadonlyMap<string, number>;
  readonly #now = new Map<string, number>();

  private constructor(file: string, before: ReadonlyMap<string, number>) {
    this.#file = file;
    this.#before = before;
  }

  static async of({ state }: Repository): Promise<Sizes> {
    const file = join(state, 'sizes.json');
    const read = await readJson(file);
    const entries = Object.entries(typeof read === 'object' && read !== null ? read : {});
    return new Sizes(file, new Map(entries.filter((entry): entry is [string, number] => Number.isFinite(entry[1]))));
  }

  /** `mark` names the thing as it is; undefined: it may still grow. */
  async measure(path: string, mark: string | undefined): Promise<number> {
    const known = mark === undefined ? undefined : this.#before.get(mark);
    const bytes = known ?? (await sizeOf(path));
    if (mark !== undefined) this.#now.set(mark, bytes);
    return bytes;
  }

  /** What was not asked for is dropped, so that the file does not grow with history. */
  async keep(): Promise<void> {
    const isSame =
      this.#now.size === this.#before.size && [...this.#now.keys()].every((mark) => this.#before.has(mark));
    if (!isSame) await writeByRename(this.#file, JSON.stringify(Object.fromEntries(this.#now)));
  }
}
