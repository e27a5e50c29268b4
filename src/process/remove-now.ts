import { chmodSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Deletes a folder with all it holds, also folders that may not be written to, such as those of Go's modules. Throws
 * where something resists even then.
 */
export function removeNow(path: string): void {
  try {
    rmSync(path, EVERYTHING);
  } catch {
    makeOurs(path);
    rmSync(path, EVERYTHING);
  }
}

const EVERYTHING = { recursive: true, force: true, maxRetries: 2 };

/** Its owner may look into a folder, and into each below, and change them; files and links stay as they are. */
function makeOurs(folder: string): void {
  mayChange(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makeOurs(join(folder, entry.name));
}

/** The same of one folder alone; of a link nothing. */
export function mayChange(folder: string): void {
  const stats = lstatSync(folder);
  if (stats.isDirectory() && (stats.mode & OWNERS) !== OWNERS) chmodSync(folder, (stats.mode & 0o7777) | OWNERS);
}

const OWNERS = 0o700;
