import { watch } from 'node:fs';
import { systemError } from './durable-now.ts';

/** Something that goes on until it is closed. */
export interface Watching {
  close(): void;
}

/**
 * Calls `look` whenever something in a folder changes. Keeps the process alive. Linux counts the watches of a user:
 * where none is left, the folder is looked at every two seconds. Throws where the folder cannot be read.
 */
export function watchFolder(folder: string, look: () => void): Watching {
  try {
    const watcher = watch(folder, look);
    watcher.on('error', () => undefined); // The folder is gone, and with it what could be seen.
    return watcher;
  } catch (error) {
    if (!NONE_LEFT.has(systemError(error).code)) throw error;
    const timer = setInterval(look, 2000);
    return { close: () => clearInterval(timer) };
  }
}

const NONE_LEFT: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOSPC']);
