import { accessSync, constants, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';

/** Where everything is made: in memory where there is such a place, so that no disk is measured. */
export class Scratch implements Disposable {
  readonly inMemory: boolean;
  readonly folder: string;

  constructor() {
    this.inMemory = isWritable(MEMORY);
    this.folder = realpathSync(mkdtempSync(join(this.inMemory ? MEMORY : tmpdir(), 'bench-')));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
