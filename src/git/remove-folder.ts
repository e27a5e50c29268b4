import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as others } from 'node:timers/promises';
import { removeNow } from '../process/remove-now.ts';

/**
 * Deletes a folder with all it holds, a few files at a time and then somebody else's turn: handing each file to another
 * thread takes several times as long. What resists is left to what tries harder.
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await remove(path, { done: 0 });
  } catch {
    removeNow(path);
  }
}

async function remove(folder: string, progress: { done: number }): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await remove(path, progress);
    else unlinkSync(path);
    progress.done += 1;
    if (progress.done % AT_ONCE === 0) await others();
  }
  rmdirSync(folder);
}

/** Some milliseconds on a slow disk. */
const AT_ONCE = 50;
