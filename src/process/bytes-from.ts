import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What a file holds from this byte on, at once: for ends that are seldom long. Throws what the system refuses. */
export function bytesFrom(file: string, from: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(handle).size - from));
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, from));
  } finally {
    closeSync(handle);
  }
}
